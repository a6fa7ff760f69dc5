#include "ledger/filing/reject.h"

#include <gtest/gtest.h>

#include <set>

namespace beian {
namespace {

TEST(FilingRejects, KeepTheirNumbersAndNames) {
  const char* const names[] = {"accepted",
                               "unknown_filing",
                               "wrong_state",
                               "not_authorised",
                               "not_the_owner",
                               "wrong_office",
                               "bad_division",
                               "bad_credit_code",
                               "bad_text",
                               "bad_commitment",
                               "bad_subject",
                               "missing_reason",
                               "unknown_code",
                               "already_published",
                               "bad_set_number",
                               "bad_date",
                               "too_many_codes",
                               "sequence_exhausted",
                               "key_barred",
                               "unknown_key",
                               "unknown_subject",
                               "subject_bound_to_other_key",
                               "bad_synthetic",
                               "bad_code",
                               "duplicate_filing",
                               "bad_key",
                               "key_bound_to_other_subject",
                               "no_free_code"};
  uint16_t number = 0;
  for (const std::string name : names) {
    const std::optional<FilingReject> reject = FilingRejectFromNumber(number);
    ASSERT_TRUE(reject.has_value()) << name;
    EXPECT_EQ(static_cast<uint16_t>(*reject), number);
    EXPECT_EQ(FilingRejectId(*reject), "filing." + name);
    ++number;
  }
  EXPECT_FALSE(FilingRejectFromNumber(number).has_value());
  EXPECT_FALSE(FilingRejectFromNumber(0xffff).has_value());
}

TEST(FilingRejects, EachNamesItsOwnRemedyInOneSentence) {
  std::set<std::string_view> remedies;
  for (uint16_t number = 0; const auto reject = FilingRejectFromNumber(number); ++number) {
    const std::string_view remedy = FilingRejectRemedy(*reject);
    EXPECT_TRUE(remedy.ends_with('.')) << remedy;
    EXPECT_EQ(remedy.find(". "), remedy.npos) << remedy;
    EXPECT_TRUE(remedies.insert(remedy).second) << remedy;
  }
}

}  // namespace
}  // namespace beian
