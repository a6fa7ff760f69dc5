#include "ledger/filing/record.h"
#include "tests/fuzz/target.h"

/// Records of the state: each kind has one encoding.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace beian;
  const BytesView octets = fuzz::Octets(data, size);
  fuzz::ExpectSameOctets(FilingRecord::Decode(octets), octets);
  fuzz::ExpectSameOctets(SubjectRecord::Decode(octets), octets);
  fuzz::ExpectSameOctets(KeyRecord::Decode(octets), octets);
  fuzz::ExpectSameOctets(SetRecord::Decode(octets), octets);
  return 0;
}
