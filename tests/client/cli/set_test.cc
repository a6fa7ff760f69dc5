#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/support/desk.h"

namespace beian::client {
namespace {

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
  EXPECT_EQ(publish({"--all"}), 2);
  EXPECT_EQ(publish({"--number", "1"}), 2);
  EXPECT_EQ(publish({"--number", "1", "--date", "30.3.2019", "--all"}), 2);
  EXPECT_EQ(publish({"--number", "1", "11010519418374810018"}), 2);
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
