#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/chain.h"
#include "sim/checkers/findings.h"
#include "sim/checkers/votes.h"

namespace beian::sim {

/// Four validators, made once for all tests.
inline const Chain& FourValidators() {
  static const Chain chain = MakeChain(4);
  return chain;
}
inline const ValidatorSet& Set() { return FourValidators().genesis.validators; }
inline Header Root() { return RootHeader(FourValidators().genesis); }

inline Header Child(const Header& parent, uint64_t view, uint64_t time_after_ms = 2'000) {
  Header header = parent;
  header.view = View(view);
  header.height = parent.height.Next();
  header.parent = parent.id();
  header.time = parent.time + time_after_ms;
  return header;
}
inline Statement Notarize(uint64_t view, uint64_t parent_view, const BlockId& id) {
  return {VoteKind::kNotarize, Epoch(0), View(view), View(parent_view), id};
}
inline Statement Nullify(uint64_t view) {
  return {VoteKind::kNullify, Epoch(0), View(view), View(0), BlockId{}};
}
inline Statement Finalize(uint64_t view, uint64_t parent_view, const BlockId& id) {
  return {VoteKind::kFinalize, Epoch(0), View(view), View(parent_view), id};
}

/// The invariants found broken, in order.
inline std::vector<std::string> Broken(const Findings& findings) {
  std::vector<std::string> names;
  for (const Finding& finding : findings.all()) names.push_back(finding.invariant);
  return names;
}

}  // namespace beian::sim
