#include <fmt/format.h>

#include <sstream>

#include "client/cli/language.h"
#include "client/cli/session.h"
#include "client/cli/walk_source.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"
#include "ledger/chain/evidence.h"

namespace beian::client {
namespace {

constexpr size_t kEvidenceFileBytesMax = 8 << 20;
constexpr size_t kShownLinesMax = 100;  ///< all are judged

std::string Says(const Statement& statement) {
  std::string text(VoteKindName(statement.kind));
  if (statement.kind != VoteKind::kNullify) text += " " + statement.id.hex();
  return text;
}

/// One line of the file as a row; `proven` is false with the id of what is wrong.
Json Judge(const std::string& line, const Genesis& genesis) {
  const auto octets = FromHex(line);
  const auto evidence = octets ? Evidence::Decode(*octets) : std::nullopt;
  if (!evidence) {
    const EvidenceError error = EvidenceError::kMalformed;
    return {{"proven", false}, {"error", EvidenceErrorId(error)}};
  }
  const ValidatorSet& set = genesis.validators;
  const Vote& first = evidence->first;
  Json row = {{"proven", true},
              {"epoch", first.statement.epoch.value()},
              {"view", first.statement.view.value()},
              {"first", Says(first.statement)},
              {"second", Says(evidence->second.statement)}};
  const auto proof = VerifyEvidence(*evidence, genesis.chain_id, set, VerifySignature);
  if (proof) {
    row["validator"] = set.at(first.signer).name;
  } else {   // and names nobody
    row["proven"] = false;
    row["error"] = EvidenceErrorId(proof.error());
    row["remedy"] = EvidenceErrorRemedy(proof.error());
  }
  return row;
}

CommandResult AuditEvidence(Session& session, const Values& values) {
  BEIAN_TRY(genesis, session.genesis());
  const std::string file = values.Text("file");
  BEIAN_TRY(text, ReadFile(file, kEvidenceFileBytesMax));
  Outcome outcome;
  outcome.report.schema = "evidence";
  outcome.report.rows = "evidence";
  outcome.report.columns = {{"validator", "Validator"}, {"view", "View", true},
                            {"first", "First"},         {"second", "Second"},
                            {"proven", "Proven"},       {"error", "Error"}};
  Json rows = Json::array();
  size_t left_out = 0;
  bool any = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    Json row = Judge(line, *genesis);
    any |= row.contains("view");
    if (!row["proven"].get<bool>()) outcome.exit = Exit::kInvalid;
    if (rows.size() < kShownLinesMax) {
      rows.push_back(std::move(row));
    } else {
      ++left_out;
    }
  }
  if (!any) {
    return std::unexpected(ClientError{"evidence.other_file", "This is no evidence.log.",
                                       Printable(file), "Name the evidence.log of a node's data.",
                                       "beian audit evidence --help", Exit::kUsage, 0});
  }
  if (left_out > 0) {
    session.Say(fmt::format(fmt::runtime(Tr("{} more lines are not shown")), left_out));
  }
  outcome.report.body["left_out"] = left_out;
  outcome.report.body["evidence"] = std::move(rows);
  return outcome;
}

}  // namespace

Command EvidenceCommand() {
  return {"audit",
          "evidence",
          "check that votes convict a validator, trusting only the genesis file",
          {{"file", "a node's evidence.log"}},
          {},
          AuditEvidence};
}

}  // namespace beian::client
