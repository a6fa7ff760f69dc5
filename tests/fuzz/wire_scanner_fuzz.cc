#include "beian/v1/transaction.pb.h"
#include "ledger/chain/wire_scanner.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// The scanner against Protobuf: what it takes, Protobuf parses and writes the same; what Protobuf
/// writes the same and knows in full, it takes unless a number has no meaning for its type.
template <class Message>
void FuzzType(BytesView octets) {
  const auto scanned = ScanStrictly(*Message::descriptor(), octets);
  Message message;
  const bool parsed = message.ParseFromArray(octets.data(), static_cast<int>(octets.size()));
  CHECK(parsed || !scanned);
  if (!parsed) return;
  message.DiscardUnknownFields();
  const bool same = message.SerializeAsString() == octets;
  if (scanned) ++inputs_taken;
  CHECK(same || !scanned);
  CHECK(scanned || !same || scanned.error() == WireError::kNumberOutOfRange ||
        scanned.error() == WireError::kTooLarge);
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto octets = beian::fuzz::Octets(data, size);
  beian::fuzz::FuzzType<beian::v1::SignedTransaction>(octets);
  beian::fuzz::FuzzType<beian::v1::TransactionBody>(octets);
  return 0;
}
