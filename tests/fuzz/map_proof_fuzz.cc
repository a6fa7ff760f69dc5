#include "ledger/merkle/map.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// A proof that is taken has one encoding, and checking it ends well whatever it says.
void FuzzMapProof(BytesView octets) {
  const auto proof = MapProof::Decode(octets);
  ExpectSameOctets(proof, octets);
  if (!proof) return;
  const auto key = FilledDigest<MapKey>(0x5a);
  const auto value_hash = FilledDigest<Sha256Digest>(0x5b);
  const bool present = VerifyMapPresence(*proof, key, value_hash, MerkleRoot{});
  CHECK(!present && !VerifyMapAbsence(*proof, key, FilledDigest<MerkleRoot>(0x5c)));
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzMapProof(beian::fuzz::Octets(data, size));
  return 0;
}
