#include <gtest/gtest.h>

#include "client/cli/language.h"

namespace beian::client {
namespace {

class Details : public testing::Test {
 protected:
  Details() { SetLanguage(Language::kChinese); }
  ~Details() override { SetLanguage(Language::kEnglish); }
};

TEST_F(Details, PutWhatWasSaidIntoItsPlaces) {
  EXPECT_EQ(TrDetail("The chain has 7 blocks."), "该链有 7 个区块。");
  EXPECT_EQ(TrDetail("Did you mean `review list`?"), "您是指 `review list` 吗？");
  EXPECT_EQ(TrDetail("The source ends at block 3, before block 9 that it should have."),
            "来源在区块 3 结束，未达到应有的区块 9。");
}

TEST_F(Details, TranslateWhatStandsInAPlaceToo) {
  EXPECT_EQ(TrDetail("The export is damaged after octet 48: it ends inside a block."),
            "导出文件在第 48 字节之后损坏：在区块中间结束。");
  EXPECT_EQ(TrDetail("The key file cannot be read: No such file or directory"),
            "无法读取密钥文件：没有该文件或目录");
}

TEST_F(Details, CoverEveryValueThatAFindingComparesInWords) {
  for (const char* text :
       {"signed by key ab", "not signed by it, transaction cd", "a header", "7 octets",
        "a finality proof", "finalized by 3 of 4 validators", "above 7", "at least 2019-03-30",
        "a transaction with its results", "a block within the rules"}) {
    EXPECT_NE(TrDetail(text), text);
  }
}

TEST_F(Details, CoverEveryFaultOfAField) {
  for (const char* fault :
       {"This field must be filled in.", "This is no division.", "This is no credit code.",
        "Say true or false.", "Say organisation or person.", "There is no such field.",
        "Only a person has a document here.", "The text has 301 octets; 300 are allowed.",
        "The filing breaks a rule of the ledger.",
        "The text is not UTF-8, or holds a control or bidirectional character."}) {
    for (const char* field : {"subject.name: ", "responsible.name: ", "service.x: "}) {
      const std::string said = TrDetail(std::string(field) + fault);
      EXPECT_EQ(said.find(fault), std::string::npos) << said;
      EXPECT_NE(said.find("："), std::string::npos) << said;
    }
  }
}

TEST_F(Details, LeaveATextOfNoKnownFormAsItIs) {
  for (const char* text :
       {"", "The chain has 7 blocks", "The chain has 7 blocks. And more.", "{}"}) {
    EXPECT_EQ(TrDetail(text), text);
  }
}

TEST_F(Details, AreNotTranslatedInEnglish) {
  SetLanguage(Language::kEnglish);
  EXPECT_EQ(TrDetail("The chain has 7 blocks."), "The chain has 7 blocks.");
}

}  // namespace
}  // namespace beian::client
