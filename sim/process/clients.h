#pragma once

#include <optional>
#include <vector>

#include "sim/chain.h"
#include "sim/checkers/register.h"
#include "sim/memory_store.h"
#include "sim/options.h"
#include "sim/random.h"

namespace beian::sim {

/// What a client hands to a validator.
struct Submission {
  ValidatorIndex node;
  uint64_t token = 0;
  TransactionPtr transaction;
};

/// Providers, offices and the CAC, each filing one task from its submission to its code. A client
/// asks the validator that it submitted to; after a while without an answer it turns to another one
/// with the same transaction, and signs anew only when a finalized block is later than the expiry
/// and the transaction is not there (CONSENSUS.md section 9).
class Clients {
 public:
  Clients(const Chain& chain, const Options& options, Random random, RegisterChecker& checker,
          Findings& findings);

  /// What clients do at `now_ms`. `stores`: of each validator, null while it is down.
  std::vector<Submission> Act(uint64_t now_ms, TimeMs wall,
                              const std::vector<const MemoryStore*>& stores);
  void OnResult(uint64_t token, const MempoolOutcome& outcome, uint64_t now_ms);
  /// One more filing, due now.
  void AddFiling(uint64_t now_ms);
  bool AllDone() const;
  const std::vector<TransactionPtr>& made() const { return made_; }   ///< oldest first
  std::string Unfinished() const;   ///< for a report

 private:
  enum class Stage : uint8_t { kSubmit, kTakeUp, kForward, kApprove, kDone };
  struct Task {
    Stage stage = Stage::kSubmit;
    bool reviewed = false;
    uint64_t provider = 0;
    size_t office = 0;                ///< place of the province
    uint64_t due_ms = 0;
    FilingId filing;
    TransactionPtr current;           ///< null: to be made
    ValidatorIndex node;              ///< that `current` was last given to
    uint64_t sent_ms = 0;
    bool resend = false;
  };
  void Advance(Task& task, const TransactionResult& result);
  TransactionPtr MakeCurrent(const Task& task, size_t index, TimeMs wall);
  v1::Action MakeAction(const Task& task, size_t index) const;
  std::optional<ValidatorIndex> PickNode(const std::vector<const MemoryStore*>& stores,
                                         std::optional<ValidatorIndex> except);
  bool CheckCommitted(Task& task, const std::vector<const MemoryStore*>& stores);

  const Chain& chain_;
  const Options options_;
  Random random_;
  RegisterChecker& checker_;
  Findings& findings_;
  std::vector<Task> tasks_;
  std::vector<TransactionPtr> made_;
  uint64_t next_nonce_ = 0;
};

}  // namespace beian::sim
