#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/support/desk.h"

namespace beian::client {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(GetFilingTest, ShowsPeopleWordsAndOneLineForPersonalData) {
  Desk desk;
  const std::string filing = desk.File();
  const Ran ran = desk.Run({"filing", "get", filing});
  EXPECT_THAT(ran.out, HasSubstr("organisation"));
  EXPECT_THAT(ran.out, HasSubstr("committed (5 fields), not on the chain"));
  EXPECT_THAT(ran.out, Not(HasSubstr("SUBJECT_NATURE")));
  EXPECT_THAT(ran.out, Not(HasSubstr("mobile_phone")));
  const Answer json = desk.Json({"filing", "get", filing});
  EXPECT_EQ(json["content"]["subject"]["nature"], "SUBJECT_NATURE_ORGANISATION")
      << "as the node's answers have it";
}

}  // namespace
}  // namespace beian::client
