#include "sim/process/clients.h"

#include <fmt/format.h>

#include <algorithm>


namespace beian::sim {
namespace {

constexpr uint64_t kPollMs = 300;
constexpr uint64_t kTurnToAnotherMs = 5'000;
constexpr uint64_t kRetryMs = 700;
constexpr uint64_t kExpiryMsMax = kExpiryWindowMs - 5'000;
constexpr size_t kLateFilings = 2;        // these come when the faults are over
constexpr uint64_t kLateAfterMs = 2'500;

}  // namespace

Clients::Clients(const Chain& chain, const Options& options, Random random,
                 RegisterChecker& checker, Findings& findings)
    : chain_(chain), options_(options), random_(random), checker_(checker), findings_(findings) {
  for (size_t i = 0; i < options.filings; ++i) {
    AddFiling(random_.Below(options.faulty_ms));
    if (i < kLateFilings) tasks_.back().due_ms = options.faulty_ms + kLateAfterMs;
  }
}

void Clients::AddFiling(uint64_t now_ms) {
  Task task;
  task.provider = random_.Below(options_.providers);
  task.office = task.provider / 2 % chain_.offices.size();   // two share a division
  task.reviewed = random_.Chance(options_.reviewed_per_mille);
  task.due_ms = now_ms;
  tasks_.push_back(task);
}

bool Clients::AllDone() const {
  return std::ranges::all_of(tasks_, [](const Task& task) { return task.stage == Stage::kDone; });
}

std::string Clients::Unfinished() const {
  std::string text;
  for (size_t i = 0; i < tasks_.size(); ++i) {
    const Task& task = tasks_[i];
    if (task.stage == Stage::kDone) continue;
    text += fmt::format(" [filing {} stage {} at validator {}]", i, static_cast<int>(task.stage),
                        task.node.value());
  }
  return text;
}

std::optional<ValidatorIndex> Clients::PickNode(const std::vector<const MemoryStore*>& stores,
                                                std::optional<ValidatorIndex> except) {
  std::vector<ValidatorIndex> up;
  for (uint16_t i = 0; i < stores.size(); ++i) {
    if (stores[i] != nullptr && except != ValidatorIndex(i)) up.push_back(ValidatorIndex(i));
  }
  if (up.empty() && except && stores[except->value()] != nullptr) return except;
  if (up.empty()) return std::nullopt;
  return up[random_.Below(up.size())];
}

v1::Action Clients::MakeAction(const Task& task, size_t index) const {
  v1::Action action;
  const Bytes filing(task.filing.view());
  switch (task.stage) {
    case Stage::kSubmit:
      *action.mutable_submit()->mutable_filing() = MakeFiling({task.provider, task.office, index});
      break;
    case Stage::kTakeUp: action.mutable_take_up()->set_filing_id(filing); break;
    case Stage::kForward: action.mutable_forward()->set_filing_id(filing); break;
    case Stage::kApprove: action.mutable_approve()->set_filing_id(filing); break;
    case Stage::kDone: break;
  }
  return action;
}

TransactionPtr Clients::MakeCurrent(const Task& task, size_t index, TimeMs wall) {
  PublicKey signer = ClientKey(task.provider);
  if (task.stage == Stage::kTakeUp || task.stage == Stage::kForward) {
    signer = chain_.offices[task.office];
  } else if (task.stage == Stage::kApprove) {
    signer = chain_.cac;
  }
  const uint64_t life =
      random_.Between(options_.expiry_ms_min, std::max(options_.expiry_ms_min * 2, kExpiryMsMax));
  return MakeTransaction(chain_.genesis.chain_id,
                         {std::move(signer), next_nonce_++,
                          wall + std::min(life, kExpiryMsMax), MakeAction(task, index)});
}

void Clients::Advance(Task& task, const TransactionResult& result) {
  const TransactionId id = task.current->id();
  checker_.OnAcknowledged(id);
  if (!result.AnyAccepted()) {
    findings_.Add("process", fmt::format("stage {} was rejected: {}", static_cast<int>(task.stage),
                                         FilingRejectId(result.actions.front().reject)));
  }
  task.current.reset();
  switch (task.stage) {
    case Stage::kSubmit:
      task.filing = MakeFilingId(id, 0);
      task.stage = task.reviewed ? Stage::kTakeUp : Stage::kDone;
      break;
    case Stage::kTakeUp: task.stage = Stage::kForward; break;
    case Stage::kForward: task.stage = Stage::kApprove; break;
    case Stage::kApprove: task.stage = Stage::kDone; break;
    case Stage::kDone: break;
  }
}

/// True when the client learnt what became of its transaction.
bool Clients::CheckCommitted(Task& task, const std::vector<const MemoryStore*>& stores) {
  const MemoryStore* store = stores[task.node.value()];
  if (store == nullptr) return false;
  if (const TransactionResult* result = store->ResultOf(task.current->id())) {
    Advance(task, *result);
    return true;
  }
  if (store->Tip().time <= task.current->expiry()) return false;
  checker_.OnDeclaredExpired(task.current->id());
  task.current.reset();
  return true;
}

std::vector<Submission> Clients::Act(uint64_t now_ms, TimeMs wall,
                                     const std::vector<const MemoryStore*>& stores) {
  std::vector<Submission> submissions;
  for (size_t i = 0; i < tasks_.size(); ++i) {
    Task& task = tasks_[i];
    if (task.stage == Stage::kDone || task.due_ms > now_ms) continue;
    task.due_ms = now_ms + random_.Around(kPollMs);
    if (task.current && CheckCommitted(task, stores) && task.stage == Stage::kDone) continue;
    const bool waits = task.current && !task.resend && now_ms < task.sent_ms + kTurnToAnotherMs;
    if (waits) continue;
    const auto node = PickNode(stores, task.current ? std::optional(task.node) : std::nullopt);
    if (!node) continue;
    if (!task.current) {
      task.current = MakeCurrent(task, i, wall);
      made_.push_back(task.current);
    }
    task.node = *node;
    task.sent_ms = now_ms;
    task.resend = false;
    submissions.push_back({*node, i, task.current});
  }
  return submissions;
}

void Clients::OnResult(uint64_t token, const MempoolOutcome& outcome, uint64_t now_ms) {
  Task& task = tasks_.at(token);
  const bool settled = outcome.verdict == MempoolVerdict::kAdded ||
                       outcome.verdict == MempoolVerdict::kAlreadyPending ||
                       outcome.verdict == MempoolVerdict::kAlreadyCommitted;
  if (settled) return;
  // Another validator may know more, or later may do.
  task.resend = true;
  task.due_ms = now_ms + random_.Around(kRetryMs);
}

}  // namespace beian::sim
