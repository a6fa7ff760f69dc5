#pragma once

#include <utility>
#include <vector>

#include "sim/byzantine/puppet.h"
#include "tests/sim/checkers/histories.h"

namespace beian::sim {

/// A cluster of four, of which the last is dishonest, and what it sends.
class Stage {
 public:
  struct Sent {
    ValidatorIndex to;
    Message message;
    View sender_view;
  };
  static constexpr ValidatorIndex kSelf{3};

  Stage() { votes.SetDishonest(kSelf); }
  Scene scene() {
    return {kSelf, FourValidators().genesis, leaders_, votes, oracle, book, random_, honest,
            transactions, top, wall, [this](ValidatorIndex to, Message message, View view) {
              sent.push_back({to, std::move(message), view});
            }};
  }
  /// The honest three vote that, so that there is a certificate.
  void Certify(const Statement& statement) {
    for (const ValidatorIndex signer : honest) {
      oracle.Sign(signer, statement.SignedBytes(FourValidators().genesis.chain_id, Set().hash()));
      votes.OnVote(signer, statement);
    }
  }
  /// A block of view 1 on the root that the three have notarized.
  BlockPtr NotarizedOne() {
    const BlockPtr block = scene().Build({View(1), View(0), 0, {}});
    book.OnBlock(block);
    votes.OnHeader(block->header);
    Certify(Notarize(1, 0, block->id));
    return block;
  }
  /// Lets the honest be where the dishonest one is the leader, later than `from`.
  View EnterOwnView(uint64_t from = 0) {
    top = View(from + 1);
    while (leaders_.At(top) != kSelf) top = top.Next();
    return top;
  }
  /// The others stand by; the puppet hears of a filing and acts for so many turns.
  void Live(Puppet& puppet, int turns) {
    for (int turn = 0; turn < turns; ++turn) {
      puppet.Act(scene());
      if (turn == 2) {
        puppet.OnMessage(scene(), ValidatorIndex(0), TransactionBatch{{SomeTransaction(1)}});
      }
      wall = wall + 50;
    }
  }
  static TransactionPtr SomeTransaction(uint64_t nonce) {
    v1::Action action;
    *action.mutable_submit()->mutable_filing() = MakeFiling({1, 0, nonce});
    return MakeTransaction(FourValidators().genesis.chain_id,
                           {ClientKey(1), nonce, Root().time + 60'000, action});
  }
  template <class M>
  std::vector<std::pair<ValidatorIndex, M>> Only() const {
    std::vector<std::pair<ValidatorIndex, M>> found;
    for (const Sent& one : sent) {
      if (const M* message = std::get_if<M>(&one.message)) found.emplace_back(one.to, *message);
    }
    return found;
  }
  bool Verifies(const beian::Vote& vote) const {
    return VerifyVote(vote, FourValidators().genesis.chain_id, Set(),
                      [this](const PublicKey& key, BytesView octets, const Signature& signature) {
                        return oracle.Verify(key, octets, signature);
                      });
  }

  Findings findings;
  VoteChecker votes{Set(), Root().id(), findings};
  SignatureOracle oracle{Set()};
  Book book{FourValidators().genesis};
  std::vector<ValidatorIndex> honest{ValidatorIndex(0), ValidatorIndex(1), ValidatorIndex(2)};
  std::vector<TransactionPtr> transactions;
  View top{1};
  TimeMs wall = Root().time + 5'000;
  std::vector<Sent> sent;

 private:
  LeaderSchedule leaders_{FourValidators().genesis.chain_id, Epoch(0), Root().id(), 4};
  Random random_{5};
};

}  // namespace beian::sim
