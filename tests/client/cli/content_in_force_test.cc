#include "client/cli/content_in_force.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/support/desk.h"

namespace beian::client {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A provider whose filing waits for a supplement; its personal data was kept in "d".
class SupplementTest : public testing::Test {
 protected:
  SupplementTest() {
    desk_.Run({"review", "take", filing_, "--key", "office-11"});
    desk_.Run({"review", "request-supplement", filing_, "--reason", "地址", "--key", "office-11"});
  }
  Ran Supplement(const std::map<std::string, std::string>& fields, const std::string& folder,
                 std::vector<std::string> more = {}) {
    const std::string file = desk_.folder().Write("supplement.json", FieldsJson(fields));
    more.insert(more.begin(), {"filing", "supplement", filing_, file, "--key", "own",
                               "--disclosures", desk_.path(folder)});
    return desk_.Run(more);
  }
  std::string Status() { return desk_.Json({"filing", "get", filing_})["filing"]["status"]; }

  Desk desk_;
  const std::string filing_ = desk_.File();
};

TEST_F(SupplementTest, IsRefusedWhenItSaysWhatTheLedgerHoldsUnlessItIsToBeSentAgain) {
  const Ran ran = Supplement(OrganisationFields(), "d");
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.error, HasSubstr("[filing.unchanged]"));
  EXPECT_THAT(ran.error, Not(HasSubstr("personal data cannot be compared")));
  EXPECT_EQ(Status(), "awaiting_supplement");
  EXPECT_EQ(Supplement(OrganisationFields(), "d", {"--again"}).exit, 0);
  EXPECT_EQ(Status(), "in_review");
}

TEST_F(SupplementTest, SaysThatPersonalDataCannotBeComparedWithoutItsFile) {
  const Ran ran = Supplement(OrganisationFields(), "elsewhere");
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.error, HasSubstr("[filing.unchanged]"));
  EXPECT_THAT(ran.error, HasSubstr("cannot be compared without " + desk_.path("elsewhere/")));
}

TEST_F(SupplementTest, IsSentWhenAPublicFieldHasChanged) {
  auto fields = OrganisationFields();
  fields["service.site"] = "https://edited.example";
  EXPECT_EQ(Supplement(fields, "elsewhere").exit, 0);
  EXPECT_EQ(Status(), "in_review");
}

TEST_F(SupplementTest, IsSentWhenOnlyPersonalDataHasChanged) {
  auto fields = OrganisationFields();
  fields["responsible.mobile_phone"] = "13900000000";
  EXPECT_EQ(Supplement(fields, "d").exit, 0);
  EXPECT_EQ(Status(), "in_review");
}

}  // namespace
}  // namespace beian::client
