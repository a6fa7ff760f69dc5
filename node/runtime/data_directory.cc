#include "node/runtime/data_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <system_error>

namespace beian {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDamageMarker = "damaged";

/// Whose data stand where.
struct Place {
  const fs::path& directory;
  const Genesis& genesis;
  ValidatorIndex self;
  const VoteLogOptions& log_options;
  std::string votes() const { return directory / "votes"; }
  std::string store() const { return directory / "store"; }
};

LogIdentity IdentityOf(const Genesis& genesis, ValidatorIndex self) {
  return {genesis.chain_id, genesis.validators.at(self).consensus_key, genesis.validators.size()};
}

EpochRecord FirstRecord(const Genesis& genesis) {
  return {Epoch(0), genesis.validators.hash(), RootHeader(genesis).id()};
}

std::expected<std::unique_ptr<VoteLog>, std::string> CreateLog(const Place& place) {
  return VoteLog::Create(place.votes(), IdentityOf(place.genesis, place.self),
                         FirstRecord(place.genesis), place.log_options);
}

std::expected<void, std::string> MakeDirectory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return std::unexpected("cannot make " + directory.string() + ": " + error.message());
  return {};
}

/// RocksDB writes while it opens, and a failure in the middle of that ends the process without a
/// word that helps.
std::expected<void, std::string> CheckRoom(const fs::path& directory) {
  constexpr uintmax_t kRoomBytesMin = 16 << 20;
  std::error_code error;
  const fs::space_info space = fs::space(directory, error);
  if (error || space.available >= kRoomBytesMin) return {};
  return std::unexpected(fmt::format("{} has room for {} more octets; a start needs {}: make room",
                                     directory.string(), space.available, kRoomBytesMin));
}

std::expected<void, std::string> SyncDirectory(const fs::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced) return std::unexpected("cannot sync " + directory.string());
  return {};
}

std::expected<void, std::string> PutMarker(const fs::path& marker, const std::string& text = "") {
  const int fd = ::open(marker.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = written && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced) return std::unexpected("cannot write " + marker.string());
  return SyncDirectory(marker.parent_path());
}

std::expected<void, std::string> RemoveMarker(const fs::path& marker) {
  std::error_code error;
  fs::remove(marker, error);
  if (error) return std::unexpected("cannot remove " + marker.string() + ": " + error.message());
  return SyncDirectory(marker.parent_path());
}

// The marker stands from before the old log goes until the new one holds REENTRY, synced.
std::expected<void, std::string> ReplaceLog(const Place& place, DataDirectory& data) {
  const fs::path marker = place.directory / "reentry";
  if (auto put = PutMarker(marker); !put) return put;
  if (fs::exists(fs::symlink_status(place.votes()))) {
    if (auto aside = VoteLog::SetAside(place.votes()); !aside) return aside;
  }
  auto created = CreateLog(place);
  if (!created) return std::unexpected(created.error());
  data.log = std::move(*created);
  const ReentryRecord reentry{Epoch(0)};
  if (auto appended = data.log->Append(reentry); !appended) return appended;
  if (auto synced = data.log->Sync(); !synced) return synced;
  data.records = {FirstRecord(place.genesis), reentry};
  return RemoveMarker(marker);
}

/// What the log found out about itself, or the store about the log: it no longer counts.
std::expected<void, std::string> LoseLog(const Place& place, const LogFinding& finding,
                                         DataDirectory& data) {
  data.findings.push_back(std::string(LogDamageId(finding.damage)) + ": " + finding.detail +
                          "; this validator does not vote until its peers have answered");
  data.log.reset();
  return ReplaceLog(place, data);
}

std::expected<std::optional<AppliedBlock>, std::string> OpenLog(const Place& place,
                                                                DataDirectory& data) {
  const std::string votes = place.votes();
  std::optional<AppliedBlock> applied;
  std::optional<LogFinding> finding;
  if (fs::exists(place.directory / "reentry")) {
    finding = LogFinding{LogDamage::kMissing, "the last start did not finish replacing the log"};
  } else if (!fs::exists(votes)) {
    finding = LogFinding{LogDamage::kMissing, "no directory " + votes};
  } else {
    auto opened =
        VoteLog::Open(votes, IdentityOf(place.genesis, place.self), place.log_options);
    if (!opened) return std::unexpected(opened.error());
    applied = opened->recovered.applied;
    finding = opened->recovered.finding;
    if (opened->recovered.cut_tail) {
      data.findings.push_back("votelog.cut_tail: " + *opened->recovered.cut_tail);
    }
    data.log = std::move(opened->log);
    data.records = std::move(opened->recovered.records);
  }
  if (!finding) return applied;
  // A mixed-up genesis or directory, not a loss: the log still guards the votes of its own chain.
  if (finding->damage == LogDamage::kForeign) {
    return std::unexpected(votes + ": " + finding->detail +
                           "; give this validator's own node.data_dir and its chain's genesis");
  }
  if (auto lost = LoseLog(place, *finding, data); !lost) {
    return std::unexpected(lost.error());
  }
  return applied;
}

