#include "client/cli/already_filed.h"

#include <fmt/format.h>

#include "client/cli/actions.h"
#include "client/cli/listing.h"
#include "client/sdk/text.h"
#include "ledger/filing/lifecycle.h"

namespace beian::client {
namespace {

/// A person's subject is named by a key that the person may have replaced; the owner says who it
/// is.
bool IsOf(const v1::Filing& filing, const KeyId& owner, const FilingRecord& record) {
  if (record.owner != owner || record.service_name != filing.service().name()) return false;
  if (record.status == FilingStatus::kNotPassed) return false;
  return filing.subject().nature() == v1::SUBJECT_NATURE_PERSON
             ? record.subject_name.empty()
             : record.subject == SubjectIdOf(filing.subject(), owner);
}

/// What IsOf asks for, as a node's list has it.
std::optional<FilingRecord> ListedRecord(const Json& row) {
  const auto id = ParseId<FilingId>(row["id"].get<std::string>());
  const auto owner = ParseId<KeyId>(row["owner"].get<std::string>());
  const auto subject = ParseId<SubjectId>(row["subject"].get<std::string>());
  if (!id || !owner || !subject) return std::nullopt;
  FilingRecord record;
  record.id = *id;
  record.owner = *owner;
  record.subject = *subject;
  record.status = *FilingStatusFromId(row["status"].get<std::string>());
  record.service_name = row["service_name"];
  record.subject_name = row["subject_name"];
  return record;
}

std::string NextStep(const FilingRecord& record) {
  const bool asked = record.status == FilingStatus::kAwaitingSupplement;
  return asked ? fmt::format("beian filing supplement {} FILE", record.id.hex())
               : "beian filing get " + record.id.hex();
}

ClientError AlreadyFiled(const FilingRecord& record) {
  return {"filing.already_filed",
          fmt::format("This key has filed the same service already: `{}` is {}.",
                      Printable(record.service_name), FilingStatusId(record.status)),
          record.id.hex(),
          "Go on with that filing, or file it once more with --again.",
          NextStep(record),
          Exit::kFailed,
          0};
}

}  // namespace

bool SameService(const KeyId& owner, const v1::Filing& a, const v1::Filing& b) {
  return a.service().name() == b.service().name() && a.subject().nature() == b.subject().nature() &&
         SubjectIdOf(a.subject(), owner) == SubjectIdOf(b.subject(), owner);
}

std::expected<void, ClientError> FiledAlready::Refuse(Client& client, const KeyId& owner,
                                                      std::span<const v1::Filing* const> filings) {
  const auto records = RecordsOf(client, owner);
  if (!records) return std::unexpected(records.error());
  for (const v1::Filing* filing : filings) {
    const auto [first, last] = (*records)->equal_range(filing->service().name());
    for (auto listed = first; listed != last; ++listed) {
      if (!IsOf(*filing, owner, listed->second)) continue;
      const FilingId& id = listed->second.id;
      const auto verified = client.GetFiling(id);
      if (!verified) return std::unexpected(verified.error());
      const auto record = DecodeFiling(*verified, id.hex());
      // The proof may say otherwise than the list.
      if (record && IsOf(*filing, owner, *record)) return std::unexpected(AlreadyFiled(*record));
    }
  }
  return {};
}

std::expected<const FiledAlready::Records*, ClientError> FiledAlready::RecordsOf(
    Client& client, const KeyId& owner) {
  Listing& listing = ListingOf(owner);
  const std::lock_guard lock(listing.mutex);
  if (listing.records) return &*listing.records;
  ListFilter filter;
  filter.owner = owner.hex();
  const auto rows = AskWhileUnreachable(client, [&] { return ListFilings(client, filter); });
  if (!rows) return std::unexpected(rows.error());
  Records& records = listing.records.emplace();
  for (const auto& row : *rows) {
    if (auto record = ListedRecord(row)) records.emplace(record->service_name, *std::move(record));
  }
  return &records;
}

FiledAlready::Listing& FiledAlready::ListingOf(const KeyId& owner) {
  const std::lock_guard lock(mutex_);
  return listings_[owner];
}

}  // namespace beian::client
