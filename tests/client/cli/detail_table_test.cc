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