/// What a running node said of its store; nothing when it said nothing.
std::optional<std::string> ReadDamage(const fs::path& marker) {
  constexpr size_t kTextBytesMax = 1'000;
  if (!fs::exists(marker)) return std::nullopt;
  std::ifstream file(marker, std::ios::binary);
  std::string text(kTextBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return text;
}

std::expected<void, std::string> LoseStore(const Place& place, const std::string& finding,
                                           DataDirectory& data) {
  data.findings.push_back(finding + "; it is set aside and filled again from the peers");
  if (auto aside = RocksStore::SetAside(place.store()); !aside) return aside;
  if (data.log != nullptr) {
    if (auto forgotten = data.log->ForgetApplied(); !forgotten) return forgotten;
  }
  if (!fs::exists(place.directory / kDamageMarker)) return {};
  return RemoveMarker(place.directory / kDamageMarker);
}

/// What another validator voted says nothing about the log beside it.
std::string OtherValidator(const Place& place, ValidatorIndex owner) {
  const auto name = [&](ValidatorIndex index) {
    const ValidatorSet& validators = place.genesis.validators;
    return index.value() < validators.size() ? validators.at(index).name : "nobody";
  };
  return fmt::format("store.other_validator: {} is the store of {}, this is {}", place.store(),
                     name(owner), name(place.self));
}

std::expected<void, std::string> OpenStore(const Place& place,
                                           const std::optional<AppliedBlock>& applied,
                                           uint64_t checked_bytes_max, DataDirectory& data) {
  std::string finding;
  if (const auto damage = ReadDamage(place.directory / kDamageMarker)) {
    finding = "store.damaged: " + *damage;
  } else {
    auto opened = RocksStore::Open(place.store(), place.genesis, applied, checked_bytes_max);
    if (!opened) return std::unexpected(opened.error());
    const auto voted = opened->store ? opened->store->voted() : std::nullopt;
    if (opened->store == nullptr) {
      finding = "store.damaged: " + opened->finding;
    } else if (voted && voted->validator != place.self) {
      finding = OtherValidator(place, voted->validator);
    } else {
      data.store = std::move(opened->store);
      return {};
    }
  }
  if (auto lost = LoseStore(place, finding, data); !lost) return lost;
  auto opened = RocksStore::Open(place.store(), place.genesis, std::nullopt, checked_bytes_max);
  if (!opened) return std::unexpected(opened.error());
  if (opened->store == nullptr) return std::unexpected(opened->finding);
  data.store = std::move(opened->store);
  return {};
}

/// Up to where the log keeps this validator from voting again, by a vote or by a floor. Nothing
/// while it is mute: it then votes nowhere.
std::optional<VotePosition> GuardedBy(const DataDirectory& data) {
  bool mute = false;
  for (const LogRecord& record : data.records) {
    if (std::holds_alternative<ReentryRecord>(record)) mute = true;
    if (std::holds_alternative<FloorRecord>(record)) mute = false;
  }
  if (mute) return std::nullopt;
  return data.log->voted();
}

/// An older copy of the log, put back, is whole in itself: only the store can tell. What the store
/// notes was synced in the log before it was noted, and a floor lies above every vote of the log
/// that was lost, so that no crash and no re-entry makes a log look older than it is.
std::expected<void, std::string> CompareLogToStore(const Place& place, DataDirectory& data) {
  const auto guarded = GuardedBy(data);
  const auto noted = data.store->voted();
  if (!guarded || !noted || noted->highest <= *guarded) return {};
  const auto show = [](const VotePosition& position) {
    return "epoch " + std::to_string(position.first.value()) + " view " +
           std::to_string(position.second.value());
  };
  const LogFinding finding{LogDamage::kRolledBack,
                           "the highest vote in " + place.votes() + " is of " +
                               show(*guarded) + ", the store knows one of " + show(noted->highest) +
                               ": the log is an older copy"};
  return LoseLog(place, finding, data);
}

std::expected<void, std::string> OpenLogAndStore(const Place& place, uint64_t checked_bytes_max,
                                                 DataDirectory& data) {
  const auto applied = OpenLog(place, data);
  if (!applied) return std::unexpected(applied.error());
  if (auto opened = OpenStore(place, *applied, checked_bytes_max, data); !opened) return opened;
  return CompareLogToStore(place, data);
}

}  // namespace

std::expected<void, std::string> InitialiseDataDirectory(const fs::path& directory,
                                                         const Genesis& genesis,
                                                         ValidatorIndex self,
                                                         const VoteLogOptions& log_options) {
  if (fs::exists(directory / "votes") || fs::exists(directory / "store")) {
    return std::unexpected(directory.string() +
                           " has been initialised before; start the node without --init");
  }
  if (auto made = MakeDirectory(directory); !made) return made;
  auto opened = RocksStore::Open(directory / "store", genesis, std::nullopt);
  if (!opened) return std::unexpected(opened.error());
  if (opened->store == nullptr) return std::unexpected(opened->finding);
  auto created = CreateLog({directory, genesis, self, log_options});
  if (!created) return std::unexpected(created.error());
  return SyncDirectory(directory);
}

std::expected<DataDirectory, std::string> OpenDataDirectory(const fs::path& directory,
                                                            const Genesis& genesis,
                                                            ValidatorIndex self,
                                                            uint64_t checked_bytes_max,
                                                            const VoteLogOptions& log_options) {
  if (auto made = MakeDirectory(directory); !made) return std::unexpected(made.error());
  if (auto room = CheckRoom(directory); !room) return std::unexpected(room.error());
  DataDirectory data;
  const Place place{directory, genesis, self, log_options};
  const auto opened = OpenLogAndStore(place, checked_bytes_max, data);
  if (opened) return data;
  // What was set aside before it failed, no later start will find again.
  std::string said;
  for (const std::string& finding : data.findings) said += finding + "; then: ";
  return std::unexpected(said + opened.error());
}

std::expected<void, std::string> MarkStoreDamaged(const fs::path& directory,
                                                  const std::string& finding) {
  return PutMarker(directory / kDamageMarker, finding);
}

}  // namespace beian
