#include "client/cli/content_in_force.h"

#include <fmt/format.h>

#include <map>

#include "client/cli/actions.h"
#include "client/cli/unfinished.h"
#include "client/sdk/disclosure.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

std::map<std::string, std::string> TextsOf(const std::vector<Disclosure>& fields) {
  std::map<std::string, std::string> texts;
  for (const Disclosure& field : fields) texts[field.path] = field.text;
  return texts;
}

/// Nothing when the file is not there or holds no personal data.
std::optional<bool> SamePersonalData(const std::filesystem::path& kept_file,
                                     const BuiltFiling& built) {
  const auto text = ReadFile(kept_file, kTextFileBytesMax);
  if (!text) return std::nullopt;
  const auto kept = ParseDisclosures(*text, kept_file.string());
  if (!kept || kept->size() != 1) return std::nullopt;
  return TextsOf(kept->front().fields) == TextsOf(built.disclosures);
}

ClientError Unchanged(const FilingId& id, std::string message) {
  return {"filing.unchanged",
          std::move(message),
          id.hex(),
          "Supplement what the office asked for, or send it all the same with --again.",
          "beian filing history " + id.hex(),
          Exit::kFailed,
          0};
}

}  // namespace

std::expected<v1::Filing, ClientError> ContentInForce(Client& client, const FilingRecord& record) {
  BEIAN_TRY(found, client.GetTransaction(record.content_transaction, 0));
  if (!found.receipt) return std::unexpected(UnknownTransaction(record.content_transaction));
  const v1::TransactionBody& body = found.receipt->transaction->body();
  const v1::Filing* filing = record.content_action < body.actions_size()
                                 ? FilingOf(body.actions(record.content_action))
                                 : nullptr;
  if (filing == nullptr) return std::unexpected(UnknownTransaction(record.content_transaction));
  return *filing;
}

v1::Filing WithoutCommitments(v1::Filing filing) {
  filing.clear_responsible();  // nothing but commitments
  filing.mutable_subject()->clear_name_commitment();
  filing.mutable_subject()->clear_document_commitment();
  return filing;
}

std::expected<void, ClientError> RefuseUnchanged(Client& client, const FilingId& id,
                                                 const BuiltFiling& built,
                                                 const std::filesystem::path& folder) {
  BEIAN_TRY(verified, client.GetFiling(id));
  BEIAN_TRY(record, DecodeFiling(verified, id.hex()));
  // Otherwise nothing is used up: the ledger refuses the step.
  if (record.status != FilingStatus::kAwaitingSupplement) return {};
  const auto content = ContentInForce(client, record);
  if (!content || WithoutCommitments(*content).SerializeAsString() !=
                      WithoutCommitments(built.filing).SerializeAsString()) {
    return {};
  }
  const auto kept = DisclosureFile(folder, record.content_transaction, record.content_action);
  const auto same = SamePersonalData(kept, built);
  if (same == false) return {};
  return std::unexpected(
      Unchanged(id, same ? "The form says what the ledger holds already."
                         : fmt::format("The public fields are what the ledger holds already, and "
                                       "the personal data cannot be compared without {}.",
                                       Printable(kept.string()))));
}

}  // namespace beian::client
