#include "ledger/verify/verify_error.h"

#include <gtest/gtest.h>

#include <set>

namespace beian {
namespace {

TEST(VerifyErrorTexts, EveryErrorHasAnIdOfItsOwnAndARemedy) {
  std::set<std::string_view> ids;
  for (int number = 0; number <= static_cast<int>(VerifyError::kBadRecord); ++number) {
    const auto error = static_cast<VerifyError>(number);
    EXPECT_TRUE(VerifyErrorId(error).starts_with("verify."));
    EXPECT_TRUE(ids.insert(VerifyErrorId(error)).second) << VerifyErrorId(error);
    EXPECT_TRUE(VerifyErrorRemedy(error).ends_with("."));
  }
}

}  // namespace
}  // namespace beian
