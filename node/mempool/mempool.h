#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/chain/state.h"
#include "ledger/chain/transaction.h"

namespace beian {

/// Bounds of the pool. Source: CONSENSUS.md section 9.
struct MempoolLimits {
  size_t transactions_max = 20'000;
  size_t bytes_max = 64'000'000;
  size_t per_signer_max = 10'000;            ///< pending transactions of one confirmed signer
  size_t unconfirmed_share_divisor = 4;      ///< unconfirmed keys together: a quarter
};

/// Wire ids held of one transaction id; a further one is fetched from whoever proposes it.
inline constexpr size_t kVariantsMax = 4;
/// Clocks differ: an expiry this far beyond the window is held until it comes into it.
inline constexpr uint64_t kExpirySlackMs = 2'000;

enum class MempoolVerdict : uint8_t {
  kAdded,
  kAlreadyPending,
  kAlreadyCommitted,
  kExpired,
  kExpiryTooFar,
  kPoolFull,            ///< retry later
  kSignerFull,          ///< this signer has too many pending; retry later
  kUnconfirmedFull,     ///< the lane of unconfirmed keys is full; retry later
  kAllActionsFail,      ///< every action would be rejected now
  kNeverFits,           ///< changes more records than a block may
};
std::string_view MempoolVerdictId(MempoolVerdict verdict);  ///< "mempool.full"
bool IsRetryable(MempoolVerdict verdict);

/// Pending transactions by wire id: round robin over confirmed signers, first in first out inside
/// one; all unconfirmed keys share one small lane, which stands in the round robin as one client
/// and gets at most a quarter of a block. Role keys of genesis count as confirmed. Several variants
/// (wire ids) of one transaction id may be held, since a proposal may name either; only the first
/// is ever picked. Pure; bounded by MempoolLimits; one owner. Add, Find and Remove cost O(log n).
///
/// A full pool drops the newest transaction of the client with the largest share, or refuses the
/// newcomer when that would make its own client the largest. A share is bytes and count in one
/// number: one transaction weighs bytes_max / transactions_max octets more than its own.
class Mempool {
 public:
  explicit Mempool(MempoolLimits limits) : limits_(limits) {}

  /// `confirmed`: the signer may use the normal lane; its earlier transactions move with it. `now`
  /// is the wall clock, for expiry only. A further variant of a pending id is kept as far as there
  /// is room and answered kAlreadyPending. Never answers kAlreadyCommitted or kAllActionsFail:
  /// whoever knows the state does.
  MempoolVerdict Add(const TransactionPtr& transaction, bool confirmed, TimeMs now);
  TransactionPtr Find(const WireId& id) const;   ///< null when unknown
  bool HasId(const TransactionId& id) const;

  /// Up to `count_max` transactions of at most `cost_max` in fair order, without those in `exclude`
  /// (transactions of unfinalized ancestors), which count as turns that their signers have had.
  /// They stay in the pool until Remove.
  std::vector<TransactionPtr> Pick(size_t count_max, size_t cost_max,
                                   const std::set<TransactionId>& exclude) const;

  /// Committed or rejected: every variant of the id goes; its signer has had its turn.
  void Remove(const TransactionId& id);
  /// Drops what expired before `time`, the time of a finalized block.
  void RemoveExpired(TimeMs time);
  /// A signer has been confirmed or unconfirmed: its pending transactions change lanes.
  void SetConfirmed(const KeyId& signer, bool confirmed);

  /// Those added at least `age_ms` ago and not announced since, oldest first, at most `count_max`;
  /// marks them as announced at `now`. Age counts from MarkAnnounced, or else from the first call
  /// after Add.
  std::vector<TransactionPtr> Stale(SteadyMs now, uint64_t age_ms, size_t count_max);
  void MarkAnnounced(const TransactionId& id, SteadyMs now);

  size_t size() const { return pending_.size(); }   ///< transaction ids; variants do not count
  size_t bytes() const { return bytes_; }           ///< sum of costs, variants included
  bool empty() const { return size() == 0; }
  void CheckInvariants() const;   ///< CHECKs that the indexes agree

 private:
  /// One transaction id with its variants; the first is the one that came first.
  struct Pending {
    std::vector<TransactionPtr> variants;
    KeyId client;                       ///< whose queue it stands in
    uint64_t sequence = 0;              ///< order of arrival
    size_t bytes = 0;
    std::optional<SteadyMs> announced;  ///< nothing until Stale or MarkAnnounced saw it
    const Transaction& first() const { return *variants.front(); }
  };
  using Queue = std::map<uint64_t, Pending*>;   ///< by sequence
  /// A confirmed signer with something pending, or the lane of all others.
  struct Client {
    Queue queue;
    size_t bytes = 0;
    uint64_t turn = 0;    ///< the client with the least turn is served first
  };
  struct Cursor;
  static constexpr KeyId kLane{};       ///< no key hashes to zero

  size_t LaneCountMax() const;
  size_t LaneBytesMax() const;
  uint64_t Share(size_t count, size_t bytes) const;
  uint64_t ShareOf(const Client& client) const;
  MempoolVerdict AddVariant(Pending& pending, const TransactionPtr& transaction);
  std::optional<MempoolVerdict> MakeRoom(const KeyId& client_id, size_t cost);
  void Enqueue(Pending& pending, const KeyId& client_id);
  void Dequeue(Pending& pending);
  void Erase(Pending& pending);
  void DropNewest(const KeyId& client_id);
  void SetShare(const KeyId& client_id, Client& client, size_t bytes);
  void SetAnnounced(Pending& pending, SteadyMs now);
  void CheckClient(const KeyId& client_id, const Client& client) const;

  MempoolLimits limits_;
  size_t bytes_ = 0;
  uint64_t next_sequence_ = 0;
  uint64_t next_turn_ = 0;
  std::map<TransactionId, Pending> pending_;      ///< owner; its nodes stay in place
  std::map<WireId, TransactionPtr> by_wire_;
  std::map<KeyId, Client> clients_;               ///< none is empty
  std::map<uint64_t, std::map<KeyId, Client>::value_type*> round_;  ///< by turn
  std::set<std::pair<uint64_t, KeyId>> shares_;
  std::map<KeyId, Queue> lane_signers_;           ///< what each unconfirmed signer has in the lane
  std::set<std::pair<TimeMs, TransactionId>> expiries_;
  Queue unannounced_;
  std::map<std::pair<SteadyMs, uint64_t>, Pending*> announced_;  ///< by time, then sequence
};

}  // namespace beian
