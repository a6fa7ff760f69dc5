#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "ledger/chain/execute.h"
#include "ledger/chain/validator_set.h"
#include "node/consensus/effects.h"
#include "node/consensus/timing.h"

/// The consensus core: Simplex (Chan and Pass 2023), hardened. CONSENSUS.md in one page:
///
///   R1  upon a vote: tally it by its whole statement; q matching votes make a certificate.
///   R2  upon a certificate: keep it, log it; a notarization or nullification of view v >= view
///       enters v+1; a finalization moves the last final block; relay it.
///   R3  upon being the leader of a view with work: extend the highest notarized block above which
///       every view is nullified; log body, vote and proposal, sync, send.
///   R4  upon a proposal: take in its justification, keep the first one of a view.
///   R5  upon a valid proposal of the current view, with evidence for its parent and for every
///       skipped view, having signed nothing in this view: NOTARIZE.
///   R6  upon a notarization of a view in which we never signed NULLIFY: FINALIZE.
///   R7  upon the timeout of the current view, not having signed FINALIZE: NULLIFY, retransmit.
///   R8  entering a view cancels the timers of the one before.
///
/// After every change the core pokes R3, R5 and R6 until nothing more happens.
///
/// Where this differs from the text of CONSENSUS.md, and why:
/// - Timers are state and not events: NextDeadline() says when to tick. A lost, doubled or stale
///   timer is then impossible.
/// - A sync stands in the list of outputs and the driver performs the list in order, so that no
///   Synced event is needed: what follows a SyncLog follows a sync.
/// - A leader that lacks the parent's body waits for it until Δ has passed since entering the view,
///   and then nullifies, since a notarization often arrives a moment before the body is executed.
/// - Retransmission is the certificates, votes and proposal themselves, not a message of its own.
namespace beian::consensus {

/// Signs a validator's statement: Ed25519 in the node, an oracle in the simulator. Deterministic.
using VoteSigner = std::function<Signature(BytesView message)>;

struct CoreConfig {
  ChainId chain;
  Epoch epoch;
  ValidatorSet set;
  BlockId root;                           ///< root block of the epoch
  Height root_height;
  std::optional<ValidatorIndex> self;     ///< nothing: observer
  Timing timing;
  VoteSigner sign;
  ReentryNonce nonce{};                   ///< fresh at each start
};

/// The last final block: view of its finalization and id; view 0 is the epoch's root.
struct FinalPoint {
  View view;
  BlockId id;
  bool operator==(const FinalPoint&) const = default;
};

class Core {
 public:
  explicit Core(CoreConfig config);

  // ---- Recovery: before Start, in the order of the log -----------------------------------------
  void Recover(const LogRecord& record);
  /// What the store already holds; it may know a finalization that the log had not synced.
  void RecoverFinal(const Certificate& finalization, const Header& header);
  void Start(Now now);

  // ---- Events ----------------------------------------------------------------------------------
  void OnTick(Now now);
  void OnVote(Now now, ValidatorIndex from, const Vote& vote);
  void OnCertificate(Now now, ValidatorIndex from, const Certificate& certificate);
  void OnProposal(Now now, ValidatorIndex from, const Proposal& proposal);
  void OnStatus(Now now, ValidatorIndex from, const Status& status);
  void OnGetCertificates(Now now, ValidatorIndex from, const GetCertificates& request);
  void OnReentryAsk(Now now, ValidatorIndex from, const ReentryAsk& ask);
  void OnReentryAnswer(Now now, ValidatorIndex from, const ReentryAnswer& answer);
  void OnPeerUp(Now now, ValidatorIndex peer);
  void OnPeerDown(Now now, ValidatorIndex peer);
  /// A verified message of any kind came in.
  void OnHeard(Now now, ValidatorIndex peer, View sender_view);
  /// The block and all its ancestors have been executed and found valid.
  void OnBlockValid(Now now, const BlockId& id, const Header& header);
  /// Definitively invalid: a pure function of the block and its ancestors.
  void OnBlockInvalid(Now now, const BlockId& id);
  void OnBuilt(Now now, View view, const BlockPtr& block);
  enum class NotBuilt : uint8_t { kNothingToPropose, kParentMissing };
  void OnNotBuilt(Now now, View view, NotBuilt why);
  /// Whether the mempool holds a transaction that the chain we would extend does not.
  void OnWork(Now now, bool work);
  /// The store holds blocks up to this height; for Status.
  void OnCommitted(Height height) { committed_ = height; }
  /// A verified proof of finality from catch-up.
  void OnFinalityProof(Now now, const FinalityProof& proof, const Header& tip);

  // ---- Queries ---------------------------------------------------------------------------------
  Outputs TakeOutputs();                 ///< in order; empties the list
  SteadyMs NextDeadline() const { return deadline_; }
  bool Wants(const Message& message) const;
  /// A vote not above the last final view: it is answered with the finalization, and its signature
  /// decides nothing.
  bool IsLate(const Message& message) const;
  View view() const { return view_; }
  ValidatorIndex Leader(View view) const { return leaders_.At(view); }
  const FinalPoint& final() const { return final_; }
  Height final_height() const { return final_height_; }
  const std::optional<Certificate>& finalization() const { return finalization_; }
  bool muted() const { return muted_; }
  bool observer() const { return observer_; }  ///< follows and does not vote, until the next start
  View floor() const { return floor_; }
  /// Id of the block that a proposal for the current view would extend.
  BlockId TipId() const;
  Status MakeStatus() const;
  void CheckInvariants() const;          ///< CHECKs the bounds of every map

