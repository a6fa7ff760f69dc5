#include "node/store/checksum.h"

#include <rocksdb/file_checksum.h>

#include <memory>

namespace beian {

uint32_t Crc32c(std::initializer_list<BytesView> pieces) {
  static const auto factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  const auto generator = factory->CreateFileChecksumGenerator({});
  for (const BytesView piece : pieces) generator->Update(piece.data(), piece.size());
  generator->Finalize();
  const Bytes octets = generator->GetChecksum();  // four, big-endian
  ByteReader reader(octets);
  return reader.U32();
}

}  // namespace beian
