#include "client/sdk/promise.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/client/support/small_answers.h"

namespace beian::client {
namespace {

TEST(Promise, AnAnswerThatIsWholeKeepsIt) {
  EXPECT_EQ(BrokenStatus(StatusAnswer()), std::nullopt);
  EXPECT_EQ(BrokenFilings(FilingsAnswer(2)), std::nullopt);
  EXPECT_EQ(BrokenSets(SetsAnswer()), std::nullopt);
}

TEST(Promise, IsBrokenByEachMemberThatIsMissingOrOfAnotherForm) {
  const std::pair<Promise, nlohmann::json> all[] = {{BrokenStatus, StatusAnswer()},
                                                    {BrokenFilings, FilingsAnswer(1)},
                                                    {BrokenSets, SetsAnswer()}};
  for (const auto& [promise, whole] : all) {
    for (const auto& [name, value] : whole.items()) {
      nlohmann::json lacking = whole;
      lacking.erase(name);
      EXPECT_EQ(promise(lacking), name);
      nlohmann::json other = whole;
      other[name] = 1.5;
      EXPECT_EQ(promise(other), name);
    }
  }
}

TEST(Promise, IsBrokenByAnElementOfAList) {
  const nlohmann::json whole = FilingsAnswer(2);
  for (const auto& [name, value] : whole["filings"][1].items()) {
    nlohmann::json lacking = whole;
    lacking["filings"][1].erase(name);
    EXPECT_EQ(BrokenFilings(lacking), "filings[1]." + name);
  }
  nlohmann::json status = StatusAnswer();
  status["peers"][0].erase("connected");
  EXPECT_EQ(BrokenStatus(status), "peers[0].connected");
  status = StatusAnswer();
  status["findings"] = {7};
  EXPECT_EQ(BrokenStatus(status), "findings[0]");
  nlohmann::json sets = SetsAnswer();
  sets["sets"].push_back("odd");
  EXPECT_EQ(BrokenSets(sets), "sets[1]");
}

TEST(Promise, NeedsTheCodeAndSetThatAStatusBrings) {
  nlohmann::json filings = FilingsAnswer(1);
  filings["filings"][0]["status"] = "filed";
  EXPECT_EQ(BrokenFilings(filings), "filings[0].code");
  filings["filings"][0]["code"] = "11010519864491550014";
  EXPECT_EQ(BrokenFilings(filings), std::nullopt);
  filings["filings"][0]["status"] = "listed";
  EXPECT_EQ(BrokenFilings(filings), "filings[0].set");
  filings["filings"][0]["status"] = "lost";
  EXPECT_EQ(BrokenFilings(filings), "filings[0].status");
}

TEST(Promise, IsBrokenByWhatIsNoObject) {
  for (const nlohmann::json& odd : {nlohmann::json::array(), nlohmann::json(3),
                                    nlohmann::json::object(), nlohmann::json(nullptr)}) {
    EXPECT_EQ(BrokenStatus(odd), "schema");
    EXPECT_EQ(BrokenFilings(odd), "schema");
    EXPECT_EQ(BrokenSets(odd), "schema");
  }
}

}  // namespace
}  // namespace beian::client
