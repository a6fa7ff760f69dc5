#include "client/sdk/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

TEST(KeyFile, IsReadBack) {
  const Folder folder;
  for (const KeyScheme scheme : {KeyScheme::kP256, KeyScheme::kEd25519}) {
    const PrivateKey key = PrivateKey::Generate(scheme);
    const std::string file = folder / std::to_string(static_cast<int>(scheme));
    ASSERT_TRUE(CreateKeyFile(file, key).has_value());
    EXPECT_EQ(LoadKeyFile(file)->public_key(), key.public_key());
  }
}

TEST(KeyFile, ThatOthersMayReadIsRefusedWithTheCommandThatMendsIt) {
  const Folder folder;
  const std::string file = folder / "key";
  ASSERT_TRUE(CreateKeyFile(file, PrivateKey::Generate(KeyScheme::kP256)).has_value());
  for (const mode_t mode : {0640, 0604, 0620, 0601}) {
    ::chmod(file.c_str(), mode);
    const auto key = LoadKeyFile(file);
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().id, "key.bad_permissions");
    EXPECT_EQ(key.error().next, "chmod 600 " + file);
  }
  ::chmod(file.c_str(), 0400);
  EXPECT_TRUE(LoadKeyFile(file).has_value());
}

TEST(KeyFile, IsNeverReplaced) {
  const Folder folder;
  const PrivateKey first = PrivateKey::Generate(KeyScheme::kP256);
  ASSERT_TRUE(CreateKeyFile(folder / "key", first).has_value());
  const auto second = CreateKeyFile(folder / "key", PrivateKey::Generate(KeyScheme::kP256));
  EXPECT_EQ(second.error().id, "key.cannot_write");
  EXPECT_EQ(LoadKeyFile(folder / "key")->public_key(), first.public_key());
}

TEST(KeyFile, ThatIsNoneIsNamed) {
  const Folder folder;
  EXPECT_EQ(LoadKeyFile(folder / "none").error().id, "key.cannot_read");
  EXPECT_EQ(LoadKeyFile(folder.Write("text", "no key", 0600)).error().id, "key.not_a_key");
}

TEST(KeyFile, AFormInItsPlaceIsNotToldToChangeItsPermissions) {
  const Folder folder;
  for (const std::string& text : {std::string("[subject]\n"), std::string(5000, '#')}) {
    const auto key = LoadKeyFile(folder.Write("f.toml", text, 0644));
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().id, "key.not_a_key");
    EXPECT_EQ(key.error().next.find("chmod"), std::string::npos);
  }
}

}  // namespace
}  // namespace beian::client
