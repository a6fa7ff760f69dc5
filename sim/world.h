#pragma once

#include <functional>
#include <memory>
#include <queue>
#include <variant>
#include <vector>

#include "node/replica/replica.h"
#include "sim/byzantine/puppet.h"
#include "sim/chain.h"
#include "sim/checkers/chains.h"
#include "sim/checkers/durability.h"
#include "sim/checkers/progress.h"
#include "sim/checkers/register.h"
#include "sim/checkers/votes.h"
#include "sim/describe.h"
#include "sim/disk.h"
#include "sim/fault_counts.h"
#include "sim/memory_store.h"
#include "sim/network.h"
#include "sim/oracle.h"
#include "sim/process/clients.h"

namespace beian::sim {

struct Statistics {
  uint64_t events = 0;      ///< steps of all replicas
  uint64_t messages = 0;    ///< sent, each receiver counted
  uint64_t statuses = 0;    ///< of those, Status
  uint64_t questions = 0;   ///< of those, requests for something that the sender lacks
  uint64_t reentries = 0;   ///< floors made
  uint64_t evidence = 0;    ///< given by honest replicas against dishonest ones
  uint64_t puppet_turns = 0;
  uint64_t puppet_messages = 0;   ///< of dishonest validators, each receiver counted
  FaultCounts faults;
};

/// A whole cluster under one clock from one seed: production replicas, and around them a network,
/// disks and clients that fail as the options say. Events happen in order of time, then of making.
/// The world is the driver: it performs actions in order and checks every signature on delivery.
class World {
 public:
  using TraceSink = std::function<void(const Traced& traced)>;
  World(const Chain& chain, const Options& options, TraceSink trace = nullptr);

  /// Until that virtual time, or until a checker has found something.
  void RunUntil(uint64_t time_ms);
  /// Faults stop: links are whole and quick, everything runs but `dead` replicas.
  void Heal();
  /// Dishonest validators fall silent.
  void SilencePuppets();
  /// From now on every step adds to `fingerprint()`.
  void RecordFingerprint() { fingerprinting_ = true; }

  bool failed() const { return findings_.any(); }
  Findings& findings() { return findings_; }
  uint64_t now_ms() const { return now_ms_; }
  const Statistics& statistics() const { return statistics_; }
  const ChainChecker& chains() const { return chains_; }
  RegisterChecker& registry() { return registry_; }
  Clients& clients() { return clients_; }
  const Sha256Digest& fingerprint() const { return fingerprint_; }

  size_t size() const { return nodes_.size(); }
  bool IsHonest(ValidatorIndex node) const { return At(node).puppet == nullptr; }
  bool IsUp(ValidatorIndex node) const { return At(node).replica != nullptr; }
  const MemoryStore& store(ValidatorIndex node) const { return *At(node).store; }
  ReplicaStatus status(ValidatorIndex node) const { return At(node).replica->status(); }
  /// Replicas that a lost log keeps among the f.
  size_t Unreliable() const;

