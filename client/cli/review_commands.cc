#include <fmt/format.h>

#include "client/cli/actions.h"
#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/session.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

/// What an office does with a filing, and in which state it expects the filings of --all.
struct Step {
  std::string_view verb;
  FilingStatus from;
  std::optional<Stage> stage;
  bool needs_reason;
  void (*fill)(v1::Action& action, const Bytes& filing, const std::string& reason);
};

template <auto Mutable>
void FillPlain(v1::Action& action, const Bytes& filing, const std::string&) {
  (action.*Mutable)()->set_filing_id(filing);
}

template <auto Mutable>
void FillReasoned(v1::Action& action, const Bytes& filing, const std::string& reason) {
  (action.*Mutable)()->set_filing_id(filing);
  (action.*Mutable)()->set_reason(reason);
}

constexpr Step kTake{"take", FilingStatus::kNotReviewed, std::nullopt, false,
                     FillPlain<&v1::Action::mutable_take_up>};
constexpr Step kForward{"forward", FilingStatus::kInReview, Stage::kProvince, false,
                        FillPlain<&v1::Action::mutable_forward>};
constexpr Step kApprove{"approve", FilingStatus::kInReview, Stage::kCac, false,
                        FillPlain<&v1::Action::mutable_approve>};
constexpr Step kRequest{"request-supplement", FilingStatus::kInReview, std::nullopt, true,
                        FillReasoned<&v1::Action::mutable_request_supplement>};
constexpr Step kRefuse{"refuse", FilingStatus::kInReview, std::nullopt, true,
                       FillReasoned<&v1::Action::mutable_refuse>};

/// The province of the signing key's office; empty for the CAC and everyone else.
std::string OwnProvince(Session& session) {
  const auto genesis = session.genesis();
  const auto key = session.key();
  if (!genesis || !key) return {};
  return (*genesis)->ActorOf((*key)->public_key().id()).province;
}

std::expected<std::vector<FilingId>, ClientError> FilingsOf(Session& session, const Values& values,
                                                            const Step& step) {
  if (!values.Has("all")) return ResolveFilings(session, values.Texts("filings"));
  BEIAN_TRY(client, session.client());
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

CommandResult ListReview(Session& session, const Values& values) {
  BEIAN_TRY(client, session.client());
  ListFilter filter = FilterOf(values);
  if (filter.province.empty() && !session.connection().key.value.empty()) {
    filter.province = OwnProvince(session);
  }
  std::vector<std::string> statuses = {filter.status};
  if (filter.status.empty()) statuses = {"not_reviewed", "in_review", "awaiting_supplement"};
  Json rows = Json::array();
  for (const std::string& status : statuses) {
    filter.status = status;
    BEIAN_TRY(part, ListFilings(*client, filter));
    for (auto& row : part) rows.push_back(std::move(row));
  }
  return FilingRows("reviews", std::move(rows));
}

Command ReviewCommand(std::string verb, std::string help, bool reason,
                      CommandResult (*run)(Session&, const Values&)) {
  std::vector<Option> options = SubmitOptionList();
  options.push_back({"--all", "every filing that waits for this", Option::Kind::kFlag, ""});
  options.push_back({"--limit", "with --all: at most so many", Option::Kind::kNumber, "100000"});
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
