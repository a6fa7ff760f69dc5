#include "node/net/hello.h"
#include "tests/fuzz/target.h"

/// The first frame in each direction has one encoding.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace beian;
  const BytesView octets = fuzz::Octets(data, size);
  fuzz::ExpectSameOctets(DecodeHello(octets), EncodeHello, octets);
  fuzz::ExpectSameOctets(DecodeWelcome(octets), EncodeWelcome, octets);
  return 0;
}
