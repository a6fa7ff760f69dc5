#include "ledger/verify/proofs.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// "Accepts only what Encode makes": both proofs that a node hands to strangers.
void FuzzReceipt(BytesView octets) {
  ExpectSameOctets(
      DecodeReceipt(octets, kSetSize),
      [](const Receipt& receipt) { return EncodeReceipt(receipt, kSetSize); }, octets);
  ExpectSameOctets(
      DecodeRecordProof(octets, kSetSize),
      [](const RecordProof& proof) { return EncodeRecordProof(proof, kSetSize); }, octets);
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzReceipt(beian::fuzz::Octets(data, size));
  return 0;
}
