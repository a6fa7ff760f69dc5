#include <fmt/format.h>

#include "client/cli/language.h"
#include "client/cli/walk_source.h"
#include "ledger/filing/record.h"

namespace beian::client {
namespace {

/// What a replayed state holds.
struct Contents {
  uint64_t filings = 0;
  uint64_t codes = 0;
  uint64_t listed = 0;
};

Contents CountContents(const ChainWalk& walk) {
  Contents contents;
  walk.ForEachRecord([&](const MapKey& key, BytesView octets) {
    const auto record = FilingRecord::Decode(octets);
    if (!record || key != FilingKey(record->id)) return;
    ++contents.filings;
    contents.codes += record->code ? 1 : 0;
    contents.listed += record->status == FilingStatus::kListed ? 1 : 0;
  });
  return contents;
}

CommandResult Import(Session& session, const Values& values) {
  BEIAN_TRY(genesis, session.genesis());
  BEIAN_TRY(file, ExportFile::Open(values.Text("file"), genesis->chain_id));
  ChainWalk walk(*genesis, AuditLevel::kL3);
  const AuditReport report = Walk(session, values, *genesis, file, walk, AuditLevel::kL3);
  const Contents contents = CountContents(walk);
  Outcome outcome;
  outcome.exit = ExitOfAudit(report);
  outcome.report.schema = "import";
  outcome.report.body = AuditJson(report, *genesis);
  outcome.report.body["filings"] = contents.filings;
  outcome.report.body["codes"] = contents.codes;
  outcome.report.body["listed"] = contents.listed;
  outcome.report.text =
      AuditText(session, values, report, *genesis) + fmt::format("{}\n", Tr("The file holds:")) +
      RenderPairs({{fmt::format("  {}", Tr("Filings")), std::to_string(contents.filings)},
                   {fmt::format("  {}", Tr("Codes")), std::to_string(contents.codes)},
                   {fmt::format("  {}", Tr("In sets")), std::to_string(contents.listed)}});
  return outcome;
}

}  // namespace

Command ImportCommand() {
  return {"chain",
          "import",
          "verify an export file and say what it holds",
          {{"file", "export file"}},
          {{"--threads", "threads that check signatures; default: processors",
            Option::Kind::kCount, ""}},
          Import};
}

}  // namespace beian::client
