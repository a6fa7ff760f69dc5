#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "ledger/chain/genesis.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

class GenesisFile : public testing::Test {
 protected:
  /// The good file with the first `from` replaced by `to`.
  std::string With(std::string_view from, std::string_view to) const {
    std::string text = text_;
    const size_t at = text.find(from);
    CHECK(at != std::string::npos);
    return text.replace(at, from.size(), to);
  }
  /// The good file without the whole `[[office]]` table that holds `line`.
  std::string WithoutTable(std::string_view line) const {
    const size_t at = text_.find(line);
    CHECK(at != std::string::npos);
    const size_t begin = text_.rfind("\n[[", at);
    const size_t end = std::min(text_.find("\n[[", at), text_.size());
    return text_.substr(0, begin) + text_.substr(end);
  }
  static void ExpectError(const std::string& text, std::string_view id, std::string_view part) {
    const auto parsed = ParseGenesis("some.toml", text);
    ASSERT_FALSE(parsed.has_value()) << id;
    EXPECT_EQ(parsed.error().id, id);
    EXPECT_TRUE(parsed.error().message.starts_with("some.toml:")) << parsed.error().message;
    EXPECT_NE(parsed.error().message.find(part), std::string::npos) << parsed.error().message;
    EXPECT_NE(parsed.error().message.find("; "), std::string::npos) << parsed.error().message;
    EXPECT_EQ(parsed.error().message.find('\n'), std::string::npos) << parsed.error().message;
  }
  std::string KeyHex(const PrivateKey& key) const { return ToHex(key.public_key().Encode()); }

  const GenesisFixture fixture_ = MakeGenesis(4);
  const std::string text_ = fixture_.text;
};

TEST_F(GenesisFile, IsRefusedWithLineAndRemedyWhenItIsNoToml) {
  ExpectError(With("format = 1", "format = "), "genesis.bad_syntax", "some.toml:1:");
  ExpectError(With("[[validator]]", "[[validator]"), "genesis.bad_syntax", "some.toml:7:");
  ExpectError(With("heartbeat_ms", "name = \"twice\"\nheartbeat_ms"), "genesis.bad_syntax", "");
  ExpectError(std::string("\0\xff\xfe", 3), "genesis.bad_syntax", "");
}

TEST_F(GenesisFile, IsRefusedWithUnknownKeysEverywhere) {
  ExpectError("extra = 1\n" + text_, "genesis.unknown_key", "some.toml:1: `extra`");
  ExpectError(With("consensus_key", "port = 1\nconsensus_key"), "genesis.unknown_key", "`port`");
  ExpectError(With("role = \"province\"", "role = \"province\"\nname = \"x\""),
              "genesis.unknown_key", "`name`");
  ExpectError(With("role = \"cac\"", "role = \"cac\"\nprovince = \"11\""), "genesis.unknown_key",
              "`province`");
  ExpectError(With("role = \"auditor\"", "role = \"auditor\"\nprovince = \"11\""),
              "genesis.unknown_key", "`province`");
  ExpectError(text_ + "\n[table]\nx = 1\n", "genesis.unknown_key", "`table`");
}

TEST_F(GenesisFile, IsRefusedWhenAKeyIsMissing) {
  for (const std::string line :
       {"format = 1\n", "name = \"beian-test\"\n", "time = \"2019-02-15T00:00:00.000Z\"\n",
        "hash = \"sha256\"\n", "heartbeat_ms = 30000\n", "name = \"validator-0\"\n",
        "role = \"province\"\n", "province = \"11\"\n"}) {
    ExpectError(With(line, ""), "genesis.missing_key",
                "`" + line.substr(0, line.find(' ')) + "` is missing");
  }
  ExpectError(With("consensus_key = \"" + KeyHex(fixture_.consensus_keys[0]) + "\"\n", ""),
              "genesis.missing_key", "`consensus_key`");
  ExpectError(With("key = \"" + KeyHex(fixture_.cac) + "\"\n", ""), "genesis.missing_key", "`key`");
  ExpectError("", "genesis.missing_key", "");
  ExpectError(text_.substr(0, text_.find("\n[[office")), "genesis.missing_key", "`office`");
}

TEST_F(GenesisFile, IsRefusedWhenAValueHasTheWrongType) {
  ExpectError(With("format = 1", "format = \"1\""), "genesis.wrong_type", "some.toml:1:");
  ExpectError(With("format = 1", "format = -1"), "genesis.wrong_type", "some.toml:1:");
  ExpectError(With("name = \"beian-test\"", "name = 5"), "genesis.wrong_type", "some.toml:2:");
  ExpectError(With("time = \"2019-02-15T00:00:00.000Z\"", "time = 2019-02-15T00:00:00.000Z"),
              "genesis.wrong_type", "some.toml:3:");
  const std::string head = text_.substr(0, text_.find("\n[[validator"));
  ExpectError(head + "validator = []\noffice = []\n", "genesis.bad_validator_count", "");
  ExpectError(head + "validator = [1]\n", "genesis.wrong_type", "`validator`");
  ExpectError(head + "validator = 1\n", "genesis.wrong_type", "`validator`");
}

