#include "ledger/chain/block.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// A block or header that is taken encodes to the same octets, and a block's body is its header's.
void FuzzBlock(BytesView octets) {
  ExpectSameOctets(Header::Decode(octets), octets);
  const BlockPtr block = Block::Decode(kChain, octets);
  ExpectSameOctets(block, octets);
  if (block == nullptr) return;
  CHECK(block->id == block->header.id());
  CHECK(TransactionRoot(WireIdsOf(block->transactions)) == block->header.tx_root);
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzBlock(beian::fuzz::Octets(data, size));
  return 0;
}
