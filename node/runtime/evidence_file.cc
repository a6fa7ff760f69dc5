#include "node/runtime/evidence_file.h"

#include <fstream>

#include "ledger/base/bytes.h"

namespace beian {

void AppendEvidence(const std::filesystem::path& file, const Evidence& evidence) {
  const std::string line = ToHex(evidence.Encode()) + '\n';
  std::error_code none_yet;
  const uintmax_t size = std::filesystem::file_size(file, none_yet);
  if (!none_yet && size + line.size() > kEvidenceFileBytesMax) return;
  std::ofstream(file, std::ios::app) << line;
}

}  // namespace beian
