#include "node/runtime/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

using testing::HasSubstr;

constexpr const char* kNode =
    "[node]\n"
    "data_dir = \"data\"\n"
    "genesis = \"genesis.toml\"\n"
    "validator = \"beijing\"\n"
    "consensus_key = \"consensus.pem\"\n"
    "tls_key = \"tls.pem\"\n";
constexpr const char* kPeers =
    "[peers]\n"
    "listen = \"127.0.0.1:7101\"\n";

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    WriteKey("consensus.pem", 0600);
    WriteKey("tls.pem", 0600);
  }
  void WriteKey(const std::string& name, mode_t mode) {
    WriteTestFile(folder_ / name, PrivateKey::FromSeed(KeyScheme::kEd25519, name).ToPem());
    ASSERT_EQ(::chmod((folder_ / name).c_str(), mode), 0);
  }
  std::expected<Config, ConfigError> Load(const std::string& text) {
    WriteTestFile(folder_ / "beian.toml", text);
    return LoadConfig(folder_ / "beian.toml");
  }
  ConfigError Refused(const std::string& text) {
    const auto config = Load(text);
    EXPECT_FALSE(config.has_value()) << text;
    return config ? ConfigError{} : config.error();
  }

  TempDirectory folder_;
};

TEST_F(ConfigTest, ReadsEveryKey) {
  const auto config = Load(std::string(kNode) + kPeers +
                           "[peers.addresses]\n"
                           "cac = \"10.0.0.1:7100\"\n"
                           "jiangsu = \"[::1]:7103\"\n"
                           "[api]\nlisten = \"0.0.0.0:8080\"\nthreads = 3\n"
                           "[operations]\nlisten = \"[::1]:9090\"\n"
                           "[log]\nlevel = \"debug\"\n"
                           "[limits]\nverify_threads = 5\nmempool_transactions = 1000\n"
                           "mempool_bytes = 2000000\nmempool_per_signer = 50\nconnections = 64\n"
                           "store_checked_bytes = 0\n"
                           "[timing]\ndelta_ms = 100\nmin_interval_ms = 0\nstatus_every_ms = 500\n"
                           "skip_after_ms = 3000\n");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->data_dir, folder_ / "data");
  EXPECT_EQ(config->genesis, folder_ / "genesis.toml");
  EXPECT_EQ(config->validator, "beijing");
  EXPECT_EQ(config->consensus_key, folder_ / "consensus.pem");
  EXPECT_EQ(config->tls_key, folder_ / "tls.pem");
  EXPECT_EQ(config->peers_listen, (Endpoint{"127.0.0.1", 7101}));
  EXPECT_EQ(config->peer_addresses.at("cac"), (Endpoint{"10.0.0.1", 7100}));
  EXPECT_EQ(config->peer_addresses.at("jiangsu"), (Endpoint{"::1", 7103}));
  EXPECT_EQ(config->api_listen, (Endpoint{"0.0.0.0", 8080}));
  EXPECT_EQ(config->api_threads, 3u);
  EXPECT_EQ(config->operations_listen, (Endpoint{"::1", 9090}));
  EXPECT_EQ(config->log_level, LogLevel::kDebug);
  EXPECT_EQ(config->verify_threads, 5u);
  EXPECT_EQ(config->mempool.transactions_max, 1000u);
  EXPECT_EQ(config->mempool.bytes_max, 2'000'000u);
  EXPECT_EQ(config->mempool.per_signer_max, 50u);
  EXPECT_EQ(config->api_connections_max, 64u);
  EXPECT_EQ(config->store_checked_bytes, 0u);
  EXPECT_EQ(config->timing.delta_base, 100u);
  EXPECT_EQ(config->timing.min_interval, 0u);
  EXPECT_EQ(config->timing.status_every, 500u);
  EXPECT_EQ(config->timing.skip_after, 3000u);
}

TEST_F(ConfigTest, TakesDefaultsForWhatIsNotSaid) {
  const auto config = Load(std::string(kNode) + kPeers);
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->api_listen, (Endpoint{"127.0.0.1", 7201}));
  EXPECT_EQ(config->operations_listen, (Endpoint{"127.0.0.1", 7301}));
  EXPECT_EQ(config->log_level, LogLevel::kInfo);
  EXPECT_GE(config->verify_threads, 1u);
  EXPECT_LE(config->verify_threads, 8u);
  EXPECT_EQ(config->timing.delta_base, consensus::Timing().delta_base);
}

TEST_F(ConfigTest, KeepsAbsolutePaths) {
  const auto config = Load(
      "[node]\ndata_dir = \"/var/lib/beian\"\ngenesis = \"/etc/beian/genesis.toml\"\n"
      "validator = \"beijing\"\nconsensus_key = \"consensus.pem\"\ntls_key = \"tls.pem\"\n" +
      std::string(kPeers));
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->data_dir, "/var/lib/beian");
  EXPECT_EQ(config->genesis, "/etc/beian/genesis.toml");
}

TEST_F(ConfigTest, NamesTheLineOfAnUnknownKey) {
  const ConfigError error = Refused(std::string(kNode) + kPeers + "lisen = \"127.0.0.1:1\"\n");
  EXPECT_EQ(error.id, "config.unknown_key");
  EXPECT_THAT(error.message,
              HasSubstr("beian.toml:9: there is no key peers.lisen; keys of [peers]: "
                        "listen, addresses"));
}

