#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/sdk/files.h"
#include "tests/client/support/desk.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

TEST(KeyCommand, MakesAndShowsKeysButNeverTheirPrivatePart) {
  Desk desk;
  const auto made = desk.Json({"key", "new", desk.path("new.pem")});
  const auto shown = desk.Json({"key", "show", desk.path("new.pem")});
  EXPECT_EQ(made["key_id"], shown["key_id"]);
  EXPECT_EQ(shown["role"], "provider");
  EXPECT_EQ(desk.Json({"key", "show", "--key", "office-11"})["role"], "provincial_office");
  EXPECT_EQ(desk.Json({"key", "show", "--key", "office-11"})["province"], "11");
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

TEST(KeyCommand, AnOfficeBindsASubjectToANewKeyAndBarsTheOldOne) {
  Desk desk;
  const std::string filing = desk.File();
  desk.Approve(filing);
  const auto record = desk.Json({"filing", "get", filing})["filing"];
  const std::string subject = record["subject"], old_key = record["owner"];
  const std::string new_key = desk.Json({"key", "new", desk.path("n.pem")})["public_key"];
  const Ran rebound = desk.Run(
      {"key", "rebind", subject, "--to", new_key, "--reason", "lost", "--key", "office-11"});
  EXPECT_EQ(rebound.exit, 0) << rebound.out << rebound.error;
  const std::vector<std::string> bar = {"key",      "bar",  old_key, "--filing", filing,
                                        "--reason", "lost", "--key", "office-11"};
  const Ran barred = desk.Run(bar);
  EXPECT_EQ(barred.exit, 0) << barred.out << barred.error;
  EXPECT_THAT(desk.Run(bar).out, testing::HasSubstr("filing.key_barred"));
  const Ran foreign =
      desk.Run({"key", "rebind", subject, "--to", new_key, "--reason", "x", "--key", "office-31"});
  EXPECT_EQ(foreign.exit, 4) << foreign.out;
}

TEST(KeyCommand, AMistypedNameOfAnOfficeIsNamedWithTheNearest) {
  Desk desk;
  const Ran ran = desk.Run({"review", "list", "--key", "ofice-11"});
  EXPECT_THAT(ran.error, HasSubstr("key.no_such_name"));
  EXPECT_THAT(ran.error, HasSubstr("Did you mean `office-11`?"));
}

TEST(KeyCommand, WantsAnIdAKeyAndAReason) {
  Desk desk;
  const std::string id(64, 'a');
  const std::string key = desk.Json({"key", "show", "--key", "own"})["public_key"];
  EXPECT_EQ(desk.Run({"key", "bar", "x", "--reason", "r", "--key", "cac"}).exit, 2);
  EXPECT_EQ(desk.Run({"key", "rebind", "x", "--to", key, "--reason", "r", "--key", "cac"}).exit, 2);
  EXPECT_EQ(desk.Run({"key", "rebind", id, "--to", "00", "--reason", "r", "--key", "cac"}).exit, 2);
  EXPECT_THAT(desk.Run({"key", "bar", id, "--key", "cac"}).error,
              testing::HasSubstr("filing.missing_reason"));
  EXPECT_THAT(desk.Run({"explain", "filing.subject_bound_to_other_key"}).out,
              testing::HasSubstr("beian key rebind"));
}

}  // namespace
}  // namespace beian::client
