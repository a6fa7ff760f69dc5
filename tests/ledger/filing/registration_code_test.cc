#include "ledger/filing/registration_code.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "ledger/filing/province.h"

namespace beian {
namespace {

std::vector<std::string> RealCodes() {
  std::ifstream file(BEIAN_SOURCE_DIR "/tests/vectors/real-codes.tsv");
  std::vector<std::string> codes;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    codes.push_back(line.substr(0, line.find('\t')));
  }
  return codes;
}

std::string_view ErrorOf(std::string_view text) {
  const auto code = RegistrationCode::Parse(text);
  return code ? "none" : CodeErrorId(code.error());
}
std::string_view CanonicalErrorOf(std::string_view text) {
  const auto code = RegistrationCode::ParseCanonical(text);
  return code ? "none" : CodeErrorId(code.error());
}

TEST(RegistrationCodes, TenCodesSeenInPublicPass) {
  const std::vector<std::string> codes = RealCodes();
  EXPECT_EQ(codes.size(), 10u);
  for (const std::string& text : codes) {
    const auto code = RegistrationCode::Parse(text);
    ASSERT_TRUE(code.has_value()) << text;
    EXPECT_EQ(code->Display(), text);
    EXPECT_EQ(RegistrationCode::ParseCanonical(code->characters()), *code);
    EXPECT_EQ(CheckCharacter(code->characters().substr(0, 19)), code->characters().back());
  }
}

TEST(RegistrationCodes, AllSingleErrorsInRealCodesAreFound) {
  for (const std::string& text : RealCodes()) {
    const std::string good(RegistrationCode::Parse(text)->characters());
    for (size_t i = 0; i < good.size(); ++i) {
      for (const char c : std::string_view("0123456789X")) {
        std::string bad = good;
        bad[i] = c;
        EXPECT_EQ(RegistrationCode::ParseCanonical(bad).has_value(), bad == good) << bad;
      }
    }
  }
}

TEST(RegistrationCodes, AllTranspositionsOfNeighboursInRealCodesAreFound) {
  for (const std::string& text : RealCodes()) {
    const std::string good(RegistrationCode::Parse(text)->characters());
    for (size_t i = 0; i + 1 < good.size(); ++i) {
      std::string bad = good;
      std::swap(bad[i], bad[i + 1]);
      EXPECT_EQ(RegistrationCode::ParseCanonical(bad).has_value(), bad == good) << bad;
    }
  }
}

TEST(RegistrationCodes, AWrongCheckCharacterIsNamed) {
  EXPECT_EQ(ErrorOf("11010519418374810018"), "code.bad_check_character");
  EXPECT_EQ(CheckCharacter("1101051941837481001"), '6');
  EXPECT_EQ(CheckCharacter("1101081963896882001"), 'X');
}

TEST(RegistrationCodes, HaveTheirParts) {
  const auto code = RegistrationCode::Parse("湘网信备43012119362664710038号");
  ASSERT_TRUE(code.has_value());
  EXPECT_EQ(code->characters(), "43012119362664710038");
  EXPECT_EQ(code->division(), "430121");
  EXPECT_EQ(code->sequence(), 3u);
}

TEST(RegistrationCodes, InputMayBeWrittenAsPeopleWriteIt) {
  EXPECT_EQ(RegistrationCode::Parse(" \t京网信备1101081963896882001x号\r\n")->characters(),
            "1101081963896882001X");
  EXPECT_EQ(RegistrationCode::Parse("1101081963896882001x")->characters(), "1101081963896882001X");
  for (const char* text :
       {"京网信备 1101081963896882001X 号", "京网信备1101081963896882001X", "1101081963896882001X号",
        "110108 19 63896882 001X", "京网信备１１０１０８１９６３８９６８８２００１Ｘ号",
        "1101081963896882001ｘ", "\u30001101081963896882001X"}) {
    const auto code = RegistrationCode::Parse(text);
    ASSERT_TRUE(code.has_value()) << text;
    EXPECT_EQ(code->characters(), "1101081963896882001X");
    EXPECT_FALSE(RegistrationCode::ParseCanonical(text).has_value()) << text;
  }
}

TEST(RegistrationCodes, CanonicalFormIsTwentyCharactersAlone) {
  EXPECT_EQ(CanonicalErrorOf("1101081963896882001X"), "none");
  EXPECT_EQ(CanonicalErrorOf("1101081963896882001x"), "code.bad_character");
  EXPECT_EQ(CanonicalErrorOf(" 1101081963896882001X"), "code.bad_form");
  EXPECT_EQ(CanonicalErrorOf("京网信备1101081963896882001X号"), "code.bad_form");
}

TEST(RegistrationCodes, EachFaultHasItsError) {
  for (const char* text :
       {"", " ", "1101051986449155001", "110105198644915500144", "京11010519864491550014",
        "京网信备号", "网信备", "京网信备11010519864491550014号号"}) {
    EXPECT_EQ(ErrorOf(text), "code.bad_form") << text;
  }
  EXPECT_EQ(ErrorOf("11010519864491550014" + std::string(200, ' ')), "code.bad_form");
  EXPECT_EQ(ErrorOf("99010519864491550014"), "code.bad_division");
  EXPECT_EQ(ErrorOf("沪网信备11010519864491550014号"), "code.wrong_abbreviation");
  EXPECT_EQ(ErrorOf("台网信备11010519864491550014号"), "code.wrong_abbreviation");
  EXPECT_EQ(ErrorOf("网信备11010519864491550014号"), "code.wrong_abbreviation");
  EXPECT_EQ(ErrorOf("1101051986449155O014"), "code.bad_character");
  EXPECT_EQ(ErrorOf("X1010519864491550014"), "code.bad_character");
  EXPECT_EQ(ErrorOf("1101051986449155001Y"), "code.bad_character");
  EXPECT_EQ(ErrorOf("11010519864491550015"), "code.bad_check_character");
  std::string zero = "1101051986449155000";
  zero.push_back(CheckCharacter(zero));
  EXPECT_EQ(ErrorOf(zero), "code.bad_sequence");
}

TEST(RegistrationCodes, AreMadeFromTheirParts) {
  EXPECT_EQ(RegistrationCode::Make("110105", 2019, 86449155, 1).Display(),
            "京网信备11010519864491550014号");
  EXPECT_EQ(RegistrationCode::Make("110108", 19, 63896882, 1).characters(), "1101081963896882001X");
  EXPECT_EQ(RegistrationCode::Make("440304", 2100, 7, 999).characters().substr(0, 19),
            "4403040000000007999");
}

TEST(RegistrationCodes, EveryProvinceDisplaysAndParsesBack) {
  for (const Province& province : Provinces()) {
    const RegistrationCode code =
        RegistrationCode::Make(std::string(province.gb2260) + "0000", 2024, 12345678, 42);
    EXPECT_EQ(RegistrationCode::Parse(code.Display()), code);
  }
}

TEST(RegistrationCodesDeathTest, PartsOutOfRangeAreOurBug) {
  EXPECT_DEATH(RegistrationCode::Make("990105", 2019, 0, 1), "IsDivision");
  EXPECT_DEATH(RegistrationCode::Make("110105", 2019, 100'000'000, 1), "eight_digits");
  EXPECT_DEATH(RegistrationCode::Make("110105", 2019, 0, 0), "sequence");
  EXPECT_DEATH(RegistrationCode::Make("110105", 2019, 0, 1000), "sequence");
  EXPECT_DEATH(CheckCharacter("110105198644915500"), "nineteen");
}

TEST(CreditCodes, CodesOfKnownCompaniesPass) {
  // Beijing Baidu Netcom, Tencent Computer Systems, Alibaba (China), Ping An, example of GB 32100.
  for (const std::string text : {"91110000802100433B", "9144030071526726XG", "91330100799655058B",
                                 "91440300708461136T", "91350100M000100Y43"}) {
    EXPECT_TRUE(IsCreditCode(text)) << text;
    EXPECT_EQ(MakeCreditCode(text.substr(0, 17)), text);
  }
}

TEST(CreditCodes, EverySingleErrorIsFound) {
  const std::string good = "91350100M000100Y43";
  for (size_t i = 0; i < good.size(); ++i) {
    for (int octet = 0; octet < 256; ++octet) {
      std::string bad = good;
      bad[i] = static_cast<char>(octet);
      EXPECT_EQ(IsCreditCode(bad), bad == good) << i << " " << octet;
    }
  }
}

TEST(CreditCodes, OtherLengthsAreRefused) {
  EXPECT_FALSE(IsCreditCode(""));
  EXPECT_FALSE(IsCreditCode("91350100M000100Y4"));
  EXPECT_FALSE(IsCreditCode("91350100M000100Y433"));
}

}  // namespace
}  // namespace beian