TEST_F(ConfigTest, RefusesUnknownKeysInEverySection) {
  for (const std::string section :
       {"node", "peers", "api", "operations", "log", "limits", "timing"}) {
    std::string text = std::string(kNode) + kPeers;
    const size_t at = text.find("[" + section + "]\n");
    if (at == std::string::npos) {
      text += "[" + section + "]\nno_such_key = 1\n";
    } else {
      text.insert(at + section.size() + 3, "no_such_key = 1\n");
    }
    EXPECT_EQ(Refused(text).id, "config.unknown_key") << section;
  }
  EXPECT_EQ(Refused(std::string(kNode) + kPeers + "[consensus]\nf = 1\n").id, "config.unknown_key");
  EXPECT_EQ(Refused("name = 1\n" + std::string(kNode) + kPeers).id, "config.unknown_key");
}

TEST_F(ConfigTest, NamesTheLineOfASyntaxError) {
  const ConfigError error = Refused(std::string(kNode) + "[peers\n");
  EXPECT_EQ(error.id, "config.syntax");
  EXPECT_THAT(error.message, HasSubstr("beian.toml:7"));
  EXPECT_EQ(Refused(std::string(kNode) + kNode).id, "config.syntax");
}

TEST_F(ConfigTest, SaysWhatIsMissing) {
  for (const std::string line :
       {"data_dir = \"data\"\n", "genesis = \"genesis.toml\"\n", "validator = \"beijing\"\n",
        "consensus_key = \"consensus.pem\"\n", "tls_key = \"tls.pem\"\n"}) {
    std::string text = std::string(kNode) + kPeers;
    text.erase(text.find(line), line.size());
    EXPECT_EQ(Refused(text).id, "config.missing_key") << line;
  }
  EXPECT_EQ(Refused(kNode).id, "config.missing_key") << "a validator listens";
  EXPECT_EQ(Refused("").id, "config.missing_key");
}

TEST_F(ConfigTest, RefusesContradictions) {
  EXPECT_EQ(Refused(std::string(kNode) + kPeers + "[api]\nlisten = \"127.0.0.1:7101\"\n").id,
            "config.conflict");
}

TEST_F(ConfigTest, RefusesValuesOfTheWrongTypeOrOutOfRange) {
  const auto with = [](const std::string& tail) { return std::string(kNode) + kPeers + tail; };
  EXPECT_EQ(Refused(with("[api]\nthreads = \"2\"\n")).id, "config.bad_type");
  EXPECT_EQ(Refused(with("[api]\nlisten = 7201\n")).id, "config.bad_type");
  EXPECT_EQ(Refused(with("[log]\nlevel = true\n")).id, "config.bad_type");
  EXPECT_EQ(Refused(with("[peers.addresses]\ncac = 1\n")).id, "config.bad_value");
  EXPECT_EQ(Refused("api = 1\n" + with("")).id, "config.bad_type");
  EXPECT_EQ(Refused(with("[api]\nthreads = 0\n")).id, "config.bad_value");
  EXPECT_EQ(Refused(with("[api]\nthreads = -1\n")).id, "config.bad_value");
  EXPECT_EQ(Refused(with("[api]\nlisten = \"localhost:7201\"\n")).id, "config.bad_value");
  EXPECT_EQ(Refused(with("[log]\nlevel = \"loud\"\n")).id, "config.bad_value");
  EXPECT_EQ(Refused(with("[limits]\nmempool_transactions = 99\n")).id, "config.bad_value");
  EXPECT_EQ(Refused(with("[timing]\ndelta_ms = 30001\n")).id, "config.bad_value");
}

TEST_F(ConfigTest, RefusesKeyFilesThatOthersMayUse) {
  for (const mode_t mode : {0640, 0604, 0620, 0601, 0777}) {
    WriteKey("tls.pem", mode);
    const ConfigError error = Refused(std::string(kNode) + kPeers);
    EXPECT_EQ(error.id, "key.open_to_others") << std::oct << mode;
    EXPECT_THAT(error.message, HasSubstr("chmod 600 " + (folder_ / "tls.pem")));
  }
  WriteKey("tls.pem", 0400);
  EXPECT_TRUE(Load(std::string(kNode) + kPeers).has_value());
}

TEST_F(ConfigTest, RefusesAMissingKeyFile) {
  std::filesystem::remove(folder_ / "consensus.pem");
  EXPECT_EQ(Refused(std::string(kNode) + kPeers).id, "key.unreadable");
  std::filesystem::create_directory(folder_ / "consensus.pem");
  EXPECT_EQ(Refused(std::string(kNode) + kPeers).id, "key.unreadable");
}

TEST_F(ConfigTest, RefusesAMissingFile) {
  EXPECT_EQ(LoadConfig(folder_ / "none.toml").error().id, "config.unreadable");
  EXPECT_EQ(LoadConfig(folder_.path()).error().id, "config.unreadable");
}

TEST(Endpoint, ParsesHostsAndPorts) {
  EXPECT_EQ(ParseEndpoint("127.0.0.1:1"), (Endpoint{"127.0.0.1", 1}));
  EXPECT_EQ(ParseEndpoint("node-1.example:65535"), (Endpoint{"node-1.example", 65535}));
  EXPECT_EQ(ParseEndpoint("[fe80::1]:7101"), (Endpoint{"fe80::1", 7101}));
  EXPECT_EQ(ParseEndpoint("[::1]:7101")->ToString(), "[::1]:7101");
  EXPECT_EQ(ParseEndpoint("a:7101")->ToString(), "a:7101");
  for (const char* bad :
       {"", ":", "host", "host:", ":7101", "host:0", "host:65536", "host:7a", "host: 7101",
        "::1:7101", "[::1:7101", "[host]:1", "ho st:1", "h\n:1", "host:-1", "host:+1"}) {
    EXPECT_FALSE(ParseEndpoint(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace beian
