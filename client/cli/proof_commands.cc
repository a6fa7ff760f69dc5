#include <fmt/format.h>

#include "client/cli/actions.h"
#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/session.h"
#include "client/cli/verdict.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"
#include "ledger/base/calendar.h"

namespace beian::client {
namespace {

constexpr size_t kProofFileBytesMax = 4 << 20;

ClientError NotFinal(const TransactionId& id) {
  return {"transaction.not_final",
          "The transaction is in no final block yet.",
          id.hex(),
          "Wait for it, or submit it.",
          fmt::format("beian filing wait {}", id.hex()),
          Exit::kNotFinal,
          0};
}

Json ReceiptView(const VerifiedReceipt& receipt) {
  return {{"transaction", receipt.transaction->id().hex()},
          {"signer", receipt.transaction->signer_id().hex()},
          {"as_of",
           {{"height", receipt.header.height.value()},
            {"time", FormatTime(receipt.header.time)},
            {"block", receipt.header.id().hex()}}},
          {"results", ResultsJson(receipt.result)}};
}

CommandResult GetProof(Session& session, const Values& values) {
  const auto id = ParseId<TransactionId>(values.Text("transaction"));
  if (!id) {
    return std::unexpected(ClientError{"usage.bad_transaction_id", "This is no transaction's id.",
                                       Printable(values.Text("transaction")),
                                       "Give 64 hex digits, as submit printed them.", "",
                                       Exit::kUsage, 0});
  }
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(found, client->GetTransaction(*id, 0));
  if (found.state == SubmitResult::State::kUnknown) {
    return std::unexpected(UnknownTransaction(*id));
  }
  if (!found.receipt) return std::unexpected(NotFinal(*id));
  const std::string file = values.Has("file") ? values.Text("file") : id->hex() + ".proof.json";
  Json json = {{"schema", "beian.receipt.v1"},
               {"chain_id", client->genesis().chain_id.hex()},
               {"transaction", id->hex()},
               {"receipt", ToBase64(found.receipt_octets)}};
  if (const auto written = WriteFile(file, PrintJson(json, 2) + "\n", kPublicFileMode); !written) {
    return std::unexpected(written.error());
  }
  Outcome outcome;
  outcome.report.schema = "proof-file";
  outcome.report.body = ReceiptView(*found.receipt);
  outcome.report.body["file"] = file;
  outcome.report.text =
      fmt::format("{} {}\n  {} beian proof check {}\n",
                  Green(Tr("proof written:"), session.out_style()), file, Tr("next:"), file);
  return outcome;
}

std::expected<VerifiedReceipt, ClientError> CheckFile(const Genesis& genesis,
                                                      const std::string& text,
                                                      const std::string& file) {
  const auto invalid = [&](std::string_view id, std::string message) {
    return std::unexpected(ClientError{std::string(id), std::move(message), file,
                                       "Do not trust it. Get the proof again.",
                                       "beian proof get TRANSACTION", Exit::kInvalid, 0});
  };
  const Json json = ParseJson(text);
  const bool right = json.is_object() && json.value("schema", Json()) == "beian.receipt.v1" &&
                     json.value("receipt", Json()).is_string() &&
                     json.value("transaction", Json()).is_string();
  if (!right) return invalid("proof.malformed", "The file is no proof of a transaction.");
  if (json.value("chain_id", Json()) != genesis.chain_id.hex()) {
    return std::unexpected(ClientError{
        std::string(VerifyErrorId(VerifyError::kWrongChain)), "The proof is of another chain.",
        file, "Get the genesis file of this chain; give it with --genesis.", "beian config show",
        Exit::kUnchecked, 0});
  }
  const auto octets = FromBase64(json["receipt"].get<std::string>());
  const auto id = ParseId<TransactionId>(json["transaction"].get<std::string>());
  const auto receipt = octets ? DecodeReceipt(*octets, genesis.validators.size()) : std::nullopt;
  if (!receipt || !id) {
    return invalid(VerifyErrorId(VerifyError::kMalformed), "The proof does not decode.");
  }
  auto verified = VerifyReceipt(*receipt, genesis, *id);
  if (!verified) return invalid(VerifyErrorId(verified.error()), "The proof does not verify.");
  return *std::move(verified);
}

CommandResult CheckProof(Session& session, const Values& values) {
  BEIAN_TRY(genesis, session.genesis());
  const std::string file = values.Text("file");
  const auto text = ReadFile(file, kProofFileBytesMax);
  if (!text) {
    ClientError error = text.error();
    error.exit = Exit::kUnchecked;
    return std::unexpected(std::move(error));
  }
  const auto verified = CheckFile(*genesis, *text, file);
  if (!verified) return InvalidVerdict(session, verified.error());
  Outcome outcome;
  outcome.report.schema = "proof";
  outcome.report.body = {{"verdict", "genuine"}};
  outcome.report.body.update(ReceiptView(*verified));
  Json actions = Json::array();
  for (const v1::Action& action : verified->transaction->body().actions()) {
    actions.push_back(ActionName(action));
  }
  outcome.report.body["actions"] = std::move(actions);
  const Header& header = verified->header;
  outcome.report.text =
      fmt::format("{} {} {}\n", Green(Tr("GENUINE:"), session.out_style()),
                  Tr("the transaction stands in the log"),
                  fmt::format(fmt::runtime(Tr("as of block {} at {} ({})")), header.height.value(),
                              FormatTime(header.time), AgeOf(header.time))) +
      RenderPairs({{fmt::format("  {}", Tr("Transaction")), verified->transaction->id().hex()},
                   {fmt::format("  {}", Tr("Signer")), verified->transaction->signer_id().hex()},
                   {fmt::format("  {}", Tr("Actions")), ShownActions(outcome.report.body)}});
  return outcome;
}

}  // namespace

std::vector<Command> ProofCommands() {
  return {
      {"proof",
       "get",
       "write the proof that a transaction is final",
       {{"transaction", "id of the transaction"}, {"file", "file to write", false}},
       {},
       GetProof},
      {"proof",
       "check",
       "check such a file without any node",
       {{"file", "proof file"}},
       {},
       CheckProof},
  };
}

}  // namespace beian::client
