#include "node/runtime/node.h"

#include <sys/resource.h>
#include <unistd.h>

#include <asio/post.hpp>
#include <chrono>
#include <cstdlib>

#include "ledger/base/calendar.h"
#include "ledger/crypto/hash.h"
#include "node/api/version.h"
#include "node/net/message_codec.h"
#include "node/runtime/evidence_file.h"

namespace beian {
namespace {

SteadyMs SteadyNow() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return SteadyMs(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

TimeMs WallNow() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return TimeMs(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

ReplicaConfig MakeReplicaConfig(const Config& config, ValidatorIndex self) {
  ReplicaConfig replica;
  replica.self = self;
  replica.timing = config.timing;
  replica.mempool = config.mempool;
  const Bytes nonce = RandomBytes(replica.nonce.size());
  std::copy(nonce.begin(), nonce.end(), replica.nonce.begin());
  return replica;
}

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Node::Node(Parts parts, Log& log)
    : config_(std::move(parts.config)),
      genesis_(std::move(parts.genesis)),
      genesis_file_(std::move(parts.genesis_file)),
      self_(parts.self),
      consensus_key_(std::move(parts.consensus_key)),
      log_(log),
      metrics_(genesis_),
      verify_pool_(std::make_unique<asio::thread_pool>(config_.verify_threads)),
      store_pool_(std::make_unique<asio::thread_pool>(1)),
      store_(std::move(parts.data.store)),
      vote_log_(std::move(parts.data.log)),
      verifier_(genesis_),
      timer_(io_),
      status_timer_(io_),
      verifying_bytes_(genesis_.validators.size()),
      waiters_(io_, [this](const TransactionId& id) { return OutcomeNow(id); }),
      started_at_(SteadyNow()),
      warnings_(std::move(parts.warnings)),
      voted_at_start_(vote_log_->voted()),
      findings_(std::move(parts.data.findings)) {
  const Header tip = store_->Tip();
  replica_ = std::make_unique<Replica>(
      MakeReplicaConfig(config_, self_), genesis_, *store_, tip, store_->ProofAt(tip.height),
      [this](BytesView message) { return consensus_key_.Sign(message); }, parts.data.records);
  NetConfig net{self_, config_.peers_listen.ToString(), {}, genesis_.validators,
                genesis_.chain_id, std::move(parts.tls_key_pem), {}, {}};
  for (const Validator& validator : genesis_.validators.members()) {
    auto address = config_.peer_addresses.find(validator.name);
    net.addresses.push_back(address == config_.peer_addresses.end() ? ""
                                                                    : address->second.ToString());
  }
  NetCallbacks callbacks;
  callbacks.on_up = [this](ValidatorIndex peer) { Step(PeerUp{peer}); };
  callbacks.on_down = [this](ValidatorIndex peer) { Step(PeerDown{peer}); };
  callbacks.on_message = [this](ValidatorIndex from, Bytes frame) {
    OnFrame(from, std::move(frame));
  };
  callbacks.on_note = [this](const NetNote& note) {
    if (note.level == NetNote::Level::kWarning) {
      log_.Warning(note.id, note.detail);
    } else {
      log_.Info(note.id, note.detail);
    }
  };
  network_ = std::make_unique<PeerNetwork>(io_, std::move(net), std::move(callbacks));
}

Node::~Node() {
  stopping_ = true;
  if (tables_.joinable()) tables_.join();
  network_->Stop();
  verify_pool_->stop();
  verify_pool_->join();
  store_pool_->join();   // what was handed to the store is written
  if (!started_) return;  // a start that was refused leaves the store as it found it
  store_->NoteVoted({self_, vote_log_->voted()});
  if (const auto saved = store_->SaveVoted(); !saved) log_.Error("store_failed", saved.error());
}

std::expected<void, std::string> Node::Start() {
  for (const std::string& warning : warnings_) log_.Warning("start_finding", warning);
  for (const std::string& finding : findings_) log_.Warning("start_finding", finding);
  if (auto started = network_->Start(); !started) return std::unexpected(started.error().detail);
  started_ = true;
  log_.Info("node_started", "listening for peers",
            {{"validator", genesis_.validators.at(self_).name},
             {"chain", genesis_.chain_id.hex()},
             {"height", store_->Tip().height.value()}});
  if (!store_->tables_verified()) tables_ = std::thread([this] { VerifyTables(); });
  Perform(replica_->Start(ReadClocks()));
  UpdateStatus();
  UpdateStatusSoon();
  return {};
}

void Node::Run() {
  io_.run();
}

void Node::Stop() {
  if (stopping_.exchange(true)) return;
  asio::post(io_, [this] {
    timer_.cancel();
    status_timer_.cancel();
    network_->Stop();
    waiters_.CancelTimers();
    io_.stop();
  });
}

uint64_t Node::LoopAgeMs() const {
  const uint64_t at = loop_at_.load(std::memory_order_relaxed);
  const uint64_t now = SteadyNow().value();
  return now > at ? now - at : 0;
}

Now Node::ReadClocks() const { return {SteadyNow(), WallNow()}; }

// ---- The loop ---------------------------------------------------------------------------------

void Node::Step(const Event& event) {
  if (stopping_) return;
  const Now now = ReadClocks();
  loop_at_.store(now.steady.value(), std::memory_order_relaxed);
  Perform(replica_->Step(now, event));
}

void Node::ArmTimer() {
  const SteadyMs at = replica_->NextDeadline();
  timer_.expires_at(std::chrono::steady_clock::time_point(std::chrono::milliseconds(at.value())));
  timer_.async_wait([this](std::error_code error) {
    if (!error) Step(Tick{});
  });
}

void Node::Perform(Actions actions) {
  for (Action& action : actions) {
    if (const auto* append = std::get_if<AppendRecord>(&action)) {
      if (auto done = vote_log_->Append(append->record); !done) Die("votelog_failed", done.error());
    } else if (std::holds_alternative<SyncLog>(action)) {
      const auto start = std::chrono::steady_clock::now();
      if (auto done = vote_log_->Sync(); !done) Die("votelog_failed", done.error());
      metrics_.ObserveSyncSeconds(SecondsSince(start));
    } else if (const auto* send = std::get_if<Send>(&action)) {
      PerformSend(*send);
    } else if (auto* commit = std::get_if<CommitBlock>(&action)) {
      PerformCommit(std::move(*commit));
    } else if (const auto* serve = std::get_if<ServeBlocks>(&action)) {
      PerformServe(*serve);
    } else if (const auto* prune = std::get_if<PruneLog>(&action)) {
      if (auto done = vote_log_->Prune(prune->epoch, prune->below); !done) {
        Die("votelog_failed", done.error());
      }
    } else if (const auto* result = std::get_if<SubmitResult>(&action)) {
      FinishSubmit(*result);
    } else if (const auto* evidence = std::get_if<Evidence>(&action)) {
      RecordEvidence(*evidence);
    } else if (const auto* halt = std::get_if<Halt>(&action)) {
      Die("halted", halt->reason);
    } else if (const auto* note = std::get_if<Note>(&action)) {
      if (note->level == Note::Level::kWarning) {
        log_.Warning(note->what, note->detail);
      } else {
        log_.Info(note->what, note->detail);
      }
    }
  }
  ArmTimer();
}

// What is durable is unknown after this: never retried, never drained.
void Node::Die(const std::string& id, const std::string& why) {
  log_.Error(id, why);
  std::_Exit(1);
}

void Node::PerformSend(const Send& send) {
  const View view = replica_->status().view;
  const auto frame = std::make_shared<const Bytes>(
      EncodeMessage(send.message, view, genesis_.validators.size()));
  const Priority priority = PriorityOf(send.message, view);
  if (send.to) {
    network_->Send(*send.to, frame, priority);
  } else {
    network_->Broadcast(frame, priority);
  }
}

// ---- The store --------------------------------------------------------------------------------

void Node::PerformCommit(CommitBlock commit) {
  const OwnVotes voted{self_, vote_log_->voted()};
  asio::post(*store_pool_, [this, commit = std::move(commit), voted]() mutable {
    const auto start = std::chrono::steady_clock::now();
    store_->NoteVoted(voted);
    if (auto done = store_->Commit(commit); !done) Die("store_failed", done.error());
    metrics_.ObserveCommitSeconds(SecondsSince(start));
    asio::post(io_, [this, commit = std::move(commit)] { OnCommitted(commit); });
  });
}

void Node::OnCommitted(const CommitBlock& commit) {
  if (stopping_) return;
  vote_log_->SetApplied(commit.block->header.height, commit.block->id);
  size_t accepted = 0;
  size_t rejected = 0;
  for (const TransactionResult& result : commit.execution->results) {
    for (const ActionResult& action : result.actions) {
      ++(action.reject == FilingReject::kAccepted ? accepted : rejected);
    }
  }
  metrics_.CountCommit(commit.block->transactions.size(), accepted, rejected);
  Step(Committed{commit.block->header.height});
  waiters_.OnCommitted(commit.block->transactions);
}

// A damaged table may have answered already: the process ends rather than go on with it.
void Node::VerifyTables() {
  constexpr int kLowestPriority = 19;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kLowestPriority);
  const auto finding = store_->VerifyTables(stopping_);
  if (!finding) return;
  const auto marked = MarkStoreDamaged(config_.data_dir, *finding);
  Die("store.damaged", *finding + (marked ? "; the next start fills the store again from the peers"
                                          : "; move the store away: " + marked.error()));
}

void Node::PerformServe(const ServeBlocks& serve) {
  asio::post(*store_pool_, [this, serve] {
    const Message reply = MakeBlocksReply(*store_, serve.request);
    asio::post(io_, [this, serve, reply] {
      if (!stopping_) PerformSend(Send{serve.to, reply});
    });
  });
}

// ---- Evidence, status -------------------------------------------------------------------------

void Node::RecordEvidence(const Evidence& evidence) {
  const std::string& name = genesis_.validators.at(evidence.first.signer).name;
  log_.Error("evidence", "a validator signed two statements that no honest one signs both",
             {{"validator", name},
              {"view", evidence.first.statement.view.value()},
              {"first", VoteKindName(evidence.first.statement.kind)},
              {"second", VoteKindName(evidence.second.statement.kind)}});
  AppendEvidence(config_.data_dir / "evidence.log", evidence);
}

void Node::UpdateStatusSoon() {
  status_timer_.expires_after(std::chrono::milliseconds(kStatusRefreshMs));
  status_timer_.async_wait([this](std::error_code error) {
    if (error) return;
    loop_at_.store(SteadyNow().value(), std::memory_order_relaxed);
    UpdateStatus();
    UpdateStatusSoon();
  });
}

void Node::UpdateStatus() {
  NodeStatus status;
  status.replica = replica_->status();
  for (const ConnectionStatus& connection : network_->peers()) {
    uint64_t dropped = 0;
    for (uint64_t frames : connection.dropped) dropped += frames;
    status.peers.push_back({connection.peer, genesis_.validators.at(connection.peer).name,
                            connection.connected,
                            replica_->PeerCommitted(connection.peer).value(),
                            connection.queued_bytes, dropped});
  }
  status.version = BuildVersion();
  status.state = StateName(status);
  MendFindings(status.state);
  status.findings = warnings_;
  status.findings.insert(status.findings.end(), findings_.begin(), findings_.end());
  if (status.replica.observer) {
    status.findings.push_back(
        "votelog.unknown_vote: a vote of this validator that its log lacks came from the network; "
        "it does not vote. See that no other process has its key, then restart it: it re-enters");
  }
  status.uptime_ms = SteadyNow() - started_at_;
  const std::lock_guard lock(status_mutex_);
  status_ = std::move(status);
}

/// What start found in the data is past once this validator is level with its peers and has voted:
/// a log that was lost, or a store that is filled again, keeps it from one or the other.
void Node::MendFindings(const std::string& state) {
  if (mended_ || state != "ready" || vote_log_->voted() <= voted_at_start_) return;
  mended_ = true;
  for (std::string& finding : findings_) {
    log_.Info("start_finding_mended", finding);
    finding += "; mended at " + FormatTime(WallNow()) + ": this validator is level and votes";
  }
}

std::string Node::StateName(const NodeStatus& status) const {
  size_t connected = 1;
  uint64_t best = 0;
  for (const PeerStatus& peer : status.peers) {
    connected += peer.connected;
    if (peer.connected) best = std::max(best, peer.final_height);
  }
  if (status.replica.observer) return "observer";
  // Below its floor it may not vote yet: whoever takes another node down must know.
  if (status.replica.muted || status.replica.below_floor) return "reentry";
  if (connected < genesis_.validators.quorum()) return "no_quorum";
  const uint64_t own = status.replica.committed_height.value();
  return best > own + kPeerStatusBehindMax ? "catching_up" : "ready";
}

NodeStatus Node::Status() const {
  const std::lock_guard lock(status_mutex_);
  return status_;
}

std::unique_ptr<BlockReader> Node::Snapshot() const { return store_->Snapshot(); }

}  // namespace beian
