#include <fmt/format.h>

#include <fstream>

#include "client/audit/block_source.h"
#include "client/cli/actions.h"
#include "client/cli/command.h"
#include "client/cli/interrupt.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/progress.h"
#include "client/cli/session.h"
#include "client/cli/verdict.h"
#include "client/cli/verified_blocks.h"
#include "client/cli/walk_source.h"
#include "client/sdk/files.h"
#include "client/sdk/reply.h"
#include "client/sdk/text.h"
#include "ledger/base/calendar.h"
#include "ledger/verify/export_file.h"

namespace beian::client {
namespace {

constexpr size_t kExportCount = 512;

CommandResult ChainStatus(Session& session, const Values&) {
  Json rows = Json::array();
  size_t reached = 0;
  Outcome outcome;
  std::string errors;
  BEIAN_TRY(client, session.client());
  for (const std::string& node : client->nodes()) {
    const auto status = client->GetJsonFrom(node, "/v1/status", BrokenStatus);
    Json row = {{"node", node}};
    if (!status) {
      const bool bad = status.error().id == kBadReplyId;
      if (bad) outcome.exit = Exit::kFailed;
      row["state"] = bad ? "bad_reply" : "unreachable";
      row["error_id"] = status.error().id;
      row["message"] = status.error().message;
      errors += RenderError(status.error(), Format::kText, session.out_style());
    } else {
      ++reached;
      for (const char* key : {"state", "committed_height", "final_height", "view", "leader",
                              "pending_transactions", "version", "uptime_ms"}) {
        row[key] = Json((*status)[key]);
      }
    }
    rows.push_back(std::move(row));
  }
  if (reached == 0) outcome.exit = Exit::kUnreachable;
  outcome.report.schema = "chain-status";
  outcome.report.rows = "nodes";
  outcome.report.columns = {{"node", "Node"},
                            {"state", "State", false, ShownWord<"state">},
                            {"committed_height", "Height", true},
                            {"view", "View", true},
                            {"leader", "Leader"},
                            {"pending_transactions", "Pending", true},
                            {"version", "Version"}};
  outcome.report.body = {{"chain", client->genesis().name},
                         {"chain_id", client->genesis().chain_id.hex()},
                         {"nodes", std::move(rows)}};
  outcome.report.text = RenderTable(outcome.report.body["nodes"], outcome.report.columns) + errors;
  return outcome;
}

std::expected<PreparedBlock, ClientError> FetchBlock(Client& client, Height height) {
  auto blocks = FetchBlocks(client, height, height, AuditLevel::kL2);
  if (!blocks) return std::unexpected(blocks.error());
  return std::move(blocks->front());
}

Outcome HeaderReport(const Header& header, std::string schema) {
  Outcome outcome;
  outcome.report.schema = std::move(schema);
  outcome.report.body = {{"header", HeaderJson(header)}, {"age", AgeOf(header.time)}};
  return outcome;
}

CommandResult ChainHead(Session& session, const Values&) {
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(probe, client->Export(Height(1), 1));
  if (probe.tip == 0) {
    return std::unexpected(ClientError{"chain.no_block", "The chain has no block yet.",
                                       client->genesis().name, "Wait for the first block.",
                                       "beian chain status", Exit::kNotFound, 0});
  }
  BEIAN_TRY(block, FetchBlock(*client, Height(probe.tip)));
  return HeaderReport(block.header, "head");
}

CommandResult ChainBlock(Session& session, const Values& values) {
  const std::string text = values.Text("height");
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos ||
      text.size() > 18) {
    return std::unexpected(ClientError{"usage.bad_height", "This is no height.", Printable(text),
                                       "Give a number from 1.", "beian chain head", Exit::kUsage,
                                       0});
  }
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(block, FetchBlock(*client, Height(std::strtoull(text.c_str(), nullptr, 10))));
  Outcome outcome = HeaderReport(block.header, "block");
  // No results: the header commits to them in the log, and only a receipt shows that.
  Json rows = Json::array();
  for (size_t i = 0; i < block.transactions.size(); ++i) {
    const Transaction& transaction = *block.transactions[i];
    Json actions = Json::array();
    for (const v1::Action& action : transaction.body().actions()) {
      actions.push_back(ActionName(action));
    }
    rows.push_back({{"index", i},
                    {"id", transaction.id().hex()},
                    {"signer", transaction.signer_id().hex()},
                    {"actions", std::move(actions)}});
  }
  Report& report = outcome.report;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [key, value] : report.body["header"].items()) {
    const std::string path = "header." + key;
    pairs.emplace_back(Tr(path) == path ? key : Tr(path), CellText(value));
  }
  report.rows = "transactions";
  report.columns = {{"index", "Index", true},
                    {"id", "Transaction"},
                    {"actions", "Actions", false, ShownActions},
                    {"signer", "Signer"}};
  report.body["transactions"] = std::move(rows);
  report.text =
      RenderPairs(pairs) + "\n" + RenderTable(report.body["transactions"], report.columns);
  return outcome;
}

