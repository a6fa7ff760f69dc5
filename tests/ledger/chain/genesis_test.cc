#include "ledger/chain/genesis.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "ledger/filing/province.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

TEST(Genesis, IsGivenBackWithItsChainId) {
  for (const size_t n : {1, 4, 35}) {
    const GenesisFixture fixture = MakeGenesis(n);
    const Genesis& genesis = fixture.genesis;
    EXPECT_EQ(FormatGenesis(genesis), fixture.text);
    const auto parsed = ParseGenesis("genesis.toml", FormatGenesis(genesis));
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    EXPECT_EQ(parsed->chain_id, genesis.chain_id);
    EXPECT_EQ(parsed->name, genesis.name);
    EXPECT_EQ(parsed->time, genesis.time);
    EXPECT_EQ(parsed->heartbeat_ms, genesis.heartbeat_ms);
    EXPECT_EQ(parsed->validators.members(), genesis.validators.members());
    EXPECT_EQ(parsed->validators.hash(), genesis.validators.hash());
    EXPECT_EQ(parsed->validators.size(), n);
    EXPECT_EQ(parsed->roles, genesis.roles);
  }
}

TEST(Genesis, IsAnotherChainAfterTheSmallestEdit) {
  const GenesisFixture fixture = MakeGenesis(4);
  EXPECT_EQ(fixture.genesis.chain_id, DigestCast<ChainId>(Sha256(fixture.text)));
  const auto edited = ParseGenesis("genesis.toml", fixture.text + "\n");
  ASSERT_TRUE(edited.has_value());
  EXPECT_NE(edited->chain_id, fixture.genesis.chain_id);
}

TEST(Genesis, HasGoldenText) {
  const std::string text = MakeGenesis(1).text;
  EXPECT_TRUE(
      text.starts_with("format = 1\n"
                       "name = \"beian-test\"\n"
                       "time = \"2019-02-15T00:00:00.000Z\"\n"
                       "hash = \"sha256\"\n"
                       "heartbeat_ms = 30000\n"
                       "\n"
                       "[[validator]]\n"
                       "name = \"validator-0\"\n"
                       "consensus_key = \"01"))
      << text;
  EXPECT_NE(text.find("\n[[office]]\nrole = \"province\"\nprovince = \"11\"\nkey = \"02"),
            std::string::npos);
  EXPECT_NE(text.find("\n[[office]]\nrole = \"cac\"\nkey = \"02"), std::string::npos);
}

TEST(Genesis, KnowsWhoEveryKeyIs) {
  const GenesisFixture fixture = MakeGenesis(4);
  for (const Province& province : Provinces()) {
    const KeyId id = fixture.office(std::string(province.gb2260)).public_key().id();
    const Actor actor = fixture.genesis.ActorOf(id);
    EXPECT_EQ(actor.role, Actor::Role::kProvincialOffice);
    EXPECT_EQ(actor.province, province.gb2260);
    EXPECT_EQ(actor.key, id);
  }
  const auto role_of = [&](const PublicKey& key) { return fixture.genesis.ActorOf(key.id()).role; };
  EXPECT_EQ(role_of(fixture.cac.public_key()), Actor::Role::kCac);
  EXPECT_EQ(role_of(fixture.auditor.public_key()), Actor::Role::kAuditor);
  EXPECT_EQ(role_of(MakeClientKey(1).public_key()), Actor::Role::kProvider);
  EXPECT_EQ(role_of(fixture.consensus_keys[0].public_key()), Actor::Role::kProvider);
  const KeyId client = MakeClientKey(1).public_key().id();
  EXPECT_EQ(fixture.genesis.ActorOf(client).key, client);
}

}  // namespace
}  // namespace beian
