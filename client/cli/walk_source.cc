#include "client/cli/walk_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "client/cli/interrupt.h"
#include "client/cli/language.h"
#include "client/cli/process.h"
#include "client/cli/progress.h"
#include "client/cli/verdict.h"
#include "client/sdk/text.h"
#include "ledger/base/calendar.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kThreadsMax = 256;

/// The configuration of the node whose data directory, or folder, is named.
std::expected<fs::path, ClientError> FindNodeConfig(const fs::path& dir) {
  std::error_code ignored;
  for (const fs::path& candidate : {dir / "beiand.toml", dir.parent_path() / "beiand.toml", dir}) {
    if (fs::is_regular_file(candidate, ignored)) return fs::absolute(candidate);
  }
  return std::unexpected(ClientError{
      "audit.no_node_config", "No beiand.toml stands in the folder or above it.", dir.string(),
      "Give the node's folder.", "beian audit run --help", Exit::kNotFound, 0});
}

/// What a program wrote there, safe to show.
std::string WrittenTo(std::FILE* file) {
  std::rewind(file);
  char text[4096];
  return PrintableLines(std::string_view(text, std::fread(text, 1, sizeof(text), file)));
}

/// What kept the node's program from its export, by the id that it wrote: "beiand: ID: message".
ClientError NoExport(const std::string& messages, const std::string& dir) {
  ClientError error{"audit.no_export",
                    fmt::format("The node's program wrote no whole export: {}", messages),
                    dir,
                    "Stop the node first, or audit it over its API.",
                    "beian audit run",
                    Exit::kUnchecked,
                    0};
  if (messages.find("store.unavailable") != std::string::npos &&
      messages.find("genesis file is of chain") != std::string::npos) {
    error.id = "export.wrong_chain";
    error.remedy = "Get the genesis file of this chain; give it with --genesis.";
  } else if (messages.find("store.damaged") != std::string::npos ||
             messages.find("store.failure") != std::string::npos) {
    error.id = "audit.store_damaged";
    error.remedy = "Keep the store as it is, and audit another node, or an export.";
  } else if (messages.find("store.unavailable") == std::string::npos) {
    error.remedy = "Mend what the message names, or audit another node, or an export.";
  }
  return error;
}

/// What the node's program exports from its store, whole only when the program says so at its end.
class StoreExport : public BlockSource {
 public:
  using Messages = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  StoreExport(ExportFile file, Messages messages)
      : file_(std::move(file)), messages_(std::move(messages)) {}

  std::expected<std::optional<StoredBlock>, ClientError> Next() override {
    auto next = file_.Next();
    if (next && *next) return next;
    const std::string written = WrittenTo(messages_.get());
    if (next && written.find(kWholeExport) != std::string::npos) return next;
    return std::unexpected(NoExport(written, file_.name()));
  }
  uint64_t tip() const override { return 0; }
  const std::string& name() const override { return file_.name(); }

 private:
  static constexpr std::string_view kWholeExport = "exported ";
  ExportFile file_;
  const Messages messages_;
};

/// The store belongs to the node's program: it writes the export and we read it from a pipe.
std::expected<std::unique_ptr<BlockSource>, ClientError> OpenDataDir(Session& session,
                                                                     const Genesis& genesis,
                                                                     const std::string& dir) {
  BEIAN_TRY(config, FindNodeConfig(dir));
  const std::string beiand = (ProgramFolder() / "beiand").string();
  StoreExport::Messages messages(std::tmpfile(), &std::fclose);
  if (messages == nullptr) {
    return std::unexpected(ClientError{"file.cannot_write", "No temporary file can be made.",
                                       "/tmp", "Make room there, and run it again.", "",
                                       Exit::kFailed, 0});
  }
  BEIAN_TRY(output, StartPiped({beiand, "--config", config.string(), "--export", "-",
                                "--spare-genesis", session.connection().genesis.value.string()},
                               ::fileno(messages.get())));
  auto file = ExportFile::FromStream(::fdopen(output, "rb"), dir, genesis.chain_id);
  if (file) return std::make_unique<StoreExport>(*std::move(file), std::move(messages));
  if (file.error().id != "export.damaged") return std::unexpected(file.error());
  return std::unexpected(NoExport(WrittenTo(messages.get()), dir));
}

