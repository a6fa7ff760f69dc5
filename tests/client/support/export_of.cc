#include "tests/client/support/export_of.h"

#include "ledger/verify/export_file.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {

Bytes ExportOf(const ChainId& chain, const std::vector<StoredBlock>& blocks) {
  Bytes octets = EncodeExportHead(chain);
  for (const StoredBlock& block : blocks) {
    ByteWriter framed;
    framed.Long(EncodeStoredBlock(block));
    octets += framed.bytes();
  }
  return octets;
}

Bytes ExportOf(const SmallLedger& ledger) {
  return ExportOf(ledger.genesis().chain_id, ledger.blocks());
}

}  // namespace beian::client
