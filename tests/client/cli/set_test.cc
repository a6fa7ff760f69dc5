#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"
#include "tests/client/support/http_listener.h"
#include "tests/client/support/small_answers.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

/// A desk whose set 1 has three codes, published in descending order.
class PublishedSet : public testing::Test {
 protected:
  PublishedSet() {
    for (uint32_t i = 1; i <= 3; ++i) codes_.push_back(desk_.Approve(desk_.File(i)));
    std::ranges::sort(codes_, std::greater<>());
    std::vector<std::string> words = {"set", "publish", "--number", "1", "--key", "cac"};
    words.insert(words.end(), codes_.begin(), codes_.end());
    EXPECT_EQ(desk_.Run(words).exit, 0);
  }
  /// The node's list, changed by `change`, from now on.
  void ChangeList(std::function<void(nlohmann::json& filings)> change) {
    const std::string list = desk_.Run({"filing", "list", "--set", "1", "-o", "json"}).out;
    desk_.node().before = [change, list](const TestRequest& request) {
      if (!request.target.starts_with("/v1/filings?")) return TestReply{0, "", "", false};
      nlohmann::json json = nlohmann::json::parse(list);
      json["next"] = nullptr;
      change(json["filings"]);
      return TestReply{200, "application/json", json.dump(), false};
    };
  }
  Desk desk_;
  std::vector<std::string> codes_;
};

TEST_F(PublishedSet, IsShownInTheOrderOfItsPublication) {
  const Answer set = desk_.Json({"set", "show", "1"});
  ASSERT_EQ(set["filings"].size(), 3u) << set;
  for (size_t i = 0; i < codes_.size(); ++i) EXPECT_EQ(set["filings"][i]["code"], codes_[i]);
}

TEST_F(PublishedSet, AListWithAnotherCodeThanItsDigestCoversIsRefused) {
  ChangeList([](nlohmann::json& filings) { filings[1]["code"] = "11010519864491550014"; });
  const Ran ran = desk_.Run({"set", "show", "1"});
  EXPECT_EQ(ran.exit, 5) << ran.out;
  EXPECT_THAT(ran.error, HasSubstr("node.bad_reply"));
  EXPECT_THAT(ran.error, HasSubstr("other codes"));
  EXPECT_EQ(ran.out, "");
}

TEST_F(PublishedSet, AnotherNodesListIsTakenWhenTheFirstOneLies) {
  const std::string list = desk_.Run({"filing", "list", "--set", "1", "-o", "json"}).out;
  HttpListener liar([&list](const TestRequest& request) {
    if (!request.target.starts_with("/v1/filings?")) return TestReply{503, "text/plain", "", false};
    nlohmann::json json = nlohmann::json::parse(list);
    json["next"] = nullptr;
    json["filings"][1]["code"] = "11010519864491550014";
    return TestReply{200, "application/json", json.dump(), false};
  });
  const Ran ran = desk_.Run({"set", "show", "1", "--node", liar.url(), "--node",
                             desk_.node().url(), "-o", "json"});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_EQ(ran.json()["filings"][1]["code"], codes_[1]);
}

TEST_F(PublishedSet, AHeightBeyondAllNumbersIsTheNodesFault) {
  ChangeList([](nlohmann::json& filings) {
    for (auto& filing : filings) filing["changed_height"] = uint64_t{1} << 63;
  });
  EXPECT_THAT(desk_.Run({"set", "show", "1"}).error, HasSubstr("node.bad_reply"));
}

TEST_F(PublishedSet, AListThatNamesOneCodeTwiceIsRefused) {
  ChangeList([](nlohmann::json& filings) { filings[1]["code"] = filings[0]["code"]; });
  EXPECT_THAT(desk_.Run({"set", "show", "1"}).error, HasSubstr("node.bad_reply"));
}

TEST_F(PublishedSet, AListOfAnotherNumberOfFilingsThanTheRecordHasIsRefused) {
  ChangeList([](nlohmann::json& filings) { filings.erase(2); });
  const Ran ran = desk_.Run({"set", "show", "1"});
  EXPECT_EQ(ran.exit, 5) << ran.out;
  EXPECT_THAT(ran.error, HasSubstr("lists 2 filings of a set that has 3"));
}

TEST_F(PublishedSet, AListThatNamesABlockWithoutTheSetIsRefused) {
  for (const uint64_t height : {1u, 9999u}) {
    ChangeList([height](nlohmann::json& filings) {
      for (auto& filing : filings) filing["changed_height"] = height;
    });
    EXPECT_THAT(desk_.Run({"set", "show", "1"}).error, HasSubstr("node.bad_reply")) << height;
  }
}

