#include "client/sdk/connection.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "client/sdk/files.h"
#include "client/sdk/key_file.h"
#include "tests/client/support/folder.h"
#include "tests/support/fixture.h"

namespace beian::client {
namespace {

class ConnectionFiles : public testing::Test {
 protected:
  ConnectionFiles() {
    for (const char* name : {"BEIAN_NODES", "BEIAN_GENESIS", "BEIAN_KEY", "BEIAN_KEYS",
                             "BEIAN_LANG", "BEIAN_CONFIG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
      ::unsetenv(name);
    }
    ::setenv("XDG_CONFIG_HOME", folder_.path().c_str(), 1);
  }
  ConnectionFlags Flags(const std::string& text) const {
    ConnectionFlags flags;
    flags.config = folder_.Write("c.toml", text);
    return flags;
  }
  Folder folder_;
};

TEST_F(ConnectionFiles, ASettingComesFromTheFirstPlaceThatHasIt) {
  ConnectionFlags flags = Flags(
      "nodes = [\"127.0.0.1:1/\", \"https://a.example\"]\ngenesis = \"g.toml\"\nkeys = \"k\"\n");
  auto connection = LoadConnection(flags);
  ASSERT_TRUE(connection.has_value()) << connection.error().message;
  EXPECT_EQ(connection->nodes.value,
            (std::vector<std::string>{"http://127.0.0.1:1", "https://a.example"}));
  EXPECT_EQ(connection->genesis.value, folder_ / "g.toml") << "relative to the file";
  EXPECT_EQ(connection->genesis.origin, flags.config);
  EXPECT_EQ(connection->lang.value, "en");

  ::setenv("BEIAN_NODES", "http://b:2,http://c:3", 1);
  connection = LoadConnection(flags);
  EXPECT_EQ(connection->nodes.value.size(), 2u);
  EXPECT_EQ(connection->nodes.origin, "BEIAN_NODES");

  flags.nodes = {"http://d:4"};
  EXPECT_EQ(LoadConnection(flags)->nodes.origin, "--node");
}

TEST_F(ConnectionFiles, TheUsersFileIsReadWhenNoOtherIsNamed) {
  ASSERT_TRUE(MakeFolder(folder_ / "beian", 0700).has_value());
  folder_.Write("beian/beian.toml", "lang = \"zh-CN\"\n");
  EXPECT_EQ(LoadConnection({})->lang.value, "zh-CN");
}

TEST_F(ConnectionFiles, TheLocaleSaysTheLanguageLast) {
  ::setenv("LANG", "zh_CN.UTF-8", 1);
  EXPECT_EQ(LoadConnection(Flags(""))->lang.value, "zh-CN");
  EXPECT_EQ(LoadConnection(Flags("lang = \"en\""))->lang.value, "en");
}

TEST_F(ConnectionFiles, AnUnknownKeyIsNamedWithItsLineAndTheNearest) {
  const auto connection = LoadConnection(Flags("# first\ngenesys = \"g\"\n"));
  ASSERT_FALSE(connection.has_value());
  EXPECT_EQ(connection.error().id, "config.bad_file");
  EXPECT_NE(connection.error().message.find("Line 2"), std::string::npos);
  EXPECT_EQ(connection.error().remedy, "Did you mean `genesis`?");
  EXPECT_EQ(connection.error().exit, Exit::kUsage);
}

TEST_F(ConnectionFiles, AFileThatDoesNotParseIsNamedWithTheLineAndWhatToWrite) {
  struct Case {
    const char* text;
    const char* line;
    const char* what;
  };
  for (const Case& bad :
       {Case{"nodes = []\nnonsense\n", "Line 2: ", "name = value"},
        Case{"\n\nnodes = 3\n", "Line 3: ", "nodes = [\"http://127.0.0.1:7201\"]"},
        Case{"nodes = [1]\n", "Line 1: ", "nodes = [\"http://127.0.0.1:7201\"]"},
        Case{"# c\ngenesis = [\"g\"]\n", "Line 2: ", "genesis = \"text\""},
        Case{"lang = \"en\"\nlang = \"en\"\n", "Line 2: ", "lang"}}) {
    const auto connection = LoadConnection(Flags(bad.text));
    ASSERT_FALSE(connection.has_value()) << bad.text;
    const ClientError& error = connection.error();
    EXPECT_EQ(error.id, "config.bad_file");
    EXPECT_EQ(error.object, folder_ / "c.toml");
    EXPECT_NE(error.message.find(bad.line), std::string::npos) << error.message;
    EXPECT_NE((error.message + error.remedy).find(bad.what), std::string::npos)
        << error.message << error.remedy;
    EXPECT_EQ(error.message.find("toml::"), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
  }
}

TEST_F(ConnectionFiles, WhatIsMissingCanBeHadFromAConnectionFile) {
  for (const ClientError& error : {LoadGenesis({}).error(), FindKey({}).error()}) {
    EXPECT_NE(error.remedy.find("BEIAN_CONFIG"), std::string::npos) << error.remedy;
  }
}

TEST_F(ConnectionFiles, BadFilesNodesAndLanguagesAreErrors) {
  EXPECT_EQ(LoadConnection(Flags("nodes = [\n")).error().id, "config.bad_file");
  EXPECT_EQ(LoadConnection(Flags("nodes = 3\n")).error().id, "config.bad_file");
  EXPECT_EQ(LoadConnection(Flags("nodes = [\"ftp://x\"]")).error().id, "config.bad_node");
  EXPECT_EQ(LoadConnection(Flags("lang = \"fr\"")).error().id, "config.bad_lang");
  ConnectionFlags missing;
  missing.config = folder_ / "none.toml";
  EXPECT_EQ(LoadConnection(missing).error().id, "config.cannot_read");
}

TEST_F(ConnectionFiles, AddressesAreNormalised) {
  EXPECT_EQ(NormaliseNodeUrl("localhost:7201"), "http://localhost:7201");
  EXPECT_EQ(NormaliseNodeUrl("https://a.example/"), "https://a.example");
  EXPECT_EQ(NormaliseNodeUrl("[::1]:65535/api"), "http://[::1]:65535/api");
  for (const char* bad : {"", "http://", "http://a b", "file:///etc/passwd", "http://u:p@h", "x?y",
                          "a:99999", "a:0", "a:65536", "a:", "a:7201x", ":7201", "a:-1", "::1"}) {
    EXPECT_EQ(NormaliseNodeUrl(bad), std::nullopt) << bad;
  }
}

TEST_F(ConnectionFiles, TheTrustRootIsReadFromItsFileOnly) {
  Connection connection;
  EXPECT_EQ(LoadGenesis(connection).error().id, "config.no_genesis");
  EXPECT_EQ(LoadGenesis(connection).error().exit, Exit::kUnchecked);
  const GenesisFixture fixture = MakeGenesis(4);
  connection.genesis.value = folder_.Write("genesis.toml", fixture.text);
  EXPECT_EQ(LoadGenesis(connection)->chain_id, fixture.genesis.chain_id);
  connection.genesis.value = folder_.Write("bad.toml", fixture.text + "x = 1\n");
  EXPECT_EQ(LoadGenesis(connection).error().exit, Exit::kUnchecked);
}

TEST_F(ConnectionFiles, AKeyMayBeNamedWithoutPathAndEnding) {
  Connection connection;
  EXPECT_EQ(FindKey(connection).error().id, "config.no_key");
  connection.keys.value = folder_.path();
  ASSERT_TRUE(CreateKeyFile(folder_ / "cac.pem", PrivateKey::Generate(KeyScheme::kP256)));
  connection.key.value = "cac";
  EXPECT_EQ(*FindKey(connection), folder_ / "cac.pem");
  connection.key.value = "none";
  EXPECT_EQ(FindKey(connection).error().id, "key.no_such_name");
  connection.key.value = "none.pem";
  EXPECT_EQ(*FindKey(connection), "none.pem") << "the error then names what was asked for";
}

}  // namespace
}  // namespace beian::client
