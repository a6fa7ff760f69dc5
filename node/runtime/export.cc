#include "node/runtime/export.h"

#include <fstream>
#include <iostream>

#include "ledger/verify/export_file.h"
#include "node/api/proofs.h"

namespace beian {

std::expected<uint64_t, std::string> ExportChain(const BlockReader& reader, const Genesis& genesis,
                                                 const std::string& file) {
  std::ofstream opened;
  if (file != "-") opened.open(file, std::ios::binary | std::ios::trunc);
  std::ostream& out = file == "-" ? std::cout : opened;
  out << EncodeExportHead(genesis.chain_id);
  const uint64_t last = reader.Tip().height.value();
  for (uint64_t height = 1; height <= last; ++height) {
    const auto block = MakeStoredBlock(reader, Height(height), genesis.validators.size());
    if (!block) return std::unexpected("block " + std::to_string(height) + " is not in the store");
    ByteWriter framed;
    framed.Long(EncodeStoredBlock(*block));
    out << framed.bytes();
  }
  out.flush();
  if (!out) return std::unexpected("cannot write " + file);
  return last;
}

}  // namespace beian
