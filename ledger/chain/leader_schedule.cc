#include <limits>
#include <utility>

#include "ledger/chain/execute.h"
#include "ledger/crypto/hash.h"

namespace beian {
namespace {

constexpr std::string_view kLeadersTag{"beian/leaders/v1\0", 17};

/// Numbers drawn from SHA-256(seed ‖ u32 counter), eight of 32 bits from each hash.
class HashStream {
 public:
  explicit HashStream(const Sha256Digest& seed) : seed_(seed) {}

  /// Uniform in [0, bound): a draw from the incomplete last run of `bound` is drawn again.
  uint32_t Below(uint32_t bound) {
    const uint32_t excess = (std::numeric_limits<uint32_t>::max() % bound + 1) % bound;
    const uint32_t last = std::numeric_limits<uint32_t>::max() - excess;
    uint32_t draw = Draw();
    while (draw > last) draw = Draw();
    return draw % bound;
  }

 private:
  uint32_t Draw() {
    if (at_ == Sha256Digest::kSize) {
      ByteWriter counter;
      counter.U32(counter_++);
      block_ = Sha256({seed_.view(), counter.bytes()});
      at_ = 0;
    }
    ByteReader reader(block_.view().substr(at_));
    at_ += sizeof(uint32_t);
    return reader.U32();
  }

  Sha256Digest seed_;
  Sha256Digest block_;
  size_t at_ = Sha256Digest::kSize;
  uint32_t counter_ = 0;
};

}  // namespace

LeaderSchedule::LeaderSchedule(const ChainId& chain, Epoch epoch, const BlockId& root, size_t n) {
  CHECK(n >= 1 && n <= std::numeric_limits<uint16_t>::max());
  for (size_t i = 0; i < n; ++i) order_.emplace_back(static_cast<uint16_t>(i));
  ByteWriter number;
  number.U64(epoch.value());
  HashStream stream(Sha256({kLeadersTag, chain.view(), number.bytes(), root.view()}));
  for (size_t last = n - 1; last > 0; --last) {
    std::swap(order_[last], order_[stream.Below(static_cast<uint32_t>(last + 1))]);
  }
}

}  // namespace beian
