#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "ledger/base/types.h"

namespace beian {

enum class CodeError {
  kBadForm,            ///< neither 20 characters nor 京网信备…号 around them
  kBadDivision,        ///< the first two digits name no province
  kWrongAbbreviation,  ///< the character before 网信备 is another province's
  kBadCharacter,       ///< a digit was expected
  kBadCheckCharacter,  ///< ISO 7064 MOD 11-2 over the 19 characters before it
  kBadSequence,        ///< 000
};
std::string_view CodeErrorId(CodeError error);  ///< "code.bad_check_character"

/// A well-formed registration code. That it is well formed does not show that it was issued.
/// Layout: division 6, year 2, eight digits, sequence of the subject's services 3 (from 001), check
/// character 0-9 or X. Source: DOMAIN.md; the check rule was recovered from 16 of 16 public codes.
class RegistrationCode {
 public:
  static constexpr size_t kLength = 20;

  /// What people write: the 20 characters alone or in the full form, with or without 号; lower-case
  /// x, full-width digits, spaces.
  static std::expected<RegistrationCode, CodeError> Parse(std::string_view text);
  /// Only the 20 characters in canonical form (upper-case X): for signed and stored data.
  static std::expected<RegistrationCode, CodeError> ParseCanonical(std::string_view text);
  /// CHECKs that division is 6 digits of a known province and sequence is 1 to 999.
  static RegistrationCode Make(std::string_view division, int year, uint32_t eight_digits,
                               uint32_t sequence);

  std::string_view characters() const { return {characters_.data(), characters_.size()}; }
  std::string_view division() const { return characters().substr(0, 6); }
  uint32_t sequence() const;
  std::string Display() const;  ///< 京网信备11010519864491550014号
  auto operator<=>(const RegistrationCode&) const = default;

 private:
  RegistrationCode() = default;
  std::array<char, kLength> characters_{};
};

/// The character that makes `nineteen` pass; its argument must be 19 digits.
char CheckCharacter(std::string_view nineteen);

/// GB 32100: 18 characters of 0-9 and A-Z without I, O, Z, S, V, the last one a check character.
bool IsCreditCode(std::string_view text);
/// The 18-character code for a 17-character stem; CHECKs the stem's alphabet.
std::string MakeCreditCode(std::string_view seventeen);

}  // namespace beian
