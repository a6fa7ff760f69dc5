// A filing's changes, from the blocks. Its record, which a proof shows, names the block of the last
// change; from there the blocks are read back to the one that holds the submission. Every block on
// the way is final and whole by its own proof, so no change is left out; what became of each is
// shown by a receipt.

#include <algorithm>

#include "client/cli/actions.h"
#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/session.h"
#include "client/cli/verified_blocks.h"
#include "ledger/base/calendar.h"
#include "ledger/filing/province.h"

namespace beian::client {
namespace {

constexpr uint64_t kStrideBlocks = 256;  ///< fetched at once; a node gives 512 at most

bool Concerns(const v1::Action& action, const TransactionId& transaction, uint16_t index,
              const FilingRecord& record) {
  if (action.has_bar_key()) return false;  // it names a filing as its ground, and changes none
  if (action.has_publish_set()) {
    const auto& codes = action.publish_set().codes();
    return record.code && std::ranges::find(codes, record.code->characters()) != codes.end();
  }
  return FilingOfAction(action, transaction, index) == record.id.hex();
}

std::string ReasonOf(const v1::Action& action) {
  if (action.has_request_supplement()) return action.request_supplement().reason();
  return action.has_refuse() ? action.refuse().reason() : std::string();
}

/// `block` holds the transaction; the receipt's own header may be of a later one.
Json ChangeRow(const Header& block, const VerifiedReceipt& receipt, uint16_t index,
               const Actor& actor) {
  const v1::Action& action = receipt.transaction->body().actions(index);
  Json row = {{"height", block.height.value()},
              {"time", FormatTime(block.time)},
              {"action", ActionName(action)}};
  row.update(ActorJson(actor));
  row["signer"] = actor.key.hex();
  row["transaction"] = receipt.transaction->id().hex();
  if (const std::string reason = ReasonOf(action); !reason.empty()) row["reason"] = reason;
  if (const auto& code = receipt.result.actions[index].code) row["code"] = code->characters();
  if (action.has_publish_set()) row["set"] = action.publish_set().number();
  return row;
}

/// The changes of one block, in order, each shown by the receipt of its transaction.
std::expected<Json, ClientError> ChangesIn(Client& client, const PreparedBlock& block,
                                           const FilingRecord& record) {
  Json rows = Json::array();
  for (const TransactionPtr& transaction : block.transactions) {
    std::optional<VerifiedReceipt> receipt;
    for (int i = 0; i < transaction->body().actions_size(); ++i) {
      const auto index = static_cast<uint16_t>(i);
      if (!Concerns(transaction->body().actions(i), transaction->id(), index, record)) continue;
      if (!receipt) {
        BEIAN_TRY(found, client.GetTransaction(transaction->id(), 0));
        if (!found.receipt) return std::unexpected(UnknownTransaction(transaction->id()));
        receipt = std::move(found.receipt);
      }
      if (receipt->result.actions[index].reject != FilingReject::kAccepted) continue;
      rows.push_back(ChangeRow(block.header, *receipt, index,
                               client.genesis().ActorOf(transaction->signer_id())));
    }
  }
  return rows;
}

/// Blocks `first` to `last`, however many replies they take.
std::expected<std::vector<PreparedBlock>, ClientError> FetchAll(Client& client, Height first,
                                                                Height last) {
  std::vector<PreparedBlock> all;
  while (first <= last) {
    auto part = FetchBlocks(client, first, last, AuditLevel::kL1);
    if (!part) return part;
    first = part->back().header.height.Next();
    for (PreparedBlock& block : *part) all.push_back(std::move(block));
  }
  return all;
}

/// From the block of the last change back to the submission; the rows in the order of the chain.
std::expected<Json, ClientError> ChangesOf(Client& client, const FilingRecord& record) {
  std::vector<Json> newest_first;
  for (uint64_t last = record.changed_height.value(); last > 0;) {
    const uint64_t first = last > kStrideBlocks ? last - kStrideBlocks + 1 : 1;
    BEIAN_TRY(blocks, FetchAll(client, Height(first), Height(last)));
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
      BEIAN_TRY(rows, ChangesIn(client, *block, record));
      for (auto row = rows.rbegin(); row != rows.rend(); ++row) newest_first.push_back(*row);
      if (newest_first.empty() || newest_first.back()["action"] != "submit") continue;
      Json changes = Json::array();
      for (auto row = newest_first.rbegin(); row != newest_first.rend(); ++row) {
        changes.push_back(std::move(*row));
      }
      return changes;
    }
    last = first - 1;
  }
  return std::unexpected(ClientError{"verify.bad_record", "No block holds the filing's submission.",
                                     record.id.hex(), "Use a client of the chain's version.",
                                     "beian audit run", Exit::kUnchecked, 0});
}

std::string ShownRole(const Json& row) {
  const Province* province = FindProvince(row.value("province", ""));
  return province == nullptr ? std::string(Tr(row.value("role", "")))
                             : std::string(ProvinceName(*province));
}

}  // namespace

CommandResult ShowHistory(Session& session, const Values& values) {
  BEIAN_TRY(ids, ResolveFilings(session, {values.Text("filing")}));
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(verified, client->GetFiling(ids.front()));
  BEIAN_TRY(record, DecodeFiling(verified, values.Text("filing")));
  BEIAN_TRY(changes, ChangesOf(*client, record));
  Outcome outcome;
  outcome.report.schema = "filing-history";
  outcome.report.rows = "changes";
  outcome.report.columns = {{"height", "Height", true},
                            {"time", "Time"},
                            {"action", "Action", false, ShownWord<"action">},
                            {"role", "By", false, ShownRole},
                            {"reason", "Reason"},
                            {"code", "Code"},
                            {"set", "Set", true},
                            {"transaction", "Transaction"}};
  outcome.report.body = {{"filing", record.id.hex()},
                         {"status", FilingStatusId(record.status)},
                         {"as_of_height", verified.proof.header.height.value()},
                         {"changes", std::move(changes)}};
  return outcome;
}

}  // namespace beian::client
