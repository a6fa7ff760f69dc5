#pragma once

#include <algorithm>
#include <ranges>

#include "ledger/chain/certificate.h"
#include "node/consensus/messages.h"
#include "tests/fuzz/target.h"

/// A certificate carries the size of its validator set, which encoding asks for again. These find
/// the size that an input was made with.
namespace beian::fuzz {

/// The smallest set that holds every signer of what a message or record carries.
inline size_t SetSizeMin(const Certificate& certificate) {
  return certificate.signatures.empty() ? 1 : certificate.signatures.back().first.value() + 1u;
}
inline size_t SetSizeMin(const Proposal& proposal) {
  size_t least = 1;
  for (const Certificate& certificate : proposal.justification) {
    least = std::max(least, SetSizeMin(certificate));
  }
  return least;
}

/// `encode` gives `octets` for one of the set sizes from `least`.
template <class Encode>
bool AnySetSizeGives(BytesView octets, size_t least, const Encode& encode) {
  return std::ranges::any_of(std::views::iota(least, kValidatorsMax + 1),
                             [&](size_t set_size) { return encode(set_size) == octets; });
}

/// Of a proposal, each certificate may name a size of its own; then no single one gives it back.
inline bool MayMixSetSizes(const Proposal& proposal) {
  return proposal.justification.size() > 1;
}

}  // namespace beian::fuzz
