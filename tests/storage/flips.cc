#include "tests/storage/flips.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "client/audit/audit.h"
#include "tests/storage/children.h"

namespace beian::storage {
namespace {

constexpr size_t kBits = 8;

/// A splitmix64 step.
uint64_t Mix(uint64_t value) {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
  value = (value ^ value >> 27) * 0x94d049bb133111ebu;
  return value ^ value >> 31;
}

/// One file that is hurt.
struct Target {
  std::string base;  ///< the directory that is copied
  std::string file;  ///< in `base`
  size_t octets = 0;
  bool every_bit = false;
  size_t cases() const { return every_bit ? octets * kBits : octets; }
};

/// How a flip is judged.
enum class By { kStart, kLog, kAudit };

/// A row of the table: files of one kind.
struct Group {
  std::string name;
  By by = By::kStart;
  std::vector<Target> targets;
};

struct Flip {
  const Target& target;
  size_t octet = 0;
  size_t bit = 0;
};

size_t CasesOf(const Group& group) {
  size_t cases = 0;
  for (const Target& target : group.targets) cases += target.cases();
  return cases;
}

Flip FlipAt(const Group& group, size_t number, uint64_t seed) {
  const size_t whole = number;
  for (const Target& target : group.targets) {
    if (number < target.cases()) {
      if (target.every_bit) return {target, number / kBits, number % kBits};
      return {target, number, Mix(seed * 1'000'003 + whole) % kBits};
    }
    number -= target.cases();
  }
  CHECK(!"a case beyond the last");
  return {group.targets.back()};
}

std::string NameOf(const Flip& flip) {
  return fmt::format("{} octet {} bit {}", flip.target.file, flip.octet, flip.bit);
}

void FlipFile(const std::string& path, const Flip& flip) {
  Bytes octets = ReadTestFile(path);
  octets.at(flip.octet) = static_cast<char>(octets.at(flip.octet) ^ (1 << flip.bit));
  WriteTestFile(path, octets);
}

/// "WAL", by a file's name in RocksDB's directory; nothing for locks and messages.
std::string KindOfStoreFile(const std::string& name) {
  if (name.ends_with(".log")) return "WAL";
  if (name.ends_with(".sst")) return "SST";
  for (const std::string kind : {"MANIFEST", "CURRENT", "OPTIONS", "IDENTITY"}) {
    if (name.starts_with(kind)) return kind;
  }
  return "";
}

Target TargetOf(const std::string& base, const std::string& file, bool every_bit) {
  return {base, file, std::filesystem::file_size(base + "/" + file), every_bit};
}

std::vector<Group> StoreGroups(const std::string& base, const std::string& state) {
  std::map<std::string, Group> groups;
  for (const auto& entry : std::filesystem::directory_iterator(base + "/store")) {
    const std::string name = entry.path().filename().string();
    const std::string kind = KindOfStoreFile(name);
    if (kind.empty()) continue;
    groups[kind].name = kind + ", " + state;
    groups[kind].targets.push_back(TargetOf(base, "store/" + name, false));
  }
  std::vector<Group> found;
  for (auto& [kind, group] : groups) {
    std::ranges::sort(group.targets, {}, &Target::file);
    found.push_back(std::move(group));
  }
  return found;
}

/// The log and its head, every bit by themselves or some with a whole start.
std::vector<Group> LogGroups(const std::string& base, By by) {
  const bool every_bit = by == By::kLog;
  const std::string how = every_bit ? "" : ", start";
  Group log{"vote log" + how, by, {}};
  for (const auto& entry : std::filesystem::directory_iterator(base + "/votes")) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".log")) log.targets.push_back(TargetOf(base, "votes/" + name, every_bit));
  }
  std::ranges::sort(log.targets, {}, &Target::file);
  return {std::move(log), {"head" + how, by, {TargetOf(base, "votes/head", every_bit)}}};
}

Verdict JudgeExport(const std::string& file, const Truth& truth) {
  auto source = client::ExportFile::Open(file, truth.genesis().chain_id);
  if (!source) return {Outcome::kRefused, source.error().id};
  ChainWalk walk(truth.genesis(), AuditLevel::kL3);
  const auto report = client::RunAudit(*source, truth.genesis(), walk, {});
  if (report.finding) return {Outcome::kRefused, report.finding->id};
  if (report.failure) return {Outcome::kRefused, report.failure->id};
  const bool whole =
      report.clean() && report.tip == truth.tip() && report.blocks == truth.height();
  return {whole ? Outcome::kIntact : Outcome::kLost, "the audit was clean"};
}

Verdict Try(const Ground& ground, By by, const Flip& flip, const std::string& folder) {
  const Truth& truth = ground.truth();
  const Promised all{truth.records().size(), truth.height(), false, false};
  const std::string copy = folder + "/data";
  const std::string hurt = copy + "/" + flip.target.file;
  std::filesystem::create_directories(std::filesystem::path(hurt).parent_path());
  switch (by) {
    case By::kStart:
      CopyDirectory(flip.target.base, copy);
      FlipFile(hurt, flip);
      return Judge(copy, truth, ground.answers(), all);
    case By::kLog:
      CopyDirectory(flip.target.base + "/votes", copy + "/votes");
      FlipFile(hurt, flip);
      return JudgeLog(copy, truth);
    case By::kAudit:
      std::filesystem::copy_file(flip.target.base + "/" + flip.target.file, hurt);
      FlipFile(hurt, flip);
      return JudgeExport(hurt, truth);
  }
  return {};
}

void TryGroup(const Ground& ground, const CampaignOptions& options, const Group& group,
              Table& table) {
  const auto numbers = Draw(CasesOf(group), options.sample, options.seed);
  const auto verdicts = RunCases(
      ground.folder() + "/cases", numbers, options.jobs,
      [&](size_t number, const std::string& folder) {
        return Try(ground, group.by, FlipAt(group, number, options.seed), folder);
      });
  for (size_t i = 0; i < numbers.size(); ++i) {
    table.Add(group.name, NameOf(FlipAt(group, numbers[i], options.seed)), verdicts[i]);
  }
}

}  // namespace

bool Wants(const CampaignOptions& options, const std::string& row) {
  return options.only.empty() || std::ranges::count(options.only, row) > 0;
}

std::vector<size_t> Draw(size_t size, size_t count, uint64_t seed) {
  std::set<size_t> drawn;
  if (count == 0 || count >= size) {
    for (size_t i = 0; i < size; ++i) drawn.insert(drawn.end(), i);
  }
  for (uint64_t i = 0; drawn.size() < std::min(count, size); ++i) {
    drawn.insert(Mix(seed + Mix(i)) % size);
  }
  return {drawn.begin(), drawn.end()};
}

void FlipBits(const Ground& ground, const CampaignOptions& options, Table& table) {
  std::vector<Group> groups = LogGroups(ground.killed(), By::kLog);
  groups.push_back({"export", By::kAudit, {TargetOf(ground.folder(), "chain.bin", true)}});
  std::ranges::move(LogGroups(ground.killed(), By::kStart), std::back_inserter(groups));
  std::ranges::move(StoreGroups(ground.killed(), "killed"), std::back_inserter(groups));
  std::ranges::move(StoreGroups(ground.ended(), "ended"), std::back_inserter(groups));
  std::filesystem::create_directory(ground.folder() + "/cases");
  for (const Group& group : groups) {
    if (Wants(options, group.name)) TryGroup(ground, options, group, table);
  }
}

}  // namespace beian::storage
