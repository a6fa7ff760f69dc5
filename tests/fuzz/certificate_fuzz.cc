#include "ledger/chain/certificate.h"
#include "tests/fuzz/set_size.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// Certificates, the votes that they are made of and the proofs that end in one.
void FuzzCertificate(BytesView octets) {
  ExpectSameOctets(Vote::Decode(octets), octets);
  if (const auto certificate = Certificate::Decode(octets)) {
    ++inputs_taken;
    CHECK(AnySetSizeGives(octets, SetSizeMin(*certificate),
                          [&](size_t set_size) { return certificate->Encode(set_size); }));
  }
  if (const auto proof = FinalityProof::Decode(octets)) {
    ++inputs_taken;
    CHECK(AnySetSizeGives(octets, SetSizeMin(proof->finalization),
                          [&](size_t set_size) { return proof->Encode(set_size); }));
  }
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzCertificate(beian::fuzz::Octets(data, size));
  return 0;
}
