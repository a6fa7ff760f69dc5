#include "client/cli/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"

namespace beian::client {
namespace {

TEST(RunTest, AnOddAnswerOfANodeIsAnErrorAndNoCrash) {
  Desk desk;
  for (const char* body : {"[]", "{}", R"({"filings":7})", R"({"filings":[1,"x",{"id":5}]})",
                           R"({"sets":{"a":1},"next":[]})", "\xFF\xFE"}) {
    desk.node().before = [&](const TestRequest&) {
      return TestReply{200, "application/json", body, false};
    };
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"filing", "list"},
                                               {"set", "list"},
                                               {"chain", "status"},
                                               {"doctor"},
                                               {"code", "lookup", "x"},
                                               {"review", "take", "--all", "--key", "cac"},
                                               {"audit", "run"}}) {
      const Ran ran = desk.Run(words);
      EXPECT_GE(ran.exit, 0);
      EXPECT_LE(ran.exit, 11) << words[0];
    }
  }
}

TEST(RunTest, ABadConnectionFileDoesNotKeepHelpAway) {
  Desk desk;
  desk.folder().Write("beian.toml", "broken");
  EXPECT_EQ(desk.Run({"explain", "filing.wrong_state"}).exit, 0);
  EXPECT_EQ(desk.Run({"version"}).exit, 0);
  EXPECT_EQ(desk.Run({"chain", "status"}).exit, 2);
}

}  // namespace
}  // namespace beian::client
