#pragma once

#include <optional>
#include <vector>

#include "node/consensus/effects.h"

namespace beian {

/// Pulls committed blocks by height from peers that are ahead. One request at a time; silence or a
/// wrong answer sends it to another peer. A peer's word about its height only chooses whom to ask:
/// nothing is believed that its proof does not show. Pure.
class Catchup {
 public:
  explicit Catchup(size_t validators) : peers_(validators) {}

  void OnStatus(Now now, ValidatorIndex from, Height committed);
  /// Asks for blocks after `delivered` when a peer has been ahead for a while.
  void Update(Now now, Height delivered, Height committed, std::vector<Send>& sends);
  /// True when this is the answer to the open question, its blocks link to `tip` and its proof
  /// to them. The certificate's signatures have been verified.
  bool Accept(Now now, ValidatorIndex from, const Blocks& blocks, const Header& tip);
  std::optional<SteadyMs> NextDeadline() const;
  Height CommittedOf(ValidatorIndex peer) const { return peers_[peer.value()].committed; }

 private:
  struct Peer {
    Height committed;
    SteadyMs since;          ///< when it was first seen ahead of the delivered height
    SteadyMs trusted_from;   ///< not asked before: it was silent or wrong
  };
  struct Question {
    ValidatorIndex peer;
    Height first;
    SteadyMs until;
  };
  std::optional<ValidatorIndex> Choose(Now now, Height delivered) const;

  std::vector<Peer> peers_;
  std::optional<Question> question_;
  std::optional<SteadyMs> check_at_;
  size_t turn_ = 0;
};

inline constexpr uint64_t kCatchupPatienceMs = 300;  ///< the normal course usually is there first
inline constexpr uint64_t kCatchupTimeoutMs = 2'000;
inline constexpr uint64_t kCatchupDistrustMs = 5'000;
inline constexpr uint64_t kCatchupAheadMax = 192;  ///< delivered blocks that are not yet committed

}  // namespace beian