TEST(SetCommand, PublishesWhatIsFiled) {
  Desk desk;
  const std::string code = desk.Approve(desk.File());
  const Ran ran = desk.Run(
      {"set", "publish", "--number", "1", "--date", "2019-03-30", "--all", "--key", "cac"});
  EXPECT_EQ(ran.exit, 0) << ran.out << ran.error;
  const auto sets = desk.Json({"set", "list"});
  EXPECT_EQ(sets["sets"][0]["published_on"], "2019-03-30");
  const auto set = desk.Json({"set", "show", "1"});
  EXPECT_EQ(set["set"]["filings"], 1);
  EXPECT_EQ(set["filings"][0]["code"], code);
  EXPECT_EQ(set["provinces"]["11"], 1);
  EXPECT_EQ(desk.Run({"set", "show", "2"}).exit, 3);
  for (const char* number : {"abc", "1x", "-1", "0", "4294967297"}) {
    EXPECT_EQ(desk.Run({"set", "show", number}).exit, 2) << number;
  }
}

TEST(SetCommand, TakesCodesFromWordsAndFiles) {
  Desk desk;
  const std::string code = desk.Approve(desk.File());
  const std::string file = desk.folder().Write("codes", "京网信备" + code + "号\n");
  EXPECT_EQ(desk.Run({"set", "publish", "--number", "1", "--file", file, "--key", "cac"}).exit, 0);
}

TEST(SetCommand, RefusesNonsenseBeforeSigning) {
  Desk desk;
  const auto publish = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"set", "publish", "--key", "cac"};
    words.insert(words.end(), more.begin(), more.end());
    return desk.Run(words).exit;
  };
  EXPECT_EQ(publish({"--number", "1"}), 2);
  EXPECT_EQ(publish({"--number", "0", "--all"}), 2);
  EXPECT_EQ(publish({"--number", "1", "--date", "30.3.2019", "--all"}), 2);
  EXPECT_EQ(publish({"--number", "1", "11010519418374810018"}), 2);
}

TEST(SetCommand, NumbersASetAfterTheLastAndCountsItsCodes) {
  Desk desk;
  for (uint32_t i = 1; i <= 2; ++i) {
    desk.Approve(desk.File(i));
    const Ran ran = desk.Run({"set", "publish", "--all", "--key", "cac"});
    EXPECT_EQ(ran.exit, 0) << ran.out << ran.error;
    EXPECT_THAT(ran.out, HasSubstr("set " + std::to_string(i) + "\n"));
    EXPECT_THAT(ran.out, HasSubstr("Codes  1\n"));
  }
  EXPECT_EQ(desk.Json({"set", "list"})["sets"].size(), 2u);
}

TEST(SetCommand, SaysThatNothingIsLeftToPublish) {
  Desk desk;
  testing::internal::CaptureStderr();
  const Ran ran = RunProgram({"set", "publish", "--all", "--key", "cac", "--config",
                              desk.path("beian.toml"), "--lang", "en"});
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(ran.out, HasSubstr("nothing to do"));
  EXPECT_THAT(said, HasSubstr("Every filed filing stands in a set already."));
}

TEST_F(PublishedSet, IsNotTheLastForAListThatLeavesItOut) {
  nlohmann::json list = nlohmann::json::parse(desk_.Run({"set", "list", "-o", "json"}).out);
  list["sets"] = nlohmann::json::array();
  list["next"] = nullptr;
  desk_.node().before = [list](const TestRequest& request) {
    if (!request.target.starts_with("/v1/sets?")) return TestReply{0, "", "", false};
    return TestReply{200, "application/json", list.dump(), false};
  };
  const Ran ran = desk_.Run({"set", "publish", codes_[0], "--key", "cac"});
  EXPECT_EQ(ran.exit, 5) << ran.out;
  EXPECT_THAT(ran.error, HasSubstr("node.bad_reply"));
}

TEST(SetCommand, TakesNoCodesBesideAll) {
  Desk desk;
  const std::string code = desk.Approve(desk.File());
  const std::string file = desk.folder().Write("codes", code + "\n");
  const std::vector<std::string> words = {"set",   "publish", "--number", "1",
                                          "--all", "--key",   "cac"};
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{code}, {"--file", file}}) {
    auto all = words;
    all.insert(all.end(), more.begin(), more.end());
    const Ran ran = desk.Run(all);
    EXPECT_EQ(ran.exit, 2) << more[0];
    EXPECT_THAT(ran.error, testing::HasSubstr("usage.bad_arguments"));
  }
  EXPECT_EQ(desk.Run(words).exit, 0);
}

}  // namespace
}  // namespace beian::client
