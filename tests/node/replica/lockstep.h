#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "node/replica/replica.h"
#include "tests/support/fixture.h"
#include "tests/support/memory_state.h"

namespace beian {

/// n replicas that hear each other at once and in order, each on a state in memory. Signatures are
/// empty: the driver's verification is not what is tested here.
class Lockstep {
 public:
  explicit Lockstep(size_t n = 4) : fixture(MakeGenesis(n)), nodes(n) {
    for (uint16_t i = 0; i < n; ++i) Start(i);
  }

  struct Node {
    MemoryState state;
    Header tip;
    std::optional<FinalityProof> tip_proof;
    std::vector<CommitBlock> committed;
    std::vector<LogRecord> log;
    std::vector<MempoolOutcome> outcomes;
    std::vector<Note> notes;
    std::optional<std::string> halted;
    std::unique_ptr<Replica> replica;
  };

  void Start(uint16_t index) {
    Node& node = nodes[index];
    if (node.committed.empty()) node.tip = RootHeader(fixture.genesis);
    if (node.log.empty()) {
      node.log.push_back(EpochRecord{Epoch(0), fixture.genesis.validators.hash(),
                                     RootHeader(fixture.genesis).id()});
    }
    ReplicaConfig config;
    config.self = ValidatorIndex(index);
    config.timing.min_interval = 0;
    const std::vector<LogRecord> log = node.log;
    node.replica = std::make_unique<Replica>(config, fixture.genesis, node.state, node.tip,
                                             node.tip_proof, [](BytesView) { return Signature{}; },
                                             log);
    Perform(index, node.replica->Start(now));
    for (uint16_t peer = 0; peer < nodes.size(); ++peer) {
      if (peer == index || !nodes[peer].replica) continue;
      events.push_back({index, PeerUp{ValidatorIndex(peer)}});
      events.push_back({peer, PeerUp{ValidatorIndex(index)}});
    }
    Drain();
  }
  void Stop(uint16_t index) {
    nodes[index].replica.reset();
    for (uint16_t peer = 0; peer < nodes.size(); ++peer) {
      if (peer != index) events.push_back({peer, PeerDown{ValidatorIndex(index)}});
    }
    Drain();
  }
  void Submit(uint16_t index, std::vector<TransactionPtr> transactions) {
    nodes[index].outcomes.clear();
    events.push_back({index, Submitted{1, std::move(transactions)}});
    Drain();
  }
  /// Lets time pass, deadline by deadline.
  void Wait(uint64_t ms) {
    for (uint64_t passed = 0; passed < ms; passed += 10) {
      now.steady = now.steady + 10;
      now.wall = now.wall + 10;
      for (uint16_t i = 0; i < nodes.size(); ++i) {
        const bool due = nodes[i].replica && nodes[i].replica->NextDeadline() <= now.steady;
        if (due) events.push_back({i, Tick{}});
      }
      Drain();
    }
  }
  TransactionPtr Filing(uint64_t provider) const {
    return MakeSubmit(fixture.genesis, MakeClientKey(provider), now.wall + 60'000, provider);
  }
  Height HeightOf(uint16_t index) const { return nodes[index].tip.height; }

  GenesisFixture fixture;
  std::vector<Node> nodes;
  Now now{SteadyMs(1'000'000), TimeMs(1'600'000'000'000)};
  /// Whether a message is lost on its way.
  std::function<bool(uint16_t from, uint16_t to, const Message&)> lost =
      [](uint16_t, uint16_t, const Message&) { return false; };

 private:
  struct Pending {
    uint16_t to;
    Event event;
  };

  void Drain() {
    while (!events.empty()) {
      const Pending next = std::move(events.front());
      events.pop_front();
      Node& node = nodes[next.to];
      if (node.replica) Perform(next.to, node.replica->Step(now, next.event));
    }
  }
  void Perform(uint16_t from, Actions actions) {
    Node& node = nodes[from];
    for (Action& action : actions) {
      if (auto* append = std::get_if<AppendRecord>(&action)) node.log.push_back(append->record);
      if (auto* send = std::get_if<Send>(&action)) Deliver(from, *send);
      if (auto* note = std::get_if<Note>(&action)) node.notes.push_back(*note);
      if (auto* halt = std::get_if<Halt>(&action)) node.halted = halt->reason;
      if (auto* result = std::get_if<SubmitResult>(&action)) node.outcomes = result->outcomes;
      if (auto* serve = std::get_if<ServeBlocks>(&action)) Serve(from, *serve);
      if (auto* commit = std::get_if<CommitBlock>(&action)) {
        node.state.Apply(commit->execution->delta);
        node.tip = commit->block->header;
        node.tip_proof = commit->proof;
        node.committed.push_back(*commit);
        events.push_back({from, Committed{commit->block->header.height}});
      }
    }
  }
  void Deliver(uint16_t from, const Send& send) {
    for (uint16_t to = 0; to < nodes.size(); ++to) {
      const bool addressed = to != from && (!send.to || send.to->value() == to);
      if (!addressed || !nodes[to].replica || lost(from, to, send.message)) continue;
      const auto& sender = nodes[from].replica;
      const View view = sender ? sender->status().view : View(0);
      events.push_back({to, PeerMessage{ValidatorIndex(from), send.message, view}});
    }
  }
  void Serve(uint16_t from, const ServeBlocks& serve) {
    Blocks reply;
    for (const CommitBlock& commit : nodes[from].committed) {
      const bool asked = commit.block->header.height >= serve.request.first &&
                         reply.blocks.size() < serve.request.count;
      if (!asked) continue;
      reply.blocks.push_back(commit.block);
      reply.proof = commit.proof;
    }
    Deliver(from, Send{serve.to, reply});
  }

  std::deque<Pending> events;
};

}  // namespace beian
