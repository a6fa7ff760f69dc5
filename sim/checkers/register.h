#pragma once

#include <map>
#include <set>
#include <string>

#include "ledger/filing/registration_code.h"
#include "node/replica/events.h"
#include "sim/checkers/findings.h"
#include "sim/memory_store.h"

namespace beian::sim {

/// What the users were promised: a transaction stands in the chain once, nothing acknowledged is
/// lost, nothing declared expired comes back, one code for a filing, one filing for a code, and all
/// stores agree ("state", "codes", "durability").
class RegisterChecker {
 public:
  explicit RegisterChecker(Findings& findings) : findings_(findings) {}
  void OnFirstCommit(const CommitBlock& commit);   ///< once for each height, in order
  void OnAcknowledged(const TransactionId& id) { acknowledged_.insert(id); }
  void OnDeclaredExpired(const TransactionId& id) { expired_.insert(id); }
  /// At the end, of stores at one height. `name`: of the validator.
  void CheckStore(const std::string& name, const MemoryStore& store, const Header& tip);
  size_t transactions() const { return committed_.size(); }
  size_t codes() const { return codes_.size(); }
  size_t filings() const { return filings_; }

 private:
  void TakeResult(const Transaction& transaction, const TransactionResult& result);

  Findings& findings_;
  std::set<TransactionId> committed_;
  std::set<TransactionId> acknowledged_;
  std::set<TransactionId> expired_;
  std::map<RegistrationCode, FilingId> codes_;
  std::map<FilingId, RegistrationCode> code_of_;
  size_t filings_ = 0;
};

}  // namespace beian::sim
