#include "ledger/filing/registration_code.h"

#include <algorithm>
#include <optional>

#include "ledger/base/check.h"
#include "ledger/filing/province.h"

namespace beian {
namespace {

constexpr std::string_view kMark = "网信备";
constexpr std::string_view kEnd = "号";
constexpr size_t kStemLength = 19;
constexpr size_t kSequenceOffset = 16;
constexpr uint32_t kEightDigitsEnd = 100'000'000;
constexpr uint32_t kSequenceMax = 999;
constexpr int kYearsPerCentury = 100;

constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr size_t kCreditLength = 18;
constexpr size_t kCreditModulus = 31;
static_assert(kCreditAlphabet.size() == kCreditModulus);

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

/// How a character that people write stands in a code: full-width digits and X as ASCII, spaces not
/// at all.
struct Spelling {
  std::string_view written;
  std::string_view read;
};
constexpr Spelling kSpellings[] = {
    {" ", ""},     {"\t", ""},    {"\r", ""},    {"\n", ""},    {"\u3000", ""},
    {"\uff10", "0"}, {"\uff11", "1"}, {"\uff12", "2"}, {"\uff13", "3"}, {"\uff14", "4"},
    {"\uff15", "5"}, {"\uff16", "6"}, {"\uff17", "7"}, {"\uff18", "8"}, {"\uff19", "9"},
    {"\uff38", "X"}, {"\uff58", "x"}};

/// `text` in one way of writing. Longer than any code: empty, which is none either.
std::string Spell(std::string_view text) {
  constexpr size_t kTextBytesMax = 200;
  std::string spelt;
  if (text.size() > kTextBytesMax) {
    return spelt;
  }
  while (!text.empty()) {
    const auto* const found = std::ranges::find_if(
        kSpellings, [&](const Spelling& spelling) { return text.starts_with(spelling.written); });
    const bool known = found != std::end(kSpellings);
    spelt += known ? found->read : text.substr(0, 1);
    text.remove_prefix(known ? found->written.size() : 1);
  }
  return spelt;
}

/// The 20 characters and, in the full form, what stands before 网信备.
struct Parts {
  std::optional<std::string_view> abbreviation;
  std::string_view characters;
};

std::optional<Parts> SplitForm(std::string_view text) {
  Parts parts{.abbreviation = std::nullopt, .characters = text};
  if (const size_t mark = text.find(kMark); mark != std::string_view::npos) {
    parts.abbreviation = text.substr(0, mark);
    parts.characters = text.substr(mark + kMark.size());
  }
  if (parts.characters.ends_with(kEnd)) {
    parts.characters.remove_suffix(kEnd.size());
  }
  if (parts.characters.size() != RegistrationCode::kLength) {
    return std::nullopt;
  }
  return parts;
}

/// What is wrong with 20 characters, the last of which is upper case if it is a letter.
std::optional<CodeError> FindFault(std::string_view characters) {
  const std::string_view stem = characters.substr(0, kStemLength);
  const char last = characters.back();
  if (!std::ranges::all_of(stem, IsDigit) || !(IsDigit(last) || last == 'X')) {
    return CodeError::kBadCharacter;
  }
  if (FindProvince(stem) == nullptr) {
    return CodeError::kBadDivision;
  }
  if (CheckCharacter(stem) != last) {
    return CodeError::kBadCheckCharacter;
  }
  if (stem.substr(kSequenceOffset) == "000") {
    return CodeError::kBadSequence;
  }
  return std::nullopt;
}

void AppendDigits(std::string& text, uint32_t number, size_t digits) {
  const std::string shown = std::to_string(number);
  CHECK(shown.size() <= digits);
  text.append(digits - shown.size(), '0').append(shown);
}

/// The check character over 17, or nothing when one is outside the alphabet.
std::optional<char> CreditCheckCharacter(std::string_view stem) {
  size_t sum = 0;
  size_t weight = 1;
  for (const char c : stem) {
    const size_t value = kCreditAlphabet.find(c);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    sum += value * weight;
    weight = weight * 3 % kCreditModulus;
  }
  return kCreditAlphabet[(kCreditModulus - sum % kCreditModulus) % kCreditModulus];
}

}  // namespace

std::string_view CodeErrorId(CodeError error) {
  switch (error) {
    case CodeError::kBadForm:
      return "code.bad_form";
    case CodeError::kBadDivision:
      return "code.bad_division";
    case CodeError::kWrongAbbreviation:
      return "code.wrong_abbreviation";
    case CodeError::kBadCharacter:
      return "code.bad_character";
    case CodeError::kBadCheckCharacter:
      return "code.bad_check_character";
    case CodeError::kBadSequence:
      return "code.bad_sequence";
  }
  CHECK(false);
}

std::expected<RegistrationCode, CodeError> RegistrationCode::Parse(std::string_view text) {
  const std::string spelt = Spell(text);
  const std::optional<Parts> parts = SplitForm(spelt);
  if (!parts) {
    return std::unexpected(CodeError::kBadForm);
  }
  std::string characters(parts->characters);
  if (characters.back() == 'x') {
    characters.back() = 'X';
  }
  const std::expected<RegistrationCode, CodeError> code = ParseCanonical(characters);
  if (code && parts->abbreviation &&
      FindProvinceByAbbreviation(*parts->abbreviation) != FindProvince(code->division())) {
    return std::unexpected(CodeError::kWrongAbbreviation);
  }
  return code;
}

std::expected<RegistrationCode, CodeError> RegistrationCode::ParseCanonical(std::string_view text) {
  if (text.size() != RegistrationCode::kLength) {
    return std::unexpected(CodeError::kBadForm);
  }
  if (const std::optional<CodeError> fault = FindFault(text)) {
    return std::unexpected(*fault);
  }
  RegistrationCode code;
  std::ranges::copy(text, code.characters_.begin());
  return code;
}

RegistrationCode RegistrationCode::Make(std::string_view division, int year, uint32_t eight_digits,
                                        uint32_t sequence) {
  CHECK(IsDivision(division));
  CHECK(year >= 0);
  CHECK(eight_digits < kEightDigitsEnd);
  CHECK(sequence >= 1 && sequence <= kSequenceMax);
  std::string characters(division);
  AppendDigits(characters, static_cast<uint32_t>(year % kYearsPerCentury), 2);
  AppendDigits(characters, eight_digits, 8);
  AppendDigits(characters, sequence, 3);
  characters.push_back(CheckCharacter(characters));
  const std::expected<RegistrationCode, CodeError> code = ParseCanonical(characters);
  CHECK(code.has_value());
  return *code;
}

uint32_t RegistrationCode::sequence() const {
  uint32_t number = 0;
  for (const char c : characters().substr(kSequenceOffset, kStemLength - kSequenceOffset)) {
    number = number * 10 + static_cast<uint32_t>(c - '0');
  }
  return number;
}

std::string RegistrationCode::Display() const {
  const Province* province = FindProvince(division());
  CHECK(province != nullptr);
  std::string shown(province->abbreviation);
  return shown.append(kMark).append(characters()).append(kEnd);
}

char CheckCharacter(std::string_view nineteen) {
  CHECK(nineteen.size() == kStemLength && std::ranges::all_of(nineteen, IsDigit));
  constexpr int kModulus = 11;
  int product = 0;
  for (const char c : nineteen) {
    product = (product + (c - '0')) * 2 % kModulus;
  }
  const int value = (kModulus + 1 - product) % kModulus;
  return value == 10 ? 'X' : static_cast<char>('0' + value);
}

bool IsCreditCode(std::string_view text) {
  return text.size() == kCreditLength &&
         CreditCheckCharacter(text.substr(0, kCreditLength - 1)) == text.back();
}

std::string MakeCreditCode(std::string_view seventeen) {
  CHECK(seventeen.size() == kCreditLength - 1);
  const std::optional<char> check = CreditCheckCharacter(seventeen);
  CHECK(check.has_value());
  return std::string(seventeen) + *check;
}

}  // namespace beian
