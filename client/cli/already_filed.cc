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

ClientError AlreadyFiled(const FilingRecord& record) {
  return {"filing.already_filed",
          fmt::format("This key has filed the same service already: `{}` is {}.",
                      Printable(record.service_name), FilingStatusId(record.status)),
          record.id.hex(),
          "Go on with that filing, or file it once more with --again.",
          "beian filing get " + record.id.hex(),
          Exit::kFailed,
          0};
}

}  // namespace

std::expected<void, ClientError> RefuseAlreadyFiled(Client& client, const KeyId& owner,
                                                    std::span<const v1::Filing* const> filings) {
  ListFilter filter;
  filter.owner = owner.hex();
  const auto rows = AskWhileUnreachable(client, [&] { return ListFilings(client, filter); });
  if (!rows) return std::unexpected(rows.error());
  for (const auto& row : *rows) {
    const auto id = ParseId<FilingId>(row.value("id", ""));
    const std::string service = row.value("service_name", "");
    const bool named = std::ranges::any_of(
        filings, [&](const v1::Filing* filing) { return filing->service().name() == service; });
    if (!id || !named) continue;
    const auto verified = client.GetFiling(*id);
    if (!verified) return std::unexpected(verified.error());
    const auto record = DecodeFiling(*verified, id->hex());
    if (!record) continue;  // the proof says otherwise than the list
    for (const v1::Filing* filing : filings) {
      if (IsOf(*filing, owner, *record)) return std::unexpected(AlreadyFiled(*record));
    }
  }
  return {};
}

}  // namespace beian::client
