#include <limits>

#include "ledger/merkle/log.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// A frontier that is taken has one encoding and can be appended to.
void FuzzLogFrontier(BytesView octets) {
  auto frontier = LogFrontier::Decode(octets);
  ExpectSameOctets(frontier, octets);
  if (!frontier || frontier->size() == std::numeric_limits<uint64_t>::max()) return;
  const MerkleRoot before = frontier->Root();
  frontier->Append(LogLeafHash(octets));
  CHECK(frontier->Root() != before);
  CHECK(LogFrontier::Decode(frontier->Encode()) == *frontier);
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzLogFrontier(beian::fuzz::Octets(data, size));
  return 0;
}