TEST_F(GenesisFile, IsRefusedWhenTheHeadIsOutOfRange) {
  ExpectError(With("format = 1", "format = 2"), "genesis.unknown_format", "some.toml:1:");
  ExpectError(With("sha256", "sm3"), "genesis.unknown_hash", "some.toml:4:");
  for (const std::string name :
       {"", "Beian", "a b", "a_b", "é", "012345678901234567890123456789012"}) {
    ExpectError(With("beian-test", name), "genesis.bad_name", "some.toml:2:");
  }
  for (const char* heartbeat : {"0", "999", "604800001", "9223372036854775807"}) {
    ExpectError(With("30000", heartbeat), "genesis.bad_heartbeat", "some.toml:5:");
  }
  for (const char* heartbeat : {"1000", "604800000"}) {
    EXPECT_TRUE(ParseGenesis("", With("30000", heartbeat)).has_value()) << heartbeat;
  }
}

TEST_F(GenesisFile, TakesTimesInOneFormOnly) {
  const std::string good = "2019-02-15T00:00:00.000Z";
  for (const char* time :
       {"", "2019-02-15", "2019-02-15T00:00:00Z", "2019-02-15T00:00:00.000",
        "2019-02-30T00:00:00.000Z", "2019-02-15T24:00:00.000Z", "2019-02-15T00:60:00.000Z",
        "2019-02-15T00:00:60.000Z", "2019-02-15T00:00:00.00xZ", "2019-02-15t00:00:00.000Z",
        "2019-02-15T00:00:00.000z", "1969-12-31T23:59:59.999Z", "2019-02-15T-1:00:00.000Z",
        "2019-02-15T0/:00:00.000Z"}) {
    ExpectError(With(good, time), "genesis.bad_time", "some.toml:3:");
  }
  const auto parsed = ParseGenesis("", With(good, "2024-02-29T23:59:59.999Z"));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->time, TimeMs(1'709'251'199'999));
  EXPECT_EQ(fixture_.genesis.time, TimeMs(1'550'188'800'000));
}

TEST_F(GenesisFile, IsRefusedWithoutValidatorsAndWithMoreThan35) {
  const std::string head = text_.substr(0, text_.find("\n[[validator"));
  const std::string offices = text_.substr(text_.find("\n[[office"));
  ExpectError(head + offices, "genesis.missing_key", "`validator`");
  ExpectError(head + "validator = []\n" + offices, "genesis.bad_validator_count", "1 to 35");
  const std::string full = MakeGenesis(35).text;
  const auto extra = [](const char* name, const char* seed) {
    return ToHex(
        PrivateKey::FromSeed(KeyScheme::kEd25519, std::string(name) + seed).public_key().Encode());
  };
  ExpectError(full + "\n[[validator]]\nname = \"x\"\nconsensus_key = \"" + extra("x", "c") +
                  "\"\ntls_key = \"" + extra("x", "t") + "\"\n",
              "genesis.bad_validator_count", "1 to 35");
}

TEST_F(GenesisFile, IsRefusedWithTwoValidatorsOfOneName) {
  ExpectError(With("validator-2", "validator-1"), "genesis.duplicate_validator", "`validator-1`");
  ExpectError(With("validator-2", "Validator"), "genesis.bad_name", "`Validator`");
}

TEST_F(GenesisFile, IsRefusedWhenAnyTwoKeysAreEqual) {
  const std::string consensus_0 = KeyHex(fixture_.consensus_keys[0]);
  for (const std::string& other : {KeyHex(fixture_.consensus_keys[1]), KeyHex(fixture_.tls_keys[0]),
                                   KeyHex(fixture_.tls_keys[3]), KeyHex(fixture_.office("11")),
                                   KeyHex(fixture_.cac), KeyHex(fixture_.auditor)}) {
    ExpectError(With(other, consensus_0), "genesis.duplicate_key", "twice");
  }
  ExpectError(With(KeyHex(fixture_.office("12")), KeyHex(fixture_.office("11"))),
              "genesis.duplicate_key", "twice");
  std::string upper = consensus_0;
  std::ranges::transform(upper, upper.begin(), [](char c) { return std::toupper(c); });
  ExpectError(With(KeyHex(fixture_.tls_keys[0]), upper), "genesis.duplicate_key", "twice");
}

