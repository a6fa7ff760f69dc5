#include "tests/support/test_chain.h"

#include <utility>

#include "ledger/crypto/hash.h"

namespace beian {

TestChain::TestChain(size_t n)
    : fixture_(MakeGenesis(n)),
      tip_(RootHeader(fixture_.genesis)),
      leaders_(genesis().chain_id, tip_.epoch, tip_.id(), n) {}

TransactionPtr TestChain::Submit(uint64_t salt) const {
  return MakeSubmit(genesis(), MakeClientKey(salt), NextTime() + 60'000, salt);
}

TransactionPtr TestChain::Sign(std::vector<v1::Action> actions, const PrivateKey& key) const {
  ByteWriter seed;
  for (const v1::Action& action : actions) seed.Long(action.SerializeAsString());
  const Sha256Digest nonce = Sha256(seed.bytes());
  const uint64_t salt = ByteReader(nonce.view()).U64();
  auto body = MakeBody(NextTime() + 60'000, salt, std::move(actions));
  auto transaction = Transaction::Sign(genesis().chain_id, std::move(body), key);
  CHECK(transaction != nullptr);
  return transaction;
}

FilingId TestChain::FilingOf(const TransactionPtr& transaction) {
  return MakeFilingId(transaction->id(), 0);
}

BlockPtr TestChain::Make(std::vector<TransactionPtr> transactions) const {
  Header header = tip_;
  header.height = tip_.height.Next();
  do {
    header.view = header.view.Next();
  } while (leaders_.At(header.view) != ValidatorIndex(0));
  header.parent = tip_.id();
  header.time = NextTime();
  header.proposer = ValidatorIndex(0);
  const auto execution = Execute(genesis(), state_, header.time, header.height, transactions);
  CHECK(execution.has_value());
  SetRoots(*execution, header);
  return Block::Make(header, std::move(transactions));
}

BlockPtr TestChain::Extend(std::vector<TransactionPtr> transactions) {
  BlockPtr block = Make(std::move(transactions));
  auto execution = ExecuteBlock(genesis(), tip_, state_, *block, ValidatorIndex(0));
  CHECK(execution.has_value());
  last_ = *std::move(execution);
  state_.Apply(last_.delta);
  tip_ = block->header;
  return block;
}

Certificate TestChain::Certify(const Statement& statement) const {
  const ValidatorSet& set = genesis().validators;
  const Bytes message = statement.SignedBytes(genesis().chain_id, set.hash());
  Certificate certificate{statement, {}};
  for (uint16_t i = 0; i < set.quorum(); ++i) {
    certificate.signatures.emplace_back(ValidatorIndex(i),
                                        fixture_.consensus_keys[i].Sign(message));
  }
  return certificate;
}

Certificate TestChain::Finalize(const Header& header) const {
  Statement statement;
  statement.kind = VoteKind::kFinalize;
  statement.epoch = header.epoch;
  statement.view = header.view;
  statement.parent_view = View(header.view.value() - 1);
  statement.id = header.id();
  return Certify(statement);
}

}  // namespace beian
