#include "ledger/base/check.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

TEST(CheckDeathTest, NamesTheConditionAndThePlace) {
  const int two = 2;
  EXPECT_DEATH(CHECK(two == 3), "CHECK failed: two == 3\n.*check_test.cc:[0-9]+ in ");
}

TEST(Check, EvaluatesItsConditionOnceAndGoesOn) {
  int count = 0;
  CHECK(++count == 1);
  EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace beian
