#include "ledger/chain/transaction.h"
#include "ledger/crypto/hash.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// The octets of a transaction that is taken follow from its body and signature, and its id from
/// the body alone.
void FuzzTransaction(BytesView wire) {
  const auto parsed = Transaction::Parse(kChain, wire);
  if (!parsed) return;
  ++inputs_taken;
  const Transaction& transaction = **parsed;
  CHECK(transaction.wire() == wire && transaction.cost() <= kTransactionCostMax);
  const Bytes body = transaction.body().SerializeAsString();
  v1::SignedTransaction outer;
  outer.set_body(body);
  outer.set_signature(Bytes(wire.substr(wire.size() - Signature::kSize)));
  CHECK(outer.SerializeAsString() == wire);
  constexpr std::string_view kIdTag{"beian/transaction-id/v1\0", 24};
  CHECK(transaction.id() == DigestCast<TransactionId>(Sha256({kIdTag, kChain.view(), body})));
  CHECK(transaction.signer().Encode() == transaction.body().signer());
  static_cast<void>(transaction.VerifySignature());
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzTransaction(beian::fuzz::Octets(data, size));
  return 0;
}
