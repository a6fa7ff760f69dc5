#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/runtime/config.h"
#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

class KeyFileTest : public testing::Test {
 protected:
  KeyFileTest() : key_(PrivateKey::FromSeed(KeyScheme::kEd25519, "a node")) { Write(key_.ToPem()); }
  void Write(const Bytes& octets) {
    WriteTestFile(file(), octets);
    ASSERT_EQ(::chmod(file().c_str(), 0600), 0);
  }
  std::string file() const { return folder_ / "key.pem"; }

  TempDirectory folder_;
  PrivateKey key_;
};

TEST_F(KeyFileTest, LoadsTheKey) {
  const auto loaded = LoadPrivateKey(file());
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->public_key(), key_.public_key());
}

TEST_F(KeyFileTest, NeverShowsWhatIsInTheFile) {
  Write("a secret that is no key");
  const auto loaded = LoadPrivateKey(file());
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().id, "key.malformed");
  EXPECT_EQ(loaded.error().message.find("secret"), std::string::npos);
}

TEST_F(KeyFileTest, RefusesAFileThatOthersMayUse) {
  ASSERT_EQ(::chmod(file().c_str(), 0640), 0);
  EXPECT_EQ(LoadPrivateKey(file()).error().id, "key.open_to_others");
}

TEST_F(KeyFileTest, RefusesAFileOfAnotherUser) {
  std::string foreign = "/etc/passwd";  // root's, for everyone but root
  if (::geteuid() == 0) {
    foreign = file();
    ASSERT_EQ(::chown(foreign.c_str(), 65534, 65534), 0);
  }
  EXPECT_EQ(CheckKeyFile(foreign).error().id, "key.foreign_owner");
  EXPECT_EQ(LoadPrivateKey(foreign).error().id, "key.foreign_owner");
}

TEST_F(KeyFileTest, RefusesWhatIsNoPlainFileWithoutWaiting) {
  EXPECT_EQ(LoadPrivateKey(folder_ / "none").error().id, "key.unreadable");
  EXPECT_EQ(LoadPrivateKey(folder_.path()).error().id, "key.unreadable");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(LoadPrivateKey(folder_ / "pipe").error().id, "key.unreadable");
}

}  // namespace
}  // namespace beian
