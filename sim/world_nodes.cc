#include <fmt/format.h>

#include <algorithm>

#include "ledger/crypto/hash.h"
#include "sim/describe.h"
#include "sim/world.h"

// One replica's life: start, steps, actions in order, crash.
namespace beian::sim {
namespace {

constexpr uint64_t kConnectMsMax = 60;      // a peer notices that another came or went
constexpr uint64_t kNoticePerMille = 800;   // or does not, when it dies
constexpr uint64_t kWallStartMs = 1'000;    // after genesis, of the slowest clock

bool IsQuestion(const Message& message) {
  return std::holds_alternative<GetBody>(message) ||
         std::holds_alternative<GetTransactions>(message) ||
         std::holds_alternative<GetCertificates>(message) ||
         std::holds_alternative<GetBlocks>(message) || std::holds_alternative<ReentryAsk>(message);
}

}  // namespace

Now World::NowOf(const Node& node) const {
  return {SteadyMs(node.steady_base_ms + now_ms_),
          chain_.genesis.time + kWallStartMs + node.wall_offset_ms + now_ms_};
}

void World::Start(Node& node) {
  if (node.replica || node.dead || node.puppet) return;
  ++node.incarnation;
  node.busy_until_ms = 0;
  node.wake_at_ms = UINT64_MAX;
  node.commit_at_ms = 0;
  node.crash_in.reset();
  ReplicaConfig config;
  config.self = node.index;
  config.timing = options_.timing;
  if (options_.prune_every > 0) config.prune_every = options_.prune_every;
  for (uint8_t& octet : config.nonce) octet = static_cast<uint8_t>(random_.Next());
  const Header tip = node.store->Tip();
  const auto log = node.disk.Load(chain_.genesis.chain_id, nodes_.size());
  if (trace_) {
    trace_({now_ms_, node.index,
            Traced::Turn{fmt::format("START with {} records, height {}", log.size(),
                                     tip.height.value())}});
  }
  node.replica = std::make_unique<Replica>(
      config, chain_.genesis, *node.store, tip, node.store->ProofAt(tip.height),
      [this, index = node.index](BytesView message) { return oracle_.Sign(index, message); }, log);
  chains_.OnStart(node.index, tip.height);
  Actions actions = node.replica->Start(NowOf(node));
  progress_.OnStart(node.index,
                    {durability_.FinalView(node.index), durability_.VotedView(node.index),
                     tip.height},
                    node.replica->status());
  Announce(node, true);
  Perform(node, std::move(actions));
  AfterStep(node);
}

void World::Announce(const Node& node, bool up) {
  for (const Node& other : nodes_) {
    if (other.index == node.index) continue;
    if (up || random_.Chance(kNoticePerMille)) {
      Schedule(now_ms_ + random_.Below(kConnectMsMax), Connection{other.index, node.index, up});
    } else {
      statistics_.faults.Add(FaultKind::kUnnoticedCrash);
    }
    if (up && other.replica) {
      Schedule(now_ms_ + random_.Below(kConnectMsMax), Connection{node.index, other.index, true});
    }
  }
}

void World::Crash(Node& node) {
  if (!node.replica) return;
  statistics_.faults.Add(FaultKind::kCrash);
  const size_t unsynced = node.disk.unsynced();
  const size_t kept = node.disk.Crash(random_);
  if (kept < unsynced) {
    statistics_.faults.Add(kept > 0 ? FaultKind::kTornWrite : FaultKind::kLostWrite);
  }
  durability_.OnCrash(node.index, kept);
  if (trace_) trace_({now_ms_, node.index, Traced::Turn{"CRASH", false}});
  node.replica.reset();
  node.crash_in.reset();
  Announce(node, false);
}

/// The replica is down; its disk is replaced by an empty one.
void World::LoseDisk(Node& node) {
  statistics_.faults.Add(FaultKind::kLostLog);
  node.unreliable = true;
  if (options_.lose_store_too) {
    statistics_.faults.Add(FaultKind::kLostStore);
    node.store = std::make_unique<MemoryStore>(chain_.genesis);
  }
  node.disk.Lose();
  durability_.OnLost(node.index);
  if (trace_) trace_({now_ms_, node.index, Traced::Turn{"LOST its log", false}});
  const Header root = RootHeader(chain_.genesis);
  std::vector<LogRecord> first{
      EpochRecord{root.epoch, chain_.genesis.validators.hash(), root.id()}};
  if (options_.canary != Canary::kNoReentry) first.push_back(ReentryRecord{root.epoch});
  for (const LogRecord& record : first) {
    node.disk.Append(record);
    durability_.OnAppend(node.index, record);
  }
  node.disk.Sync();
  durability_.OnSync(node.index);
}

void World::Step(Node& node, const Event& event) {
  if (failed()) return;
  ++statistics_.events;
  if (trace_) trace_({now_ms_, node.index, &event});
  if (fingerprinting_) {
    ByteWriter head;
    head.U64(now_ms_);
    head.U16(node.index.value());
    fingerprint_ = Sha256({fingerprint_.view(), head.bytes(), Fingerprint(event, nodes_.size())});
  }
  Perform(node, node.replica->Step(NowOf(node), event));
  if (node.replica) AfterStep(node);
}

void World::AfterStep(Node& node) {
  if (!node.replica) return;
  const Now now = NowOf(node);
  const SteadyMs deadline = node.replica->NextDeadline();
  const ReplicaStatus status = node.replica->status();
  progress_.OnStep(node.index, now.steady, deadline, status);
  if (node.unreliable) UpdateReliability(node);
  const uint64_t wait = deadline > now.steady ? deadline - now.steady : 0;
  if (now_ms_ + wait < node.wake_at_ms) {
    node.wake_at_ms = now_ms_ + wait;
    Schedule(node.wake_at_ms, Wake{node.index, node.incarnation});
  }
}

/// It counts among the f until a block above its floor is final and all up to it is stored.
void World::UpdateReliability(Node& node) {
  const ReplicaStatus status = node.replica->status();
  const View floor = durability_.Floor(node.index);
  const bool no_reentry = options_.canary == Canary::kNoReentry;
  if (!no_reentry && (status.muted || floor == View(0) || status.final_view <= floor)) return;
  if (node.store->Tip().height < status.final_height) return;
  node.unreliable = false;
  if (trace_) trace_({now_ms_, node.index, Traced::Turn{"is counted in again"}});
}

void World::Perform(Node& node, Actions actions) {
  if (options_.canary == Canary::kSendBeforeSync) {
    std::ranges::stable_partition(actions, [](const Action& action) {
      return std::holds_alternative<Send>(action);
    });
  }
  const uint64_t incarnation = node.incarnation;
  for (Action& action : actions) {
    if (failed()) return;
    if (node.crash_in && (*node.crash_in)-- == 0) {
      statistics_.faults.Add(FaultKind::kCrashInStep);
      Crash(node);
      Schedule(now_ms_ + random_.Around(options_.down_ms), Restart{node.index});
    }
    if (!node.replica || node.incarnation != incarnation) return;
    if (trace_) trace_({now_ms_, node.index, &action});
    if (fingerprinting_) {
      fingerprint_ = Sha256({fingerprint_.view(), Fingerprint(action, nodes_.size())});
    }
    PerformOne(node, action);
  }
}

void World::PerformOne(Node& node, Action& action) {
  if (auto* append = std::get_if<AppendRecord>(&action)) {
    if (std::holds_alternative<FloorRecord>(append->record)) ++statistics_.reentries;
    const auto* body = std::get_if<BlockRecord>(&append->record);
    if (body != nullptr && book_) book_->OnBlock(body->block);
    if (node.disk.Append(append->record)) durability_.OnAppend(node.index, append->record);
  } else if (std::holds_alternative<SyncLog>(action)) {
    node.disk.Sync();
    durability_.OnSync(node.index);
    if (!healed_ && options_.sync_ms_max > 0) {
      const uint64_t wait = random_.Below(options_.sync_ms_max + 1);
      if (wait > 0) statistics_.faults.Add(FaultKind::kSlowSync);
      node.busy_until_ms = std::max(node.busy_until_ms, now_ms_) + wait;
    }
  } else if (const auto* send = std::get_if<Send>(&action)) {
    PerformSend(node, *send);
  } else if (const auto* serve = std::get_if<ServeBlocks>(&action)) {
    SendTo(node, serve->to,
           std::make_shared<const Message>(MakeBlocksReply(*node.store, serve->request)));
  } else if (auto* commit = std::get_if<CommitBlock>(&action)) {
    PerformCommit(node, std::move(*commit));
  } else if (const auto* prune = std::get_if<PruneLog>(&action)) {
    if (options_.prune_every > 0) node.disk.Prune(prune->below);
  } else if (const auto* result = std::get_if<SubmitResult>(&action)) {
    for (const MempoolOutcome& outcome : result->outcomes) {
      clients_.OnResult(result->token, outcome, now_ms_);
    }
  } else if (const auto* evidence = std::get_if<Evidence>(&action)) {
    ++statistics_.evidence;
    if (!IsHonest(evidence->first.signer)) return;
    findings_.Add("I11", fmt::format("validator {}: {}", node.index.value(), Line(action)));
  } else if (std::holds_alternative<Halt>(action)) {
    findings_.Add("halt", fmt::format("validator {}: {}", node.index.value(), Line(action)));
  } else if (const auto* note = std::get_if<Note>(&action)) {
    PerformNote(node, *note);
  }
}

void World::PerformNote(Node& node, const Note& note) {
  const bool alarming = note.what == "observer" ||
                        (note.what == "invalid_block" && options_.dishonest == 0);
  if (!alarming) return;
  findings_.Add("alarm", fmt::format("validator {}: {}: {}", node.index.value(), note.what,
                                     note.detail));
}

void World::PerformSend(Node& node, const Send& send) {
  durability_.OnSend(node.index, send.message);
  const auto message = std::make_shared<const Message>(send.message);
  if (send.to) return SendTo(node, *send.to, message);
  for (const Node& other : nodes_) {
    if (other.index != node.index) SendTo(node, other.index, message);
  }
}

void World::SendTo(Node& node, ValidatorIndex to, const std::shared_ptr<const Message>& message) {
  CHECK(to.value() < nodes_.size());
  if (to == node.index) {
    findings_.Add("send", fmt::format("validator {} sends to itself", to.value()));
    return;
  }
  ++statistics_.messages;
  if (std::holds_alternative<Status>(*message)) ++statistics_.statuses;
  if (IsQuestion(*message)) ++statistics_.questions;
  // What stands behind a sync leaves when the sync is done.
  const uint64_t leaves = std::max(node.busy_until_ms, now_ms_);
  const View view = node.replica->status().view;
  for (const uint64_t delay : network_.Send(node.index, to)) {
    Delivery delivery{node.index, to, message, view};
    if (forge_next_ && std::holds_alternative<Vote>(*message)) {
      delivery.forged = true;
      forge_next_ = false;
    }
    Schedule(leaves + delay, std::move(delivery));
  }
}

TimeMs World::LatestTime() const {
  TimeMs latest;
  for (const ValidatorIndex node : honest_) latest = std::max(latest, NowOf(At(node)).wall);
  return latest + options_.timing.clock_ahead_max;
}

void World::PerformCommit(Node& node, CommitBlock commit) {
  const uint64_t height = commit.block->header.height.value();
  if (options_.canary == Canary::kSkipCommit && height % 7 == 3) return;
  chains_.OnCommit(node.index, commit, LatestTime());
  const uint64_t wait = healed_ ? 0 : random_.Below(options_.commit_ms_max + 1);
  if (wait > 0) statistics_.faults.Add(FaultKind::kLateCommit);
  node.commit_at_ms = std::max(node.commit_at_ms, now_ms_ + wait);
  Schedule(node.commit_at_ms, Commit{node.index, node.incarnation, std::move(commit)});
}

}  // namespace beian::sim
