#include "ledger/chain/genesis.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

/// A file that is taken says the same once it is written anew; one that is refused says why.
void FuzzGenesis(BytesView text) {
  const auto genesis = ParseGenesis("genesis.toml", text);
  if (!genesis) {
    CHECK(genesis.error().id.starts_with("genesis.") && !genesis.error().message.empty());
    return;
  }
  ++inputs_taken;
  const std::string written = FormatGenesis(*genesis);
  const auto again = ParseGenesis("genesis.toml", written);
  CHECK(again.has_value());
  CHECK(again->name == genesis->name && again->time == genesis->time);
  CHECK(again->heartbeat_ms == genesis->heartbeat_ms && again->roles == genesis->roles);
  CHECK(again->validators.hash() == genesis->validators.hash());
  CHECK(FormatGenesis(*again) == written);
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzGenesis(beian::fuzz::Octets(data, size));
  return 0;
}