AuditOptions OptionsOf(const Values& values, AuditLevel level) {
  AuditOptions options;
  options.level = level;
  options.threads =
      std::min(values.Number("threads", std::thread::hardware_concurrency()), kThreadsMax);
  options.progress_file = values.Text("progress-file");
  options.last = values.Number("to", 0);
  return options;
}

/// "passed    to block 7   every client signature"
std::string CheckLines(const AuditReport& report) {
  const auto line = [](const AuditCheck& check) {
    switch (check.result) {
      case AuditCheck::Result::kPassed:
        return std::pair(Tr("passed"), Tr("to block {}"));
      case AuditCheck::Result::kFailed:
        return std::pair(Tr("failed"), Tr("at block {}"));
      case AuditCheck::Result::kNotDone:
        return std::pair(Tr("not done"), std::string_view());
    }
    CHECK(!"an unknown result");
    return std::pair(std::string_view(), std::string_view());
  };
  constexpr size_t kWordColumns = 10;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const AuditCheck& check : AuditChecks(report)) {
    const auto [word, place] = line(check);
    const std::string where = fmt::format(fmt::runtime(place), check.height);
    pairs.emplace_back("  " + PadTo(word, kWordColumns) + where, Tr(check.what));
  }
  return RenderPairs(pairs);
}

/// Shows the finding again from where it was found.
std::string ReproduceCommand(const Values& values, const AuditReport& report) {
  const uint64_t height = report.finding->height;
  for (const auto& [given, option] : {std::pair("export", "export"),
                                      {"data-dir", "data-dir"},
                                      {"file", "export"}}) {  // of `chain import`
    if (!values.Has(given)) continue;
    return fmt::format("beian audit run --level {} --{} {} --to {}", AuditLevelName(report.level),
                       option, Printable(values.Text(given)), height);
  }
  return fmt::format("beian chain block {}", height);
}

/// The verdict and what it is about, in one line.
std::string Headline(const Style& style, const AuditReport& report, const Genesis& genesis) {
  const std::string about =
      fmt::format(fmt::runtime(Tr("{} at level {}, from {}")), genesis.name,
                  AuditLevelName(report.level), Printable(report.source));
  if (report.finding) {
    const uint64_t height = report.finding->height;
    const bool known = report.finding->id != kProgressDiffers && height > 1;
    const std::string good =
        known ? fmt::format(fmt::runtime(Tr(" (blocks 1 to {} are good)")), height - 1) : "";
    return fmt::format("{}{}: {}\n",
                       Red(fmt::format(fmt::runtime(Tr("BAD at block {}")), height), style), good,
                       about);
  }
  const uint64_t height = report.tip.height.value();
  const std::string blocks = height > 0
                                 ? fmt::format(fmt::runtime(Tr("blocks 1 to {}")), height)
                                 : std::string(Tr("no block"));
  return fmt::format("{} {}, {}\n", report.clean() ? Green(Tr("CLEAN:"), style)
                                                   : Yellow(Tr("INCOMPLETE:"), style),
                     blocks, about);
}

}  // namespace

std::vector<Option> WalkOptionList() {
  return {
      {"--export", "export file to read instead of a node; - is standard input",
       Option::Kind::kText, ""},
      {"--data-dir", "folder of a stopped node to read instead", Option::Kind::kText, ""},
      {"--to", "last height to check", Option::Kind::kCount, ""},
      {"--threads", "threads that check signatures; default: processors", Option::Kind::kCount, ""},
      {"--progress-file", "where to go on after an interruption", Option::Kind::kText, ""}};
}

