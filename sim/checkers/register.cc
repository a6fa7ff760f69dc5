#include "sim/checkers/register.h"

#include <fmt/format.h>

#include "ledger/crypto/hash.h"

namespace beian::sim {

void RegisterChecker::OnFirstCommit(const CommitBlock& commit) {
  const auto& transactions = commit.block->transactions;
  for (size_t i = 0; i < transactions.size(); ++i) {
    const TransactionId& id = transactions[i]->id();
    if (!committed_.insert(id).second) {
      findings_.Add("durability", "transaction " + id.hex() + " stands in the chain twice");
    }
    if (expired_.contains(id)) {
      findings_.Add("durability", "transaction " + id.hex() + " had expired for its client");
    }
    TakeResult(*transactions[i], commit.execution->results.at(i));
  }
}

void RegisterChecker::TakeResult(const Transaction& transaction, const TransactionResult& result) {
  for (size_t i = 0; i < result.actions.size(); ++i) {
    const v1::Action& action = transaction.body().actions(static_cast<int>(i));
    const bool accepted = result.actions[i].reject == FilingReject::kAccepted;
    if (accepted && action.has_submit()) ++filings_;
    if (!result.actions[i].code) continue;
    const RegistrationCode& code = *result.actions[i].code;
    const auto filing = FilingId::FromBytes(action.approve().filing_id());
    if (!codes_.emplace(code, filing).second) {
      findings_.Add("codes", "code issued twice: " + code.Display());
    }
    if (!code_of_.emplace(filing, code).second) {
      findings_.Add("codes", "filing " + filing.hex() + " has two codes");
    }
  }
}

void RegisterChecker::CheckStore(const std::string& name, const MemoryStore& store,
                                 const Header& tip) {
  if (store.Tip() != tip) findings_.Add("state", name + " ends at another block");
  const auto root = MapRootOf(store);
  if (!root || *root != tip.map_root) findings_.Add("state", name + " has another map root");
  if (store.Log().Root() != tip.log_root) findings_.Add("state", name + " has another log root");
  for (const auto& [key, value] : store.records()) {
    const auto found = ProveMapKey(store, key);
    if (!found || found->value_hash != Sha256(value)) {
      findings_.Add("state", name + " holds a record that its map does not: " + key.hex());
    }
  }
  for (const TransactionId& id : acknowledged_) {
    if (!store.HasTransaction(id)) {
      findings_.Add("durability", name + " lost acknowledged transaction " + id.hex());
    }
  }
  for (const auto& [code, filing] : codes_) {
    const auto octets = store.Record(CodeKey(code));
    const auto record = octets ? FilingRecord::Decode(*octets) : std::nullopt;
    if (!record || record->id != filing || record->code != code) {
      findings_.Add("codes", name + " does not find " + code.Display());
    }
  }
}

}  // namespace beian::sim
