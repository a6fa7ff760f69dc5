#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/sdk/files.h"
#include "tests/client/support/desk.h"

namespace beian::client {
namespace {

TEST(KeyCommand, MakesAndShowsKeysButNeverTheirPrivatePart) {
  Desk desk;
  const auto made = desk.Json({"key", "new", desk.path("new.pem")});
  const auto shown = desk.Json({"key", "show", desk.path("new.pem")});
  EXPECT_EQ(made["key_id"], shown["key_id"]);
  EXPECT_EQ(shown["role"], "provider");
  EXPECT_EQ(desk.Json({"key", "show", "--key", "office-11"})["role"], "province 11");
  EXPECT_EQ(desk.Json({"key", "show", "--key", "cac"})["role"], "cac");
  EXPECT_EQ(desk.Run({"key", "new", desk.path("new.pem")}).exit, 1) << "never replaced";
  EXPECT_EQ(desk.Run({"key", "new", desk.path("x"), "--scheme", "rsa"}).exit, 2);
  const Ran ran = desk.Run({"key", "show", desk.path("new.pem")});
  EXPECT_THAT(ran.out, Not(testing::HasSubstr("PRIVATE")));
}

TEST(KeyCommand, RefusesAKeyThatOthersMayRead) {
  Desk desk;
  const std::string pem = *ReadFile(desk.path("own.pem"), 4096);
  desk.folder().Write("open.pem", pem, 0644);
  const Ran ran = desk.Run({"key", "show", desk.path("open.pem")});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.error, testing::HasSubstr("chmod 600"));
}

}  // namespace
}  // namespace beian::client
