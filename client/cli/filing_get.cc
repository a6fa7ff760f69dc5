// One filing: its record, shown by a proof, and the content in force, shown by the receipt of the
// transaction that the record names.

#include <fmt/format.h>

#include "client/cli/actions.h"
#include "client/cli/command.h"
#include "client/cli/content_in_force.h"
#include "client/cli/language.h"
#include "client/cli/session.h"
#include "client/sdk/disclosure.h"
#include "ledger/base/calendar.h"

namespace beian::client {
namespace {

/// For people: words as a form has them, and one line in the place of the commitments.
Json ShownContent(const v1::Filing& filing) {
  Json json = ContentJson(WithoutCommitments(filing));
  if (json.is_null()) return json;
  const bool person = filing.subject().nature() == v1::SUBJECT_NATURE_PERSON;
  json["subject"]["nature"] =
      SubjectNatureId(person ? SubjectNature::kPerson : SubjectNature::kOrganisation);
  json["personal data"] = fmt::format(fmt::runtime(Tr("committed ({} fields), not on the chain")),
                                      CommitmentsOf(filing).size());
  return json;
}

}  // namespace

CommandResult GetFiling(Session& session, const Values& values) {
  BEIAN_TRY(ids, ResolveFilings(session, {values.Text("filing")}));
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(verified, client->GetFiling(ids.front()));
  BEIAN_TRY(record, DecodeFiling(verified, values.Text("filing")));
  const auto content = ContentInForce(*client, record);
  Outcome outcome;
  outcome.report.schema = "filing";
  outcome.report.body = {{"filing", FilingJson(record)},
                         {"content", content ? ContentJson(*content) : Json(nullptr)},
                         {"as_of",
                          {{"height", verified.proof.header.height.value()},
                           {"time", FormatTime(verified.proof.header.time)}}}};
  Report shown = outcome.report;
  if (content) {
    shown.body["content"] = ShownContent(*content);
  } else {   // the record is proven all the same
    outcome.report.body["content_error"] = content.error().id;
    shown.body["content"] = fmt::format("{} [{}]", TrDetail(content.error().message),
                                        content.error().id);
  }
  outcome.report.text = Render(shown, Format::kText, session.out_style());
  return outcome;
}

}  // namespace beian::client
