#include <gtest/gtest.h>

#include "ledger/chain/execute.h"
#include "ledger/crypto/hash.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

const RegistrationCode kCode = RegistrationCode::Make("110105", 2019, 86449155, 1);

TransactionPtr MakeTransaction(size_t actions) {
  const FilingId filing = DigestCast<FilingId>(Sha256("a filing"));
  auto body = MakeBody(TimeMs(1'000), 1, std::vector<v1::Action>(actions, TakeUpAction(filing)));
  return Transaction::Sign({}, std::move(body), MakeClientKey(1));
}

TransactionResult GoldenResult() {
  return {{{FilingReject::kAccepted, kCode},
           {FilingReject::kWrongState, std::nullopt},
           {FilingReject::kAccepted, std::nullopt}}};
}

TEST(LogEntry, HasGoldenOctets) {
  const TransactionPtr transaction = MakeTransaction(3);
  ByteWriter length;
  length.U32(static_cast<uint32_t>(transaction->wire().size()));
  EXPECT_EQ(ToHex(EncodeLogEntry(*transaction, GoldenResult())),
            ToHex(length.bytes() + transaction->wire()) +
                "0003"
                "0000"
                "14" +
                ToHex(kCode.characters()) +
                "0002"
                "00"
                "0000"
                "00");
}

TEST(LogEntry, GivesBackWhatItTook) {
  const TransactionPtr transaction = MakeTransaction(3);
  const auto entry = DecodeLogEntry(EncodeLogEntry(*transaction, GoldenResult()));
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->wire, transaction->wire());
  EXPECT_EQ(entry->result, GoldenResult());
}

TEST(LogEntry, IsDecodedStrictly) {
  const Bytes encoded = EncodeLogEntry(*MakeTransaction(3), GoldenResult());
  for (size_t length = 0; length < encoded.size(); ++length) {
    EXPECT_FALSE(DecodeLogEntry(BytesView(encoded).substr(0, length)));
  }
  EXPECT_FALSE(DecodeLogEntry(encoded + '\0'));
}

Bytes EntryOf(std::string_view results_hex) {
  ByteWriter writer;
  writer.Long("wire");
  writer.Raw(*FromHex(results_hex));
  return writer.Take();
}

TEST(LogEntry, RefusesUnknownRejectsAndBadCodes) {
  const std::string code = ToHex(kCode.characters());
  EXPECT_TRUE(
      DecodeLogEntry(EntryOf("0001"
                             "0000"
                             "00")));
  EXPECT_TRUE(
      DecodeLogEntry(EntryOf("0001"
                             "0000"
                             "14" +
                             code)));
  EXPECT_FALSE(
      DecodeLogEntry(EntryOf("0001"
                             "7fff"
                             "00")));
  EXPECT_FALSE(
      DecodeLogEntry(EntryOf("0001"
                             "0002"
                             "14" +
                             code)));  // rejected, with a code
  EXPECT_FALSE(
      DecodeLogEntry(EntryOf("0001"
                             "0000"
                             "13" +
                             code.substr(2))));
  EXPECT_FALSE(
      DecodeLogEntry(EntryOf("0001"
                             "0000"
                             "14"
                             "39" +
                             code.substr(2))));
  EXPECT_FALSE(DecodeLogEntry(EntryOf("0101")));  // 257 results
}

TEST(LogEntry, FitsALeafEvenWhenTheTransactionCostsAllItMay) {
  const FilingId filing = DigestCast<FilingId>(Sha256("a filing"));
  const PrivateKey key = PrivateKey::FromSeed(KeyScheme::kEd25519, "large");
  auto body = MakeBody(TimeMs(1'000), 1, std::vector<v1::Action>(256, TakeUpAction(filing)));
  auto& reason = *body.mutable_actions(0)->mutable_refuse()->mutable_reason();
  TransactionPtr transaction = Transaction::Sign({}, body, key);
  reason.assign(kTransactionCostMax - transaction->cost() - 100, 'x');
  while (auto larger = Transaction::Sign({}, body, key)) {
    transaction = larger;
    reason += 'x';
  }
  ASSERT_EQ(transaction->cost(), kTransactionCostMax);
  const TransactionResult result{std::vector<ActionResult>(256, {FilingReject::kAccepted, kCode})};
  EXPECT_LE(EncodeLogEntry(*transaction, result).size(), 65'535u);
}

TEST(TransactionResult, KnowsWhetherAnyActionWasAccepted) {
  const ActionResult accepted{FilingReject::kAccepted, std::nullopt};
  const ActionResult rejected{FilingReject::kWrongState, std::nullopt};
  EXPECT_TRUE((TransactionResult{{rejected, accepted}}).AnyAccepted());
  EXPECT_FALSE((TransactionResult{{rejected, rejected}}).AnyAccepted());
}

}  // namespace
}  // namespace beian
