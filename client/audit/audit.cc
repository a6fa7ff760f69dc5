#include "client/audit/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "client/audit/block_pipeline.h"
#include "client/sdk/files.h"
#include "ledger/base/calendar.h"

namespace beian::client {
namespace {

constexpr std::chrono::seconds kSaveEvery{5};
constexpr std::string_view kProgressSchema = "beian.audit-progress.v1";

/// What a level adds to the one below, and the findings that say that it failed.
struct CheckKind {
  AuditLevel level;
  std::string_view what;
  std::vector<std::string_view> findings;
};
const CheckKind kCheckKinds[] = {
    {AuditLevel::kL0,
     "headers linked from genesis; heights, views, times, proposers",
     {"audit.malformed_header", "audit.bad_height", "audit.bad_parent", "audit.bad_version",
      "audit.bad_epoch", "audit.bad_view", "audit.bad_next_set", "audit.bad_time",
      "audit.bad_log_size", "audit.bad_proposer"}},
    {AuditLevel::kL0,
     "the finalization of every block by a quorum, every signature of it",
     {"audit.malformed_proof", "audit.wrong_chain", "audit.bad_quorum",
      "audit.bad_validator_signature", "audit.bad_finality"}},
    {AuditLevel::kL1,
     "every transaction hashed again into its block and into the log",
     {"audit.bad_transaction_count", "audit.bad_entry", "audit.bad_transaction_root",
      "audit.bad_log_root"}},
    {AuditLevel::kL2, "every client signature", {"audit.bad_client_signature"}},
    {AuditLevel::kL3,
     "every action executed again: results, codes, and the state's root",
     {"audit.bad_result", "audit.invalid_block", "audit.bad_map_root"}},
};

/// Up to where an earlier run got.
struct Checked {
  uint64_t height = 0;
  std::string block;
};

std::optional<Checked> LoadProgress(const AuditOptions& options, const Genesis& genesis) {
  if (options.progress_file.empty()) return std::nullopt;
  const auto text = ReadFile(options.progress_file, kTextFileBytesMax);
  if (!text) return std::nullopt;
  const Json json = ParseJson(*text);
  if (!json.is_object() || json.value("schema", Json()) != kProgressSchema ||
      json.value("chain_id", Json()) != genesis.chain_id.hex() ||
      json.value("level", Json()) != AuditLevelName(options.level)) {
    return std::nullopt;
  }
  const Json height = json.value("height", Json());
  const Json block = json.value("block", Json());
  if (!height.is_number_unsigned() || !block.is_string()) return std::nullopt;
  return Checked{height.get<uint64_t>(), block.get<std::string>()};
}

Bytes ProgressText(const AuditOptions& options, const Genesis& genesis, const Header& tip) {
  const Json json = {{"schema", kProgressSchema},
                     {"chain_id", genesis.chain_id.hex()},
                     {"level", AuditLevelName(options.level)},
                     {"height", tip.height.value()},
                     {"block", tip.id().hex()}};
  return PrintJson(json, 2) + "\n";
}

void SaveProgress(const AuditOptions& options, const Genesis& genesis, const Header& tip) {
  if (options.progress_file.empty()) return;
  // A run that cannot save its progress is still a good run.
  (void)WriteFile(options.progress_file, ProgressText(options, genesis, tip), kPrivateFileMode);
}

ClientError EndsEarly(const BlockSource& source, uint64_t height, uint64_t last) {
  return {
      "audit.source_ends",
      fmt::format("The source ends at block {}, before block {} that it should have.", height,
                  last),
      source.name(),
      "Give a lower --to, or a source that reaches further.",
      "beian chain head",
      Exit::kUnchecked,
      0};
}

Finding WrongResume(const Checked& checked, const Header& header) {
  return {std::string(kProgressDiffers),
          header.height.value(),
          std::nullopt,
          checked.block,
          header.id().hex(),
          "The source has another block here than the one that the progress file names: the chain "
          "was rewritten, or the file is of another run. Delete it to check everything."};
}

}  // namespace

std::expected<void, ClientError> CheckProgressFile(const AuditOptions& options,
                                                   const Genesis& genesis) {
  if (options.progress_file.empty()) return {};
  const auto may = MayReplace(options.progress_file, ProgressText(options, genesis, Header()));
  if (!may) return may;
  const auto checked = LoadProgress(options, genesis);
  if (!checked || options.last == 0 || checked->height <= options.last) return {};
  return std::unexpected(
      ClientError{"usage.progress_beyond",
                  fmt::format("The audit is already at height {}, beyond --to {}.", checked->height,
                              options.last),
                  options.progress_file.string(), "Give a higher --to, or another progress file.",
                  "beian audit run --help", Exit::kUsage, 0});
}

AuditReport RunAudit(BlockSource& source, const Genesis& genesis, ChainWalk& walk,
                     const AuditOptions& options) {
  AuditReport report;
  report.level = options.level;
  report.source = source.name();
  const auto checked = LoadProgress(options, genesis);
  const uint64_t vouched = checked ? checked->height : 0;
  BlockPipeline pipeline(source, genesis, options.level, options.threads, vouched);
  auto saved = std::chrono::steady_clock::now();
  while (!report.finding) {
    auto next = pipeline.Next();
    if (!next) report.failure = next.error();
    if (!next || !*next) break;
    auto& prepared = **next;
    if (!prepared) walk.Stop(std::move(prepared.error()));
    const auto walked = walk.Next(prepared ? *prepared : PreparedBlock{});
    if (!walked) {
      report.finding = walked.error();
      break;
    }
    const Header& tip = walk.tip();
    if (checked && tip.height.value() == vouched && tip.id().hex() != checked->block) {
      report.finding = WrongResume(*checked, tip);
      break;
    }
    const auto now = std::chrono::steady_clock::now();
    if (tip.height.value() > vouched && now - saved > kSaveEvery) {
      SaveProgress(options, genesis, tip);
      saved = now;
    }
    if (options.step && !options.step(tip.height.value(), source.tip())) {
      report.interrupted = true;
      break;
    }
    if (tip.height.value() == options.last) break;
  }
  report.blocks = walk.blocks();
  report.transactions = walk.transactions();
  if (options.level >= AuditLevel::kL1) report.actions = walk.actions();
  report.tip = walk.tip();
  report.claimed_tip = source.tip();
  const bool ahead = report.tip.height.value() > vouched;
  const bool trustworthy = !report.finding && ahead;
  if (trustworthy) SaveProgress(options, genesis, report.tip);
  // A chain that ends before the height checked earlier never showed the block that vouches for it.
  if (!report.finding && !report.interrupted && !report.failure && checked && report.blocks > 0 &&
      report.tip.height.value() < vouched) {
    report.finding = WrongResume(*checked, report.tip);
  }
  const uint64_t height = report.tip.height.value();
  const uint64_t last = options.last != 0 ? options.last : report.claimed_tip;
  if (!report.finding && !report.interrupted && !report.failure && height < last) {
    report.failure = EndsEarly(source, height, last);
  }
  return report;
}

std::string_view AuditLevelName(AuditLevel level) {
  switch (level) {
    case AuditLevel::kL0:
      return "L0";
    case AuditLevel::kL1:
      return "L1";
    case AuditLevel::kL2:
      return "L2";
    case AuditLevel::kL3:
      return "L3";
  }
  CHECK(!"an unknown level");
  return {};
}

std::optional<AuditLevel> ParseAuditLevel(std::string_view text) {
  for (const AuditLevel level :
       {AuditLevel::kL0, AuditLevel::kL1, AuditLevel::kL2, AuditLevel::kL3}) {
    if (text == AuditLevelName(level) || text == AuditLevelName(level).substr(1)) return level;
  }
  return std::nullopt;
}

std::vector<AuditCheck> AuditChecks(const AuditReport& report) {
  const std::string_view finding = report.finding ? report.finding->id : std::string_view();
  // What a progress file vouched for is shown by nothing when it is of another chain.
  const uint64_t passed = finding == kProgressDiffers ? 0 : report.blocks;
  std::vector<AuditCheck> checks;
  for (const CheckKind& kind : kCheckKinds) {
    if (kind.level > report.level) continue;
    AuditCheck check{kind.what};
    if (std::ranges::find(kind.findings, finding) != kind.findings.end()) {
      check.result = AuditCheck::Result::kFailed;
      check.height = report.blocks + 1;
    } else if (passed > 0) {
      check.result = AuditCheck::Result::kPassed;
      check.height = passed;
    }
    checks.push_back(check);
  }
  return checks;
}

std::string_view AuditResultId(AuditCheck::Result result) {
  switch (result) {
    case AuditCheck::Result::kPassed:
      return "passed";
    case AuditCheck::Result::kFailed:
      return "failed";
    case AuditCheck::Result::kNotDone:
      return "not_done";
  }
  CHECK(!"an unknown result");
  return {};
}

std::vector<std::string> AuditLimits(AuditLevel level) {
  std::vector<std::string> limits;
  if (level < AuditLevel::kL1) limits.push_back("what the blocks hold");
  if (level < AuditLevel::kL2) limits.push_back("who signed the transactions");
  if (level < AuditLevel::kL3) limits.push_back("whether the results follow from the rules");
  limits.push_back("whether what the filings say is true");
  limits.push_back("whether there are newer blocks than the source showed");
  limits.push_back("deadlines in working days, and lists outside of the ledger");
  return limits;
}

Json AuditJson(const AuditReport& report, const Genesis& genesis) {
  Json checks = Json::array();
  for (const AuditCheck& check : AuditChecks(report)) {
    checks.push_back({{"what", check.what},
                      {"result", AuditResultId(check.result)},
                      {"height", check.height}});
  }
  Json json = {{"verdict", report.clean()   ? "clean"
                           : report.finding ? "bad"
                                            : "incomplete"},
               {"level", AuditLevelName(report.level)},
               {"chain", genesis.name},
               {"chain_id", genesis.chain_id.hex()},
               {"source", report.source},
               {"from_height", 1},
               {"to_height", report.tip.height.value()},
               {"to_block", report.tip.id().hex()},
               {"to_time", FormatTime(report.tip.time)},
               {"blocks", report.blocks},
               {"transactions", report.transactions},
               {"actions", report.actions ? Json(*report.actions) : Json()},
               {"log_root", report.tip.log_root.hex()},
               {"map_root", report.tip.map_root.hex()},
               {"checks", std::move(checks)},
               {"not_checked", AuditLimits(report.level)},
               {"findings", Json::array()}};
  if (report.finding) {
    const Finding& finding = *report.finding;
    Json item = {{"id", finding.id}, {"height", finding.height}};
    if (finding.transaction) item["transaction"] = *finding.transaction;
    item["expected"] = finding.expected;
    item["found"] = finding.found;
    item["message"] = finding.message;
    json["findings"].push_back(std::move(item));
  }
  return json;
}

}  // namespace beian::client
