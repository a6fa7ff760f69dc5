#include "client/cli/steps.h"

#include <gtest/gtest.h>

namespace beian::client {
namespace {

FilingRecord RecordIn(FilingStatus status, Stage stage = Stage::kProvince) {
  FilingRecord record;
  record.status = status;
  record.stage = stage;
  record.division = "110105";
  return record;
}

TEST(Steps, OfAnOfficeAreThoseOfTheFilingsHolder) {
  using Verbs = std::vector<std::string>;
  EXPECT_EQ(OfficeSteps(RecordIn(FilingStatus::kNotReviewed), std::nullopt), Verbs{"take"});
  EXPECT_EQ(OfficeSteps(RecordIn(FilingStatus::kInReview), std::nullopt),
            (Verbs{"request-supplement", "refuse", "forward"}));
  EXPECT_EQ(OfficeSteps(RecordIn(FilingStatus::kInReview, Stage::kCac), std::nullopt),
            (Verbs{"request-supplement", "refuse", "approve"}));
  EXPECT_TRUE(OfficeSteps(RecordIn(FilingStatus::kNotReviewed), Actor()).empty()) << "a provider's";
}

TEST(Steps, OfAProviderStandWhereTheFilingIsInItsHands) {
  const auto command = [](FilingStatus status) { return CommandsFrom(RecordIn(status)).front(); };
  EXPECT_TRUE(command(FilingStatus::kAwaitingSupplement).starts_with("beian filing supplement "));
  EXPECT_TRUE(command(FilingStatus::kNotPassed).starts_with("beian filing resubmit "));
  EXPECT_TRUE(CommandsFrom(RecordIn(FilingStatus::kListed)).empty());
}

}  // namespace
}  // namespace beian::client
