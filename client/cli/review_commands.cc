#include <fmt/format.h>

#include "client/cli/actions.h"
#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/session.h"
#include "client/cli/steps.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

/// Whoever signs; nothing without a key.
std::optional<Actor> OwnActor(Session& session) {
  const auto genesis = session.genesis();
  const auto key = session.key();
  if (!genesis || !key) return std::nullopt;
  return (*genesis)->ActorOf((*key)->public_key().id());
}

/// The province of the signing key's office; empty for the CAC and everyone else.
std::string OwnProvince(Session& session) {
  const auto actor = OwnActor(session);
  return actor ? actor->province : std::string();
}

/// Verbs of what the signer may do with the filing now, by the ledger's rule; without a key, what
/// its holder may do.
Json NextSteps(const Json& row, const std::optional<Actor>& actor) {
  FilingRecord record;
  record.status = *FilingStatusFromId(row["status"].get<std::string>());
  record.stage = *StageFromId(row["stage"].get<std::string>());
  record.division = row["division"];
  return OfficeSteps(record, actor);
}

std::string ShownNext(const Json& row) {
  std::string text;
  for (const auto& verb : row["next_actions"]) {
    text += (text.empty() ? "" : ", ") + verb.get<std::string>();
  }
  return text;
}

std::expected<std::vector<FilingId>, ClientError> FilingsOf(Session& session, const Values& values,
                                                            const Step& step) {
  const auto named = values.Texts("filings");
  if (!values.Has("all")) return ResolveFilings(session, named);
  if (!named.empty()) {
    return std::unexpected(ClientError{"usage.bad_arguments",
                                       "Filings are named, and --all stands for every one.",
                                       Printable(named.front()), "Name filings or give --all.",
                                       fmt::format("beian review {} --help", step.verb),
                                       Exit::kUsage, 0});
  }
  BEIAN_TRY(client, TimedClient(session, values));
  ListFilter filter;
  filter.status = FilingStatusId(step.from);
  filter.province = OwnProvince(session);
  filter.count_max = values.Number("limit", kListCountMaxDefault);
  if (step.stage) filter.stage = StageId(*step.stage);
  BEIAN_TRY(rows, ListFilings(*client, filter));
  std::vector<FilingId> ids;
  for (const auto& row : rows) {
    if (const auto id = ParseId<FilingId>(row.value("id", ""))) ids.push_back(*id);
  }
  return ids;
}

CommandResult Review(Session& session, const Values& values, const Step& step) {
  const auto reason = ToNfc(values.Text("reason"));
  if (step.needs_reason && (!reason || reason->empty())) {
    return std::unexpected(ClientError{
        std::string(FilingRejectId(FilingReject::kMissingReason)), "A reason is missing.", "",
        "Give --reason TEXT: the provider must know what to mend.",
        fmt::format("beian review {} --help", step.verb), Exit::kUsage, 0});
  }
  BEIAN_TRY(filings, FilingsOf(session, values, step));
  if (filings.empty() && !values.Has("all")) {
    return std::unexpected(ClientError{"usage.no_filing", "No filing is named.", "",
                                       "Give ids or codes, @FILE, - or --all.", "beian review list",
                                       Exit::kUsage, 0});
  }
  std::vector<NamedAction> actions;
  for (const FilingId& id : filings) {
    NamedAction action{id.hex(), {}};
    step.fill(action.action, Bytes(id.view()), reason.value_or(""));
    actions.push_back(std::move(action));
  }
  return SignAndSubmit(session, values, std::move(actions));
}

template <const Step& kStep>
CommandResult RunReview(Session& session, const Values& values) {
  return Review(session, values, kStep);
}

ClientError NotAnOffice(const Actor& actor) {
  const Json role = ActorJson(actor);
  return {"review.not_an_office",
          "The key is no office's: only the provincial offices and the CAC review.",
          fmt::format("key {} ({})", actor.key.hex(), role["role"].get<std::string>()),
          "Give an office's key with --key; every filing and its state is in `beian filing list`.",
          "beian filing list",
          Exit::kNotAuthorised,
          0};
}

CommandResult ListReview(Session& session, const Values& values) {
  BEIAN_TRY(client, session.client());
  const bool has_key = !session.connection().key.value.empty();
  if (has_key) {
    if (const auto key = session.key(); !key) return std::unexpected(key.error());
  }
  const auto actor = has_key ? OwnActor(session) : std::nullopt;
  using enum Actor::Role;
  if (actor && actor->role != kProvincialOffice && actor->role != kCac) {
    return std::unexpected(NotAnOffice(*actor));
  }
  ListFilter filter = FilterOf(values);
  if (filter.province.empty() && actor) filter.province = actor->province;
  std::vector<std::string> statuses = {filter.status};
  if (filter.status.empty()) {
    using enum FilingStatus;
    statuses.clear();
    for (const FilingStatus status : {kNotReviewed, kInReview, kAwaitingSupplement}) {
      statuses.emplace_back(FilingStatusId(status));
    }
  }
  if (actor && actor->role == kCac) filter.stage = StageId(Stage::kCac);
  Json rows = Json::array();
  for (const std::string& status : statuses) {
    if (filter.count_max == 0) break;
    filter.status = status;
    BEIAN_TRY(part, ListFilings(*client, filter));
    filter.count_max -= part.size();
    for (auto& row : part) {
      row["next_actions"] = NextSteps(row, actor);
      rows.push_back(std::move(row));
    }
  }
  auto outcome = FilingRows("reviews", std::move(rows));
  // What waits has no code and no set yet, but somebody's next step.
  std::vector<Column>& columns = outcome->report.columns;
  std::erase_if(columns,
                [](const Column& column) { return column.key == "code" || column.key == "set"; });
  columns.push_back({"next_actions", "Next", false, ShownNext});
  return outcome;
}

Command ReviewCommand(std::string verb, std::string help, bool reason,
                      CommandResult (*run)(Session&, const Values&)) {
  std::vector<Option> options = SubmitOptionList();
  options.push_back({"--all", "every filing that waits for this", Option::Kind::kFlag, ""});
  options.push_back({"--limit", "with --all: at most so many", Option::Kind::kCount, "100000"});
  if (reason)
    options.push_back({"--reason", "what the provider must know", Option::Kind::kText, ""});
  return {"review",        std::move(verb),
          std::move(help), {{"filings", "ids or codes; @FILE or - for a list", false, true}},
          options,         run};
}

}  // namespace

std::vector<Command> ReviewCommands() {
  return {
      {"review", "list", "filings that wait for an office", {}, ListOptions(), ListReview},
      ReviewCommand("take", "take filings up for review", false, RunReview<kTake>),
      ReviewCommand("request-supplement", "ask the provider to supplement a filing", true,
                    RunReview<kRequest>),
      ReviewCommand("refuse", "refuse a filing, with reasons", true, RunReview<kRefuse>),
      ReviewCommand("forward", "forward filings to the CAC", false, RunReview<kForward>),
      ReviewCommand("approve", "approve filings: each gets its code", false, RunReview<kApprove>),
  };
}

}  // namespace beian::client
