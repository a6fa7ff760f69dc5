#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"

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

TEST(GetFilingTest, SaysThatTheContentIsNotShownWhenItsProofIsBad) {
  Desk desk;
  const std::string filing = desk.File();
  desk.node().before = [](const TestRequest& request) {
    const bool content = request.target.starts_with("/v1/transactions/");
    return content ? TestReply{200, "application/x-protobuf", "rubbish", false}
                   : TestReply{0, "", "", false};
  };
  const Ran ran = desk.Run({"filing", "get", filing});
  EXPECT_EQ(ran.exit, 0) << "the record is proven";
  EXPECT_THAT(ran.out, HasSubstr("node."));
  const Ran json = desk.Run({"filing", "get", filing, "-o", "json"});
  EXPECT_THAT(json.out, HasSubstr("\"content\": null"));
  EXPECT_THAT(json.out, HasSubstr("\"content_error\": \"node."));
}

}  // namespace
}  // namespace beian::client
