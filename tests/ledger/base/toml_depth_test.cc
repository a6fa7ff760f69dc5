#include "ledger/base/toml_depth.h"

#include <gtest/gtest.h>

#include <string>

namespace beian {
namespace {

std::string Repeated(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(TomlTooDeepAt, LetsPassWhatPeopleWrite) {
  EXPECT_EQ(TomlTooDeepAt(""), std::nullopt);
  EXPECT_EQ(TomlTooDeepAt("a.b = [1, [2, {c = 3}]]\n[d.e]\nf = \"" + Repeated(".", 5'000) + "\"\n"),
            std::nullopt);
  EXPECT_EQ(TomlTooDeepAt(Repeated("a.b = [1]\n", 400)), std::nullopt);
}

TEST(TomlTooDeepAt, NamesTheLineWhereItBecomesTooMuch) {
  EXPECT_EQ(TomlTooDeepAt("a = 1\nb = " + Repeated("[", 501)), 2u);
  EXPECT_EQ(TomlTooDeepAt("b = " + Repeated("{c=", 501)), 1u);
  EXPECT_EQ(TomlTooDeepAt("\n\n" + Repeated("a.", 101) + "b = 1"), 3u);
  EXPECT_EQ(TomlTooDeepAt("[" + Repeated("a.", 101) + "b]"), 1u);
}

}  // namespace
}  // namespace beian