ClientError BadExport(const std::string& file, const Finding& finding) {
  return {"export.bad_block",
          fmt::format("Block {} in the file is bad ({}); nothing is appended to it.",
                      finding.height, finding.id),
          Printable(file),
          "Export the chain to a new file.",
          fmt::format("beian audit run --export {}", Printable(file)),
          Exit::kInvalid,
          0};
}

/// Blocks already in the file, checked, so that a second run goes on where the first ended; cuts
/// off what is not whole.
std::expected<uint64_t, ClientError> Resume(const std::string& file, const Genesis& genesis) {
  const ChainId& chain = genesis.chain_id;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    const auto written = WriteFile(file, EncodeExportHead(chain), kPublicFileMode);
    if (!written) return std::unexpected(written.error());
    return 0;
  }
  if (!std::filesystem::is_regular_file(file, error)) {
    return std::unexpected(ClientError{"export.not_a_file",
                                       "A folder or something else that is no file stands there.",
                                       Printable(file),
                                       "Name a file that is new, or an export to go on with.",
                                       "beian chain export --help", Exit::kFailed, 0});
  }
  auto opened = ExportFile::Open(file, chain);
  if (!opened && opened.error().id == "export.damaged") {
    return std::unexpected(ClientError{
        "export.other_file", "The file there is no export of a chain, and it is not replaced.",
        Printable(file), "Name a file that is new, or an export to go on with.",
        "beian chain export --help", Exit::kFailed, 0});
  }
  if (!opened) return std::unexpected(opened.error());
  ChainWalk walk(genesis, AuditLevel::kL1);
  const AuditReport report =
      RunAudit(*opened, genesis, walk, {.level = AuditLevel::kL1, .progress_file = {}, .step = {}});
  if (report.finding) return std::unexpected(BadExport(file, *report.finding));
  std::filesystem::resize_file(file, opened->offset(), error);
  if (error) {
    return std::unexpected(
        FileError("file.cannot_write", "The export cannot be continued", file, error.value()));
  }
  return report.blocks;
}

ClientError EndsBeforeItsTip(const Client& client, uint64_t blocks, uint64_t tip) {
  ClientError error = BadReplyError(client.nodes().front(), "blocks");
  error.message =
      fmt::format("The node gives no block after {}, and says that it has {}.", blocks, tip);
  return error;
}

CommandResult ChainExport(Session& session, const Values& values) {
  BEIAN_TRY(client, session.client());
  const std::string file = values.Text("file");
  BEIAN_TRY(had, Resume(file, client->genesis()));
  CatchInterrupts();
  std::ofstream out(file, std::ios::binary | std::ios::app);
  Progress progress(session, "blocks", 0);
  uint64_t blocks = had;
  while (!Interrupted()) {
    BEIAN_TRY(part, client->Export(Height(blocks + 1), kExportCount));
    progress.SetTotal(part.tip);
    for (const StoredBlock& block : part.blocks) {
      ByteWriter framed;
      framed.Long(EncodeStoredBlock(block));
      out << framed.bytes();
      ++blocks;
    }
    out.flush();
    if (!out) {
      return std::unexpected(
          FileError("file.cannot_write", "The export cannot be written", file, errno));
    }
    progress.Set(blocks);
    if (blocks >= part.tip) break;
    if (part.blocks.empty()) return std::unexpected(EndsBeforeItsTip(*client, blocks, part.tip));
  }
  Outcome outcome;
  outcome.report.schema = "export";
  outcome.report.body = {{"file", file}, {"blocks", blocks}, {"new_blocks", blocks - had}};
  outcome.report.text =
      fmt::format("{} {} ({} {})\n  {} beian audit run --export {}\n", Tr("blocks in the file:"),
                  blocks, blocks - had, Tr("new"), Tr("next:"), file);
  return outcome;
}

}  // namespace

std::vector<Command> ChainCommands() {
  return {
      {"chain", "status", "every node's own word on where it stands", {}, {}, ChainStatus},
      {"chain", "head", "the newest block, verified", {}, {}, ChainHead},
      {"chain",
       "block",
       "one block with its transactions, verified",
       {{"height", "height, from 1"}},
       {},
       ChainBlock},
      {"chain",
       "export",
       "write the whole chain to a file; goes on where a file ends",
       {{"file", "file to write"}},
       {},
       ChainExport},
      ImportCommand(),
  };
}

}  // namespace beian::client
