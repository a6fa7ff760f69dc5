#include "sim/world.h"

#include <fmt/format.h>

#include "ledger/crypto/hash.h"
#include "sim/describe.h"

namespace beian::sim {
namespace {

constexpr uint64_t kClientTurnMs = 100;
constexpr uint64_t kWorldStream = 0x776f726c64;
constexpr uint64_t kSteadyBaseMsMax = 100'000;

}  // namespace

World::World(const Chain& chain, const Options& options, TraceSink trace)
    : chain_(chain),
      options_(options),
      trace_(std::move(trace)),
      random_(options.seed ^ kWorldStream),
      oracle_(chain.genesis.validators),
      network_(options, random_.Fork(), statistics_.faults),
      votes_(chain.genesis.validators, RootHeader(chain.genesis).id(), findings_),
      durability_(options.nodes, votes_, findings_),
      chains_(chain.genesis,
              [this](const PublicKey& key, BytesView message, const Signature& signature) {
                return oracle_.Verify(key, message, signature);
              },
              findings_),
      progress_(options.nodes, findings_),
      registry_(findings_),
      clients_(chain, options, random_.Fork(), registry_, findings_),
      leaders_(chain.genesis.chain_id, Epoch(0), RootHeader(chain.genesis).id(), options.nodes),
      nodes_(options.nodes) {
  CHECK(options.nodes == chain.genesis.validators.size());
  chains_.OnFirst([this](const CommitBlock& commit) {
    registry_.OnFirstCommit(commit);
    if (book_) book_->OnFirstCommit(commit);
  });
  const Header root = RootHeader(chain.genesis);
  for (uint16_t i = 0; i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    node.index = ValidatorIndex(i);
    node.store = std::make_unique<MemoryStore>(chain.genesis);
    node.disk = VoteDisk(options.canary);
    node.disk.Append(EpochRecord{root.epoch, chain.genesis.validators.hash(), root.id()});
    node.disk.Sync();
    node.wall_offset_ms = random_.Below(2 * options.clock_offset_ms + 1);
    if (node.wall_offset_ms > 0) statistics_.faults.Add(FaultKind::kClockOffset);
    node.steady_base_ms = random_.Chance(300) ? 0 : random_.Below(kSteadyBaseMsMax);
    Schedule(random_.Below(200), Restart{node.index});
  }
  Schedule(kClientTurnMs, ClientTurn{});
  MakePuppets();
  ScheduleFaults();
}

void World::Schedule(uint64_t time_ms, Happening what) {
  queue_.push({time_ms, sequence_++, std::make_shared<Happening>(std::move(what))});
}

void World::RunUntil(uint64_t time_ms) {
  while (!queue_.empty() && queue_.top().time_ms <= time_ms && !failed()) {
    const Scheduled next = queue_.top();
    queue_.pop();
    now_ms_ = next.time_ms;
    Happen(*next.what, next.what);
  }
  if (!failed()) now_ms_ = time_ms;
}

/// The time until which the replica that an event is meant for cannot take it.
uint64_t* World::BusyUntil(const Happening& what) {
  if (const auto* delivery = std::get_if<Delivery>(&what)) return &At(delivery->to).busy_until_ms;
  if (const auto* wake = std::get_if<Wake>(&what)) return &At(wake->node).busy_until_ms;
  if (const auto* change = std::get_if<Connection>(&what)) return &At(change->node).busy_until_ms;
  return nullptr;
}

void World::Happen(Happening& what, const std::shared_ptr<Happening>& shared) {
  if (const uint64_t* busy = BusyUntil(what); busy != nullptr && *busy > now_ms_) {
    queue_.push({*busy, sequence_++, shared});
    return;
  }
  if (const auto* delivery = std::get_if<Delivery>(&what)) {
    Deliver(*delivery);
  } else if (const auto* wake = std::get_if<Wake>(&what)) {
    Node& node = At(wake->node);
    if (!node.replica || node.incarnation != wake->incarnation) return;
    node.wake_at_ms = UINT64_MAX;
    const Now now = NowOf(node);
    if (node.replica->NextDeadline() > now.steady) return AfterStep(node);
    progress_.OnTick(node.index, now.steady);
    Step(node, Tick{});
  } else if (auto* commit = std::get_if<Commit>(&what)) {
    Node& node = At(commit->node);
    if (!node.replica || node.incarnation != commit->incarnation) return;
    if (const auto done = node.store->Commit(commit->block); !done) {
      findings_.Add("store", done.error());
      return;
    }
    Step(node, Committed{commit->block.block->header.height});
  } else if (const auto* change = std::get_if<Connection>(&what)) {
    Node& node = At(change->node);
    if (!node.replica) return;
    Step(node, change->up ? Event(PeerUp{change->peer}) : Event(PeerDown{change->peer}));
  } else if (const auto* restart = std::get_if<Restart>(&what)) {
    Start(At(restart->node));
  } else if (std::holds_alternative<Mending>(what)) {
    if (!healed_) network_.Mend();
  } else if (std::holds_alternative<ClientTurn>(what)) {
    ActClients();
  } else if (const auto* turn = std::get_if<PuppetTurn>(&what)) {
    Schedule(now_ms_ + random_.Around(options_.puppet_every_ms), PuppetTurn{turn->node});
    Node& node = At(turn->node);
    ++statistics_.puppet_turns;
    WithScene(node, [&](const Scene& scene) { node.puppet->Act(scene); });
  } else if (const auto* fault = std::get_if<Fault>(&what)) {
    Strike(*fault);
  }
}

void World::Deliver(const Delivery& delivery) {
  Node& node = At(delivery.to);
  if (node.puppet) {
    return WithScene(node, [&](const Scene& scene) {
      node.puppet->OnMessage(scene, delivery.from, *delivery.message);
    });
  }
  if (!node.replica || !node.replica->Wants(delivery.from, *delivery.message)) return;
  PeerMessage event{delivery.from, *delivery.message, delivery.sender_view};
  if (delivery.forged) {
    if (auto* vote = std::get_if<Vote>(&event.message)) vote->signature.octets[0] ^= 1;
  }
  // What an honest validator sends carries only signatures that were made.
  if (!Verify(event.message)) {
    if (!IsHonest(delivery.from)) return;
    findings_.Add("unforgeable", fmt::format("validator {} received a bad signature from {}: {}",
                                             delivery.to.value(), delivery.from.value(),
                                             Line(event.message)));
    return;
  }
  if (std::holds_alternative<ReentryAnswer>(event.message)) {
    durability_.OnAnswer(node.index, delivery.from);
  }
  Step(node, event);
}

bool World::Verify(const Message& message) const {
  const ChainId& chain = chain_.genesis.chain_id;
  const ValidatorSet& set = chain_.genesis.validators;
  const VoteVerifier verify = [this](const PublicKey& key, BytesView octets,
                                     const Signature& signature) {
    return oracle_.Verify(key, octets, signature);
  };
  const auto good = [&](const Certificate& certificate) {
    return VerifyCertificate(certificate, chain, set, verify).has_value();
  };
  if (const auto* vote = std::get_if<Vote>(&message)) return VerifyVote(*vote, chain, set, verify);
  if (const auto* held = std::get_if<Certificate>(&message)) return good(*held);
  if (const auto* proposal = std::get_if<Proposal>(&message)) {
    for (const Certificate& evidence : proposal->justification) {
      if (!good(evidence)) return false;
    }
    return VerifyVote(proposal->leader_vote, chain, set, verify);
  }
  if (const auto* blocks = std::get_if<Blocks>(&message)) {
    return !blocks->proof || good(blocks->proof->finalization);
  }
  if (const auto* answer = std::get_if<ReentryAnswer>(&message)) {
    return set.Contains(answer->answerer) &&
           (!answer->certificate || good(*answer->certificate)) &&
           verify(set.at(answer->answerer).consensus_key,
                  answer->SignedBytes(chain, set.hash()), answer->signature);
  }
  return true;
}

void World::ActClients() {
  Schedule(now_ms_ + kClientTurnMs, ClientTurn{});
  std::vector<const MemoryStore*> stores;
  for (const Node& node : nodes_) {
    const bool reachable = node.replica != nullptr && node.busy_until_ms <= now_ms_;
    stores.push_back(reachable ? node.store.get() : nullptr);
  }
  const TimeMs wall = chain_.genesis.time + now_ms_ + options_.clock_offset_ms + 1'000;
  for (const Submission& submission : clients_.Act(now_ms_, wall, stores)) {
    Node& node = At(submission.node);
    if (node.replica) Step(node, Submitted{submission.token, {submission.transaction}});
  }
}

size_t World::Unreliable() const {
  size_t count = 0;
  for (const Node& node : nodes_) count += node.unreliable ? 1 : 0;
  return count;
}

}  // namespace beian::sim
