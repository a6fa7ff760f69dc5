#include "ledger/chain/execute.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// The layout that the header of the decoder states, written apart from its encoder, which takes
/// only transactions that parse.
Bytes EntryOf(const LogEntry& entry) {
  ByteWriter writer;
  writer.Long(entry.wire);
  writer.U16(static_cast<uint16_t>(entry.result.actions.size()));
  for (const ActionResult& action : entry.result.actions) {
    writer.U16(static_cast<uint16_t>(action.reject));
    writer.U8(action.code ? static_cast<uint8_t>(action.code->characters().size()) : 0);
    if (action.code) writer.Raw(action.code->characters());
  }
  return writer.Take();
}

void FuzzLogEntry(BytesView octets) {
  const auto entry = DecodeLogEntry(octets);
  ExpectSameOctets(entry, EntryOf, octets);
  if (!entry) return;
  const auto transaction = Transaction::Parse(kChain, entry->wire);
  if (transaction) CHECK(EncodeLogEntry(**transaction, entry->result) == octets);
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzLogEntry(beian::fuzz::Octets(data, size));
  return 0;
}
