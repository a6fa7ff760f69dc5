#include "node/runtime/export.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include "ledger/verify/export_file.h"
#include "node/api/proofs.h"

namespace beian {

bool MayReplaceWithExport(const std::string& file) {
  std::error_code ignored;
  if (file == "-" || !std::filesystem::exists(file, ignored)) return true;
  if (!std::filesystem::is_regular_file(file, ignored)) return false;
  std::string start(kExportMagic.size(), '\0');
  std::ifstream had(file, std::ios::binary);
  if (!had.is_open()) return false;
  had.read(start.data(), static_cast<std::streamsize>(start.size()));
  return had.gcount() == 0 || start == kExportMagic;
}

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
