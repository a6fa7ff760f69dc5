#include <fmt/format.h>

#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/session.h"
#include "client/cli/walk_source.h"

namespace beian::client {
namespace {

/// Another node's newest common block against ours: equal ids there mean equal chains below.
std::optional<Finding> CompareNode(const Genesis& genesis, const std::string& node,
                                   const std::vector<BlockId>& ids, Json& row) {
  Client other(genesis, {node});
  const auto probe = other.Export(Height(1), 1);
  row = {{"node", node}, {"state", "unreachable"}};
  if (!probe) return std::nullopt;
  const uint64_t height = std::min<uint64_t>(probe->tip, ids.size());
  row["state"] = "agrees";
  row["compared_height"] = height;
  if (height == 0) return std::nullopt;
  const auto part = other.Export(Height(height), 1);
  if (!part || part->blocks.empty()) {
    row["state"] = "unreachable";
    return std::nullopt;
  }
  const auto prepared = PrepareBlock(part->blocks.front(), genesis, AuditLevel::kL0, {});
  const bool final = prepared && prepared->header.height.value() == height;
  const BlockId id = prepared ? prepared->header.id() : BlockId{};
  if (final && id == ids[height - 1]) return std::nullopt;
  row["state"] = final ? "forked" : "bad_proof";
  return Finding{final ? "audit.fork" : "audit.node_disagrees",
                 height,
                 std::nullopt,
                 ids[height - 1].hex(),
                 final ? id.hex() : node,
                 final ? "Two blocks of one height are final: more than a third of the validators "
                         "signed both. Keep both exports: they are the evidence."
                       : "The node shows a block that its proof does not support."};
}

ClientError NothingChecked(ClientError error) {
  if (error.exit == Exit::kUnreachable) error.next = "beian audit run --data-dir DIR";
  error.exit = Exit::kUnchecked;
  return error;
}

CommandResult AuditRun(Session& session, const Values& values) {
  const auto level = ParseAuditLevel(values.Has("level") ? values.Text("level") : "L3");
  CHECK(level.has_value());  // the command line takes no other
  BEIAN_TRY(genesis, session.genesis());
  BEIAN_TRY(source, OpenSource(session, values, *level));
  ChainWalk walk(*genesis, *level);
  std::vector<BlockId> ids;
  AuditReport report = Walk(session, values, *genesis, *source, walk, *level, &ids);
  Json nodes = Json::array();
  std::string comparison;
  const bool from_node = !values.Has("export") && !values.Has("data-dir");
  if (from_node && report.failure && report.blocks == 0) {
    return std::unexpected(NothingChecked(*std::move(report.failure)));
  }
  for (const std::string& node : session.connection().nodes.value) {
    if (!from_node || !report.clean() || node == source->name()) continue;
    Json row;
    report.finding = CompareNode(*genesis, node, ids, row);
    comparison += fmt::format("  {}  {}\n", node, Tr(row.value("state", "")));
    nodes.push_back(std::move(row));
  }
  Outcome outcome;
  outcome.exit = ExitOfAudit(report);
  outcome.report.schema = "audit";
  outcome.report.body = AuditJson(report, *genesis);
  outcome.report.body["nodes_compared"] = std::move(nodes);
  outcome.report.text = AuditText(session, values, report, *genesis);
  if (!comparison.empty()) {
    outcome.report.text += fmt::format("{}\n{}", Tr("Other nodes' chains:"), comparison);
  }
  return outcome;
}

}  // namespace

std::vector<Command> AuditCommands() {
  std::vector<Option> options = WalkOptionList();
  options.insert(options.begin(), {"--level",
                                   "L0 headers, L1 payloads, L2 signatures, L3 replay",
                                   Option::Kind::kText,
                                   "L3",
                                   {"L0", "L1", "L2", "L3"}});
  return {{"audit",
           "run",
           "check the whole chain, trusting only the genesis file",
           {},
           options,
           AuditRun},
          EvidenceCommand()};
}

}  // namespace beian::client
