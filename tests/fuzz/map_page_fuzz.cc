#include "ledger/merkle/map_page.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// Input: u8 octets of the path (0 to 63) ‖ path, of which the low four bits count ‖ page. A page
/// that is taken has one encoding.
void FuzzMapPage(BytesView input) {
  ByteReader reader(input);
  const size_t depth = reader.U8() % (kPathMax + 1);
  PagePath path(reader.Raw(depth));
  if (reader.failed()) return;
  for (char& octet : path) octet = static_cast<char>(octet & 15);
  const BytesView octets = reader.Raw(reader.left());
  const auto page = MapPage::Decode(path, octets);
  ExpectSameOctets(page, octets);
  if (page) static_cast<void>(page->Nodes());
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzMapPage(beian::fuzz::Octets(data, size));
  return 0;
}
