#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/client/support/desk.h"

namespace beian::client {
namespace {

TEST(ConfigCommand, ShowsWhereEachSettingComesFrom) {
  Desk desk;
  const auto json = desk.Json({"config", "show", "--key", "own"});
  std::map<std::string, std::string> origins;
  for (size_t i = 0; i < json["settings"].size(); ++i) {
    origins[json["settings"][i]["setting"]] = json["settings"][i]["origin"];
  }
  EXPECT_EQ(origins["key"], "--key");
  EXPECT_EQ(origins["nodes"], desk.path("beian.toml"));
  EXPECT_EQ(origins["lang"], "--lang");
}

TEST(ConfigCommand, ShowsABadSettingWithWhereItComesFrom) {
  Desk desk;
  desk.folder().Write("beian.toml", "nodes = [\"ftp://x\"]\n");
  const Ran ran = desk.Run({"config", "show"});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(ran.out, testing::HasSubstr("ftp://x"));
  EXPECT_THAT(ran.out, testing::HasSubstr(desk.path("beian.toml")));
}

TEST(ConfigCommand, NamesNoCommandThatFindsTheSameFault) {
  Desk desk;
  desk.folder().Write("beian.toml", "nodes = []\nnods = []\n");
  for (const char* verb : {"check", "show"}) {
    const Ran ran = desk.Run({"config", verb});
    EXPECT_THAT(ran.error, testing::HasSubstr("Line 2: "));
    EXPECT_THAT(ran.error, testing::HasSubstr("next: cat -n " + desk.path("beian.toml") + "\n"));
  }
}

TEST(ConfigCommand, ChecksEverythingItNames) {
  Desk desk;
  EXPECT_EQ(desk.Json({"config", "check", "--key", "own"})["valid"], true);
  EXPECT_EQ(desk.Run({"config", "check", "--key", "none"}).exit, 3);
  EXPECT_EQ(desk.Run({"config", "check", "--genesis", desk.path("own.pem")}).exit, 11);
  desk.folder().Write("beian.toml", "nods = []\n");
  const Ran ran = desk.Run({"config", "check"});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.error, testing::HasSubstr("Did you mean `nodes`?"));
}

}  // namespace
}  // namespace beian::client