std::expected<std::unique_ptr<BlockSource>, ClientError> OpenSource(Session& session,
                                                                    const Values& values,
                                                                    AuditLevel level) {
  if (values.Has("export") && values.Has("data-dir")) {
    return std::unexpected(ClientError{"usage.two_sources", "Two sources are named.",
                                       "--export, --data-dir", "Give one of them.",
                                       "beian audit run --help", Exit::kUsage, 0});
  }
  BEIAN_TRY(genesis, session.genesis());
  const auto checked = CheckProgressFile(OptionsOf(values, level), *genesis);
  if (!checked) return std::unexpected(checked.error());
  if (values.Has("export")) {
    BEIAN_TRY(file, ExportFile::Open(values.Text("export"), genesis->chain_id));
    return std::make_unique<ExportFile>(std::move(file));
  }
  if (values.Has("data-dir")) return OpenDataDir(session, *genesis, values.Text("data-dir"));
  BEIAN_TRY(client, session.client());
  return std::make_unique<NodeSource>(*client, values.Number("to", 0));
}

AuditReport Walk(Session& session, const Values& values, const Genesis& genesis,
                 BlockSource& source, ChainWalk& walk, AuditLevel level,
                 std::vector<BlockId>* ids) {
  CatchInterrupts();
  Progress progress(session, "blocks", 0);
  AuditOptions options = OptionsOf(values, level);
  options.step = [&](uint64_t height, uint64_t tip) {
    progress.SetTotal(tip);
    progress.Set(height);
    if (ids != nullptr) ids->push_back(walk.tip().id());
    return !Interrupted();
  };
  return RunAudit(source, genesis, walk, options);
}

Exit ExitOfAudit(const AuditReport& report) {
  if (report.finding) return Exit::kInvalid;
  if (report.interrupted) return Exit::kInterrupted;
  return report.clean() ? Exit::kOk : Exit::kUnchecked;
}

std::string AuditText(const Session& session, const Values& values, const AuditReport& report,
                      const Genesis& genesis) {
  std::string text = Headline(session.out_style(), report, genesis);
  if (report.finding) {
    const Finding& finding = *report.finding;
    std::vector<std::pair<std::string, std::string>> pairs = {
        {fmt::format("  {}", Tr("Finding")), finding.id},
        {fmt::format("  {}", Tr("Height")), std::to_string(finding.height)}};
    if (finding.transaction) {
      pairs.emplace_back(fmt::format("  {}", Tr("Transaction")),
                         std::to_string(*finding.transaction));
    }
    pairs.emplace_back(fmt::format("  {}", Tr("Expected")), TrDetail(Printable(finding.expected)));
    pairs.emplace_back(fmt::format("  {}", Tr("Found")), TrDetail(Printable(finding.found)));
    pairs.emplace_back(fmt::format("  {}", Tr("What")),
                       Shown(finding.id, finding.message, "").message);
    pairs.emplace_back(fmt::format("  {}", Tr("See")), ReproduceCommand(values, report));
    text += RenderPairs(pairs);
  }
  if (report.failure) {
    const ClientError& failure = *report.failure;
    const Explanation shown = Shown(failure.id, failure.message, failure.remedy);
    text += fmt::format("  {} [{}] {}\n  {} {}\n", shown.message, failure.id,
                        Printable(failure.object), Tr("remedy:"), shown.remedy);
  }
  if (report.blocks == 0) text += fmt::format("  {}\n", Tr("No block was there to check."));
  std::vector<std::pair<std::string, std::string>> counts = {
      {fmt::format("  {}", Tr("Blocks")), std::to_string(report.blocks)},
      {fmt::format("  {}", Tr("Transactions")), std::to_string(report.transactions)}};
  if (report.actions) {
    counts.emplace_back(fmt::format("  {}", Tr("Actions")), std::to_string(*report.actions));
  }
  counts.emplace_back(fmt::format("  {}", Tr("Newest block")),
                      fmt::format("{} {}", FormatTime(report.tip.time), report.tip.id().hex()));
  text += RenderPairs(counts);
  text += fmt::format(fmt::runtime(Tr("Checked against {} (chain {}, {}…):")),
                      session.connection().genesis.value.string(), genesis.name,
                      genesis.chain_id.hex().substr(0, 16)) +
          "\n";
  text += CheckLines(report);
  text += fmt::format("{}\n", Tr("Not checked:"));
  for (const std::string& limit : AuditLimits(report.level)) {
    text += fmt::format("  - {}\n", Tr(limit));
  }
  return text;
}

}  // namespace beian::client
