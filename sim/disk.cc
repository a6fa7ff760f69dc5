#include "sim/disk.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace beian::sim {

bool VoteDisk::Swallows(const LogRecord& record) const {
  return (canary_ == Canary::kForgetVotes && std::holds_alternative<VoteRecord>(record)) ||
         (canary_ == Canary::kForgetCertificates &&
          std::holds_alternative<CertificateRecord>(record)) ||
         (canary_ == Canary::kForgottenFloor && std::holds_alternative<FloorRecord>(record));
}

bool VoteDisk::Append(const LogRecord& record) {
  if (Swallows(record)) return false;
  records_.push_back(record);
  return true;
}

void VoteDisk::Sync() {
  const bool lies = canary_ == Canary::kSyncLies && synced_ > 0;
  if (!lies) synced_ = records_.size();
}

void VoteDisk::Prune(View below) {
  const auto goes = [&](const LogRecord& record) {
    const auto view = ViewOfRecord(record);
    return view && *view < below;
  };
  const auto end = records_.begin() + static_cast<std::ptrdiff_t>(synced_);
  const auto kept = std::remove_if(records_.begin(), end, goes);
  synced_ = static_cast<size_t>(kept - records_.begin());
  records_.erase(kept, end);
}

size_t VoteDisk::Crash(Random& random) {
  const size_t kept = canary_ == Canary::kSyncLies ? 0 : random.Below(unsynced() + 1);
  records_.resize(synced_ + kept);
  synced_ = records_.size();
  return kept;
}

void VoteDisk::Lose() {
  records_.clear();
  synced_ = 0;
}

std::vector<LogRecord> VoteDisk::Load(const ChainId& chain, size_t set_size) const {
  std::vector<LogRecord> loaded;
  for (const LogRecord& record : records_) {
    auto decoded = DecodeLogRecord(chain, EncodeLogRecord(record, set_size));
    CHECK(decoded.has_value());
    loaded.push_back(*std::move(decoded));
  }
  return loaded;
}

}  // namespace beian::sim