 private:
  struct OwnVotes {                      ///< life of a view: {} -> N -> F|X, {} -> X, {} -> F
    std::optional<Statement> notarize;
    bool nullify = false;
    std::optional<Statement> finalize;
    bool Any() const { return notarize || nullify || finalize; }
  };
  struct ViewState {
    std::optional<Proposal> proposal;    ///< the first valid-signed one
    bool validating = false;
    bool invalid = false;
    std::map<std::pair<VoteKind, ValidatorIndex>, Vote> votes;   ///< the first of each kind
    std::optional<Certificate> notarization, nullification, finalization;
    SteadyMs notarized_at;
    OwnVotes mine;
    std::optional<Certificate>& Slot(VoteKind kind);
    const std::optional<Certificate>& Slot(VoteKind kind) const;
  };
  struct Relay {
    SteadyMs due;
    Certificate certificate;
  };

  // core.cc: R1, R2, R8
  void HandleVote(Now now, std::optional<ValidatorIndex> from, const Vote& vote);
  bool Observe(const Vote& vote, bool own);
  void Conflict(const Vote& first, const Vote& second);
  void TryCertify(Now now, const Statement& statement);
  void HandleCertificate(Now now, std::optional<ValidatorIndex> from, const Certificate& held);
  void HandleFinalization(Now now, const Certificate& certificate);
  void ScheduleRelay(Now now, const Certificate& certificate);
  void RunRelays(Now now);
  void Enter(Now now, View view);
  void Prune();
  void Poke(Now now);
  void Settle(Now now);
  Vote MakeVote(const Statement& statement);
  void Cast(Now now, const Statement& statement);
  bool MayVote(View view) const;
  // core_propose.cc: R3, R4, R5, R6
  SteadyMs EarliestChild(View parent_view) const;
  void TryPropose(Now now);
  void TryNotarize(Now now);
  void TryFinalize(Now now);
  bool ProposalWellFormed(const Proposal& proposal) const;
  bool ClockAllows(Now now, const Header& header) const;
  enum class Evidenced : uint8_t { kYes, kMissing, kContradicted };
  Evidenced ParentEvidence(View parent_view, const BlockId& parent) const;
  bool GapNullified(View parent_view, View view) const;
  std::optional<View> ParentView() const;
  std::optional<BlockId> IdAt(View view) const;
  std::vector<Certificate> Justify(View parent_view, View view) const;
  void PullGap(Now now, ValidatorIndex from);
  // core_timers.cc: R7, idle rule, retransmission, status
  uint64_t Delta() const;
  bool WantBlock(Now now) const;
  bool EmptyAllowed(Now now) const;
  bool Suspected(Now now, ValidatorIndex leader) const;
  bool OthersHeard(Now now, ValidatorIndex except) const;
  void UpdateArming(Now now);
  void RunTimers(Now now);
  void TimeOut(Now now);
  void Retransmit(std::optional<ValidatorIndex> to);
  void UpdateDeadline(Now now);
  // core_reentry.cc
  void AskReentry(Now now);
  void FinishReentry(Now now);
  void BecomeObserver(const std::string& why);

  void Emit(Output output) { outputs_.push_back(std::move(output)); }
  ViewState& At(View view) { return views_[view]; }
  const ViewState* Find(View view) const;
  bool IsSelf(ValidatorIndex index) const { return config_.self == index; }

  CoreConfig config_;
  LeaderSchedule leaders_;
  size_t quorum_ = 0;
  Outputs outputs_;
  SteadyMs deadline_;

  View view_{1};
  FinalPoint final_;
  Height final_height_;                       ///< of the highest final block whose header is known
  std::optional<Certificate> finalization_;   ///< of final_; nothing while it is the root
  Height committed_;
  std::map<View, ViewState> views_;           ///< views > final - kEvidenceViews
  std::map<BlockId, Header> valid_;           ///< executed blocks above the final one
  std::set<std::pair<View, ValidatorIndex>> reported_;   ///< evidence already given

  // Timers of the current view.
  SteadyMs entered_at_;
  SteadyMs last_final_at_;                    ///< when the last finalization moved
  std::optional<SteadyMs> armed_at_;
  std::optional<SteadyMs> retry_at_;
  uint64_t retry_ms_ = 0;
  bool work_ = false;
  std::optional<SteadyMs> want_since_;
  std::optional<SteadyMs> unfinal_since_;     ///< a notarized block above the final one, since
  std::optional<View> building_;              ///< a Build is on its way
  std::optional<SteadyMs> build_retry_at_;
  bool poking_ = false;
  bool poke_again_ = false;
  std::optional<SteadyMs> clock_retry_at_;
  SteadyMs status_at_;
  SteadyMs pull_at_;
  View retransmit_from_;
  std::vector<Relay> relays_;                 ///< in order of due time; at most kRelaysMax

  // Peers.
  struct Peer {
    View view;
    std::optional<SteadyMs> heard_at;
    bool suspected = false;
    SteadyMs answered_at;                     ///< rate limit of finalizations sent back
  };
  std::vector<Peer> peers_;

  // Re-entry.
  bool muted_ = false;
  bool observer_ = false;
  View floor_;                                ///< no vote at or below it; 0: none
  View assist_until_;                         ///< a peer that asked needs finality above this view
  std::map<ValidatorIndex, View> answers_;
  SteadyMs ask_at_;
  bool started_ = false;
};

inline constexpr uint64_t kEvidenceViews = 256;   ///< views below the final one that are remembered
inline constexpr size_t kRelaysMax = 256;
inline constexpr uint64_t kRateLimitMs = 50;
inline constexpr uint64_t kBuildRetryMs = 20;     ///< after a build that had nothing to propose

}  // namespace beian::consensus
