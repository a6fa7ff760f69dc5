#include "node/store/vote_log.h"

#include <fcntl.h>
#include <fmt/format.h>

#include "node/store/vote_log_recovery.h"

namespace beian {
namespace {

using vote_log::kHeadName;
using vote_log::kLockName;
using vote_log::ParseSegmentName;

std::expected<File, std::string> TakeLock(const std::string& directory) {
  auto lock = File::Open(directory + "/" + std::string(kLockName), O_RDWR | O_CREAT);
  if (!lock) return lock;
  const auto taken = lock->TryLock();
  if (!taken) return std::unexpected(taken.error());
  if (!*taken) {
    return std::unexpected(fmt::format(
        "{} is held by another process: two copies of one validator must never run", directory));
  }
  return lock;
}

/// Names of the log's files, the head first.
std::expected<std::vector<std::string>, std::string> FindLogFiles(const std::string& directory) {
  const auto names = ListDirectory(directory);
  if (!names) return std::unexpected(names.error());
  std::vector<std::string> found;
  for (const std::string& name : *names) {
    if (name == kHeadName) found.insert(found.begin(), name);
    if (ParseSegmentName(name)) found.push_back(name);
  }
  return found;
}

}  // namespace

std::string_view LogDamageId(LogDamage damage) {
  switch (damage) {
    case LogDamage::kMissing:
      return "votelog.missing";
    case LogDamage::kForeign:
      return "votelog.foreign";
    case LogDamage::kBadRecord:
      return "votelog.bad_record";
    case LogDamage::kTruncated:
      return "votelog.truncated";
    case LogDamage::kHeadMissing:
      return "votelog.head_missing";
    case LogDamage::kRolledBack:
      return "votelog.rolled_back";
  }
  CHECK(!"a kind of damage without an id");
  return {};
}

VoteLog::VoteLog(std::unique_ptr<vote_log::Writer> writer) : writer_(std::move(writer)) {}
VoteLog::~VoteLog() = default;

std::expected<std::unique_ptr<VoteLog>, std::string> VoteLog::Create(
    const std::string& directory, const LogIdentity& identity, const LogRecord& first,
    const VoteLogOptions& options) {
  CHECK(identity.set_size >= 1 && identity.set_size <= kValidatorsMax);
  if (const auto made = MakeDirectory(directory); !made) return std::unexpected(made.error());
  auto lock = TakeLock(directory);
  if (!lock) return std::unexpected(lock.error());
  const auto found = FindLogFiles(directory);
  if (!found) return std::unexpected(found.error());
  if (!found->empty()) {
    return std::unexpected(
        fmt::format("{} already holds a vote log ({}): a second one would forget its votes",
                    directory, found->front()));
  }
  auto writer = vote_log::Writer::Create(directory, *std::move(lock), identity, options, first);
  if (!writer) return std::unexpected(writer.error());
  return std::unique_ptr<VoteLog>(new VoteLog(*std::move(writer)));
}

std::expected<VoteLog::Opened, std::string> VoteLog::Open(const std::string& directory,
                                                          const LogIdentity& identity,
                                                          const VoteLogOptions& options) {
  if (const auto wrong = WrongKind(directory, FileKind::kDirectory)) {
    Opened opened;
    opened.recovered.finding = {LogDamage::kMissing, directory + ": " + *wrong};
    return opened;
  }
  if (const auto made = MakeDirectory(directory); !made) return std::unexpected(made.error());
  auto lock = TakeLock(directory);
  if (!lock) return std::unexpected(lock.error());
  auto recovery = vote_log::Recover(directory, identity);
  if (!recovery) return std::unexpected(recovery.error());
  Opened opened;
  opened.recovered = std::move(recovery->log);
  if (opened.recovered.finding) return opened;
  for (const std::string& name : recovery->left_behind) {
    const auto removed = RemoveFile(directory + "/" + name);
    if (!removed) return std::unexpected(removed.error());
  }
  if (const auto synced = SyncDirectory(directory); !synced) return std::unexpected(synced.error());
  auto writer =
      vote_log::Writer::Resume(directory, *std::move(lock), std::move(recovery->state), options);
  if (!writer) return std::unexpected(writer.error());
  opened.log.reset(new VoteLog(*std::move(writer)));
  return opened;
}

std::expected<void, std::string> VoteLog::SetAside(const std::string& directory) {
  if (WrongKind(directory, FileKind::kDirectory)) return MoveAside(directory);
  const auto lock = TakeLock(directory);
  if (!lock) return std::unexpected(lock.error());
  const auto found = FindLogFiles(directory);
  if (!found) return std::unexpected(found.error());
  return MoveAside(directory, *found);
}

std::expected<void, std::string> VoteLog::Append(const LogRecord& record) {
  return writer_->Append(record);
}

std::expected<void, std::string> VoteLog::Sync() {
  return writer_->Sync();
}

std::expected<void, std::string> VoteLog::Prune(Epoch epoch, View below) {
  return writer_->Prune(epoch, below);
}

VotePosition VoteLog::voted() const {
  return writer_->voted();
}

void VoteLog::SetApplied(Height height, const BlockId& id) {
  writer_->SetApplied(height, id);
}

std::expected<void, std::string> VoteLog::ForgetApplied() {
  return writer_->ForgetApplied();
}

}  // namespace beian
