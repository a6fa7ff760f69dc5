#include "ledger/chain/validator_set.h"

#include <limits>
#include <utility>

#include "ledger/crypto/hash.h"

namespace beian {
namespace {

constexpr std::string_view kSetTag{"beian/validator-set/v1\0", 23};

SetHash HashOf(const std::vector<Validator>& members) {
  ByteWriter writer;
  writer.Raw(kSetTag);
  writer.U16(static_cast<uint16_t>(members.size()));
  for (const Validator& member : members) {
    writer.Short(member.name);
    writer.Short(member.consensus_key.Encode());
    writer.Short(member.tls_key.Encode());
  }
  return DigestCast<SetHash>(Sha256(writer.bytes()));
}

}  // namespace

ValidatorSet::ValidatorSet(std::vector<Validator> members) : members_(std::move(members)) {
  CHECK(!members_.empty() && members_.size() <= std::numeric_limits<uint16_t>::max());
  hash_ = HashOf(members_);
}

}  // namespace beian