TEST_F(GenesisFile, IsRefusedWithKeysThatNobodyCanUse) {
  const std::string consensus = KeyHex(fixture_.consensus_keys[0]);
  const std::string office = KeyHex(fixture_.office("11"));
  for (const std::string& bad :
       {std::string(), std::string("zz"), consensus.substr(2), consensus + "00",
        consensus.substr(0, 65), "03" + consensus.substr(2), "01" + std::string(64, '0'),
        "0101" + std::string(62, '0'), "01" + std::string(64, 'f')}) {
    ExpectError(With(consensus, bad), "genesis.bad_key", "`consensus_key`");
    ExpectError(With(office, bad), "genesis.bad_key", "`key`");
  }
  ExpectError(With(office, "02" + std::string(128, '1')), "genesis.bad_key", "`key`");
}

TEST_F(GenesisFile, WantsEd25519OfValidatorsAndEitherSchemeOfOffices) {
  const std::string p256 = KeyHex(MakeClientKey(1));
  const auto ed25519 = PrivateKey::FromSeed(KeyScheme::kEd25519, "an office");
  ExpectError(With(KeyHex(fixture_.consensus_keys[1]), p256), "genesis.wrong_scheme",
              "`consensus_key`");
  ExpectError(With(KeyHex(fixture_.tls_keys[1]), p256), "genesis.wrong_scheme", "`tls_key`");
  EXPECT_TRUE(ParseGenesis("", With(KeyHex(fixture_.office("11")), KeyHex(ed25519))).has_value());
}

TEST_F(GenesisFile, IsRefusedWhenAnOfficeIsMissingOrStandsTwice) {
  ExpectError(WithoutTable("province = \"44\""), "genesis.missing_office", "44");
  ExpectError(WithoutTable("role = \"cac\""), "genesis.missing_office", "CAC");
  ExpectError(With("province = \"12\"", "province = \"11\""), "genesis.duplicate_office", "twice");
  ExpectError(text_ + "\n[[office]]\nrole = \"cac\"\nkey = \"" + KeyHex(MakeClientKey(1)) + "\"\n",
              "genesis.duplicate_office", "twice");
  for (const char* province : {"99", "1", "110105", ""}) {
    ExpectError(With("province = \"11\"", std::string("province = \"") + province + "\""),
                "genesis.unknown_province", "");
  }
  ExpectError(With("role = \"cac\"", "role = \"court\""), "genesis.unknown_role", "`court`");
  ExpectError(With("role = \"cac\"", "role = \"provider\""), "genesis.unknown_role", "`provider`");
}

TEST_F(GenesisFile, HoldsNoAuditorOrUpTo16) {
  EXPECT_TRUE(ParseGenesis("", WithoutTable("role = \"auditor\"")).has_value());
  std::string text = text_;
  for (uint64_t i = 2; i <= 17; ++i) {
    if (i == 17) {
      EXPECT_TRUE(ParseGenesis("", text).has_value());
    }
    text += "\n[[office]]\nrole = \"auditor\"\nkey = \"" + KeyHex(MakeClientKey(i)) + "\"\n";
  }
  ExpectError(text, "genesis.too_many_auditors", "16");
}

TEST_F(GenesisFile, IsRefusedUnparsedWhenItIsTooLargeOrTooDeep) {
  const std::string line = "# a comment that fills the file\n";
  std::string large = text_;
  while (large.size() + line.size() <= 1 << 20) large += line;
  EXPECT_TRUE(ParseGenesis("", large).has_value());
  ExpectError(large + line, "genesis.too_large", "1 MiB");
  ExpectError("x = " + std::string(900'000, '['), "genesis.bad_syntax", "some.toml:1:");
  std::string deep = "x = ";
  for (int i = 0; i < 100'000; ++i) deep += "[\n";
  ExpectError(deep, "genesis.bad_syntax", "brackets");
  std::string dotted = "a";
  for (int i = 0; i < 100'000; ++i) dotted += ".a";
  ExpectError(dotted + " = 1", "genesis.bad_syntax", "too long");
}

TEST_F(GenesisFile, NeverAcceptsAFileCutShort) {
  // A cut inside the last line leaves a key that does not decode; before it, an office is missing.
  for (size_t length = 0; length + 2 < text_.size(); length += 389) {
    const auto parsed = ParseGenesis("", text_.substr(0, length));
    const bool only_the_auditor_is_gone =
        length >= text_.rfind("\n[[office]]") && length <= text_.rfind("\n[[office]]") + 1;
    if (!only_the_auditor_is_gone) {
      EXPECT_FALSE(parsed.has_value()) << length;
    }
  }
}

}  // namespace
}  // namespace beian
