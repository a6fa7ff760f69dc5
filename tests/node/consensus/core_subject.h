#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <set>
#include <vector>

#include "node/consensus/core.h"
#include "tests/support/fixture.h"

namespace beian::consensus {

inline constexpr VoteKind kN = VoteKind::kNotarize;
inline constexpr VoteKind kX = VoteKind::kNullify;
inline constexpr VoteKind kF = VoteKind::kFinalize;
inline const ValidatorIndex kPeer(1);

/// One core under test among n validators whose messages the test writes by hand. The core verifies
/// no signature, so that theirs are empty. Every Take checks that no vote is sent before its record
/// has been appended and synced.
class Subject {
 public:
  explicit Subject(size_t n = 4, uint16_t self = 0) : fixture_(MakeGenesis(n)), self_(self) {
    Restart({});
  }

  /// A new incarnation from `log`, with a nonce of its own.
  void Restart(const std::vector<LogRecord>& records) {
    const Genesis& genesis = fixture_.genesis;
    CoreConfig config;
    config.chain = genesis.chain_id;
    config.set = genesis.validators;
    config.root = RootHeader(genesis).id();
    config.self = ValidatorIndex(self_);
    config.sign = [](BytesView) { return Signature{}; };
    config.nonce.fill(++nonce_);
    core.emplace(config);
    core->OnBlockValid(now, config.root, RootHeader(genesis));
    for (const LogRecord& record : records) core->Recover(record);
  }
  void Start() { core->Start(now); }

  // ---- What others say -------------------------------------------------------------------------
  Statement Say(VoteKind kind, uint64_t view, uint64_t parent_view = 0, BlockId id = {}) const {
    if (kind == VoteKind::kNullify) return {kind, Epoch(0), View(view), View(0), BlockId{}};
    return {kind, Epoch(0), View(view), View(parent_view), id};
  }
  Vote By(uint16_t signer, const Statement& statement) const {
    return {statement, ValidatorIndex(signer), Signature{}};
  }
  Certificate Certify(const Statement& statement, std::initializer_list<uint16_t> signers) const {
    Certificate certificate{statement, {}};
    for (uint16_t signer : signers) {
      certificate.signatures.emplace_back(ValidatorIndex(signer), Signature{});
    }
    return certificate;
  }
  Certificate Certify(const Statement& statement) const {
    Certificate certificate{statement, {}};
    const size_t quorum = fixture_.genesis.validators.quorum();
    for (uint16_t i = 0; certificate.signatures.size() < quorum; ++i) {
      if (i != self_) certificate.signatures.emplace_back(ValidatorIndex(i), Signature{});
    }
    return certificate;
  }
  BlockPtr BlockOn(uint64_t view, const Header& parent, uint64_t salt = 0) const {
    Header header;
    header.chain_id = fixture_.genesis.chain_id;
    header.view = View(view);
    header.height = parent.height.Next();
    header.parent = parent.id();
    header.tx_root = TransactionRoot({});
    header.time = now.wall + salt;
    header.proposer = core->Leader(View(view));
    return Block::Make(header, {});
  }
  Proposal Propose(const BlockPtr& block, uint64_t parent_view,
                   std::vector<Certificate> justification = {}) const {
    const Header& header = block->header;
    const Statement statement =
        Say(VoteKind::kNotarize, header.view.value(), parent_view, block->id);
    return {header.view, View(parent_view), header, {},
            Vote{statement, header.proposer, Signature{}}, std::move(justification)};
  }
  Header Root() const { return RootHeader(fixture_.genesis); }

  // ---- What the core does ----------------------------------------------------------------------
  Outputs Take() {
    Outputs outputs = core->TakeOutputs();
    core->CheckInvariants();
    for (const Output& output : outputs) {
      if (const auto* append = std::get_if<AppendRecord>(&output)) {
        log.push_back(append->record);
        const auto* vote = std::get_if<VoteRecord>(&append->record);
        if (vote != nullptr) appended_.insert(vote->vote);
      } else if (std::holds_alternative<SyncLog>(output)) {
        synced_ = appended_;
      } else if (const auto* send = std::get_if<Send>(&output)) {
        ExpectDurable(send->message);
      }
    }
    return outputs;
  }
  /// Own votes that leave the core, in order, those in proposals too.
  std::vector<Statement> TakeVotes() {
    std::vector<Statement> votes;
    for (const Output& output : Take()) {
      const auto* send = std::get_if<Send>(&output);
      if (send == nullptr) continue;
      if (const auto* vote = std::get_if<Vote>(&send->message)) votes.push_back(vote->statement);
      if (const auto* proposal = std::get_if<Proposal>(&send->message)) {
        votes.push_back(proposal->leader_vote.statement);
      }
    }
    return votes;
  }
  template <class T>
  static std::vector<T> Only(const Outputs& outputs) {
    std::vector<T> found;
    for (const Output& output : outputs) {
      if (const T* one = std::get_if<T>(&output)) found.push_back(*one);
    }
    return found;
  }
  template <class M>
  static std::vector<M> Sent(const Outputs& outputs) {
    std::vector<M> found;
    for (const Send& send : Only<Send>(outputs)) {
      if (const M* one = std::get_if<M>(&send.message)) found.push_back(*one);
    }
    return found;
  }
  /// Ticks as a driver would, deadline by deadline, for `ms`.
  void Wait(uint64_t ms) {
    const SteadyMs end = now.steady + ms;
    while (core->NextDeadline() <= end) {
      const SteadyMs next = std::max(core->NextDeadline(), now.steady + 1);
      now.wall = now.wall + (next - now.steady);
      now.steady = next;
      if (next > end) break;
      core->OnTick(now);
    }
    if (end > now.steady) {
      now.wall = now.wall + (end - now.steady);
      now.steady = end;
    }
  }
  /// A view up to 64 whose leader is (or is not) the core under test, at or after `from`.
  uint64_t ViewLedBySelf(uint64_t from = 1) const {
    while (core->Leader(View(from)).value() != self_) ++from;
    return from;
  }
  uint64_t ViewLedByOther(uint64_t from = 1) const {
    while (core->Leader(View(from)).value() == self_) ++from;
    return from;
  }
  /// Nullifies every view below `view`, so that the core enters it.
  void NullifyUpTo(uint64_t view) {
    for (uint64_t v = core->view().value(); v < view; ++v) {
      core->OnCertificate(now, ValidatorIndex(3), Certify(Say(VoteKind::kNullify, v)));
    }
  }

  GenesisFixture fixture_;
  uint16_t self_ = 0;
  std::optional<Core> core;
  Now now{SteadyMs(1'000'000), TimeMs(1'600'000'000'000)};
  std::vector<LogRecord> log;

 private:
  void ExpectDurable(const Message& message) const {
    const Vote* vote = std::get_if<Vote>(&message);
    if (const auto* proposal = std::get_if<Proposal>(&message)) vote = &proposal->leader_vote;
    if (vote == nullptr || vote->signer != ValidatorIndex(self_)) return;
    EXPECT_TRUE(synced_.contains(*vote)) << "a vote left before it was synced";
  }

  uint8_t nonce_ = 0;
  std::set<Vote> appended_;
  std::set<Vote> synced_;
};

}  // namespace beian::consensus