 private:
  struct Node {
    ValidatorIndex index;
    std::unique_ptr<Replica> replica;      ///< null while it is down
    std::unique_ptr<Puppet> puppet;        ///< of a dishonest validator, which has no replica
    std::unique_ptr<MemoryStore> store;
    VoteDisk disk;
    uint64_t incarnation = 0;
    uint64_t steady_base_ms = 0;           ///< its monotonic clock's distance from virtual time
    uint64_t wall_offset_ms = 0;           ///< of its wall clock, above the slowest one's
    uint64_t busy_until_ms = 0;            ///< its thread stands in a sync, or is paused
    uint64_t wake_at_ms = UINT64_MAX;      ///< of the last Wake scheduled
    uint64_t commit_at_ms = 0;             ///< of the last Commit scheduled
    std::optional<uint64_t> crash_in;      ///< dies after so many more actions
    bool unreliable = false;               ///< lost its log and is not yet re-entered
    bool dead = false;                     ///< stays down
  };
  struct Delivery {
    ValidatorIndex from, to;
    std::shared_ptr<const Message> message;
    View sender_view;
    bool forged = false;
  };
  struct Wake { ValidatorIndex node; uint64_t incarnation; };
  struct Commit {
    ValidatorIndex node;
    uint64_t incarnation;
    CommitBlock block;
  };
  struct Connection { ValidatorIndex node, peer; bool up; };
  struct Restart { ValidatorIndex node; };
  struct Mending {};
  struct ClientTurn {};
  struct PuppetTurn { ValidatorIndex node; };
  enum class Fault : uint8_t { kPartition, kCrashOne, kCrashAll, kPause, kLoseLog, kCanary };
  using Happening = std::variant<Delivery, Wake, Commit, Connection, Restart, Mending, ClientTurn,
                                 PuppetTurn, Fault>;
  struct Scheduled {
    uint64_t time_ms;
    uint64_t sequence;
    std::shared_ptr<Happening> what;
    bool operator>(const Scheduled& other) const {
      return std::pair(time_ms, sequence) > std::pair(other.time_ms, other.sequence);
    }
  };

  // world.cc: the queue, deliveries, clients
  void Schedule(uint64_t time_ms, Happening what);
  void Happen(Happening& what, const std::shared_ptr<Happening>& shared);
  void Deliver(const Delivery& delivery);
  bool Verify(const Message& message) const;
  void ActClients();
  uint64_t* BusyUntil(const Happening& what);

  // world_nodes.cc: one replica's life
  void Start(Node& node);
  void Crash(Node& node);
  void LoseDisk(Node& node);
  Now NowOf(const Node& node) const;
  TimeMs LatestTime() const;
  void Step(Node& node, const Event& event);
  void AfterStep(Node& node);
  void Perform(Node& node, Actions actions);
  void PerformOne(Node& node, Action& action);
  void PerformSend(Node& node, const Send& send);
  void PerformCommit(Node& node, CommitBlock commit);
  void PerformNote(Node& node, const Note& note);
  void SendTo(Node& node, ValidatorIndex to, const std::shared_ptr<const Message>& message);
  void Announce(const Node& node, bool up);
  void UpdateReliability(Node& node);

  // world_byzantine.cc
  void MakePuppets();
  void WithScene(Node& node, const std::function<void(const Scene&)>& act);
  void SendAsPuppet(Node& node, ValidatorIndex to, Message message, View sender_view);

  // world_faults.cc
  void ScheduleFaults();
  void Strike(Fault fault);
  void Break(Node& node);
  void StrikeAll();
  void StrikeLog();
  void StrikePartition(const Node& node);
  void StrikeCanary();
  uint64_t Every(Fault fault) const;

  Node& At(ValidatorIndex index) { return nodes_[index.value()]; }
  const Node& At(ValidatorIndex index) const { return nodes_[index.value()]; }

  const Chain& chain_;
  const Options options_;
  TraceSink trace_;
  Random random_;
  Findings findings_;
  Statistics statistics_;
  SignatureOracle oracle_;
  Network network_;
  VoteChecker votes_;
  DurabilityChecker durability_;
  ChainChecker chains_;
  ProgressChecker progress_;
  RegisterChecker registry_;
  Clients clients_;
  LeaderSchedule leaders_;
  std::optional<Book> book_;               ///< when somebody is dishonest
  std::vector<ValidatorIndex> honest_;
  std::vector<Node> nodes_;
  std::priority_queue<Scheduled, std::vector<Scheduled>, std::greater<>> queue_;
  uint64_t now_ms_ = 0;
  uint64_t sequence_ = 0;
  bool healed_ = false;
  bool forge_next_ = false;
  bool fingerprinting_ = false;
  Sha256Digest fingerprint_;
};

}  // namespace beian::sim
