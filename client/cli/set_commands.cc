#include <fmt/format.h>

#include <charconv>

#include "client/cli/actions.h"
#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/published_report.h"
#include "client/cli/session.h"
#include "client/cli/verified_blocks.h"
#include "client/sdk/files.h"
#include "client/sdk/reply.h"
#include "client/sdk/text.h"
#include "ledger/base/calendar.h"

namespace beian::client {
namespace {

constexpr uint64_t kSetNumberMax = 1'000'000;

ClientError Usage(std::string id, std::string message, std::string object, std::string remedy,
                  std::string next = "beian set publish --help") {
  return {std::move(id),
          std::move(message),
          std::move(object),
          std::move(remedy),
          std::move(next),
          Exit::kUsage,
          0};
}

/// The number after the last published set, as proofs show: that set is there, and the next is not.
std::expected<uint32_t, ClientError> NextSetNumber(Session& session) {
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(sets, ListSets(*client));
  uint32_t last = 0;
  for (const Json& set : sets) last = std::max(last, set["number"].get<uint32_t>());
  for (const uint32_t number : {last, last + 1}) {
    if (number == 0) continue;
    BEIAN_TRY(shown, client->GetSet(number));
    if (shown.record.has_value() != (number == last)) {
      return std::unexpected(BadReplyError(shown.node, "sets"));
    }
  }
  return last + 1;
}

/// Codes of every filed filing that stands in no set, by the node's list; the ledger judges them.
std::expected<std::vector<std::string>, ClientError> UnlistedCodes(Session& session) {
  BEIAN_TRY(client, session.client());
  ListFilter filter;
  filter.status = FilingStatusId(FilingStatus::kFiled);
  filter.count_max = kSetCodesMax;
  BEIAN_TRY(rows, ListFilings(*client, filter));
  std::vector<std::string> codes;
  for (const auto& row : rows) codes.push_back(row.value("code", ""));
  return codes;
}

std::expected<std::vector<std::string>, ClientError> CodesOf(Session& session,
                                                             const Values& values) {
  std::vector<std::string> words = values.Texts("codes");
  const bool named = !words.empty() || values.Has("file");
  if (named && values.Has("all")) {
    return std::unexpected(Usage("usage.bad_arguments",
                                 "Codes are named, and --all stands for every one.", "",
                                 "Name codes or give --all."));
  }
  if (values.Has("all")) return UnlistedCodes(session);
  if (values.Has("file")) {
    const auto text = ReadFile(values.Text("file"), kTextFileBytesMax);
    if (!text) return std::unexpected(text.error());
    std::istringstream stream(*text);
    for (std::string word; stream >> word;) words.push_back(word);
  }
  std::vector<std::string> codes;
  for (const std::string& word : words) {
    const auto code = RegistrationCode::Parse(word);
    if (!code) {
      return std::unexpected(Usage(std::string(CodeErrorId(code.error())),
                                   "This is no registration code.", Printable(word),
                                   "Give the 20 characters, or the full form."));
    }
    codes.emplace_back(code->characters());
  }
  return codes;
}

CommandResult PublishSet(Session& session, const Values& values) {
  std::string date = values.Text("date");
  if (date.empty()) date = FormatDate(ShanghaiDate(TimeMs(NowMs())));
  if (!ParseDate(date)) {
    return std::unexpected(
        Usage("usage.bad_date", "This is no date.", Printable(date), "Write it like 2019-03-30."));
  }
  BEIAN_TRY(codes, CodesOf(session, values));
  if (codes.empty() && values.Has("all")) {
    session.Say(Tr("Every filed filing stands in a set already."));
    return ReportRows(session, Json::array());
  }
  if (codes.empty()) {
    return std::unexpected(Usage("usage.no_code", "The set has no code.", "",
                                 "Name codes, or give --file FILE or --all."));
  }
  uint32_t number = static_cast<uint32_t>(values.Number("number", 0));
  if (number == 0) {
    BEIAN_TRY(next, NextSetNumber(session));
    number = next;
  }
  NamedAction action{fmt::format("set {}", number), {}};
  v1::PublishSet& set = *action.action.mutable_publish_set();
  set.set_number(number);
  set.set_published_on(date);
  for (const std::string& code : codes) set.add_codes(code);
  auto outcome = SignAndSubmit(session, values, {std::move(action)});
  if (!outcome || outcome->exit != Exit::kOk) return outcome;
  outcome->report.body["codes"] = codes.size();
  outcome->report.text +=
      RenderPairs({{fmt::format("  {}", Tr("Codes")), std::to_string(codes.size())}});
  return outcome;
}

CommandResult ShowSets(Session& session, const Values&) {
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(rows, ListSets(*client));
  Outcome outcome;
  outcome.report.schema = "sets";
  outcome.report.rows = "sets";
  outcome.report.body["sets"] = std::move(rows);
  outcome.report.columns = {
      {"number", "Set", true}, {"published_on", "Published"}, {"filings", "Filings", true}};
  return outcome;
}

/// The codes of a set in the order of its publication, from the block at `height`, if that is where
/// it was published. Whatever the node shows, the proven digest decides.
std::expected<std::vector<std::string>, ClientError> PublishedCodes(Client& client,
                                                                    const SetRecord& record,
                                                                    Height height) {
  const auto blocks = FetchBlocks(client, height, height, AuditLevel::kL1);
  if (!blocks && blocks.error().exit != Exit::kNotFound) return std::unexpected(blocks.error());
  if (!blocks) return {};
  for (const TransactionPtr& transaction : blocks->front().transactions) {
    for (const v1::Action& action : transaction->body().actions()) {
      const auto& codes = action.publish_set().codes();
      if (!action.has_publish_set() || HashCodes(action.publish_set()) != record.codes) continue;
      return std::vector<std::string>(codes.begin(), codes.end());
    }
  }
  return {};
}

/// The rows in the order of publication; an error when their codes are not those of the record. The
/// set is published in the block that changed them last.
std::expected<Json, ClientError> InPublishedOrder(Client& client, const std::string& node,
                                                  const SetRecord& record, Json rows) {
  ClientError differs = BadReplyError(node, "filings");
  differs.message = fmt::format("The node lists {} filings of a set that has {}.", rows.size(),
                                record.filings);
  if (rows.size() != record.filings) return std::unexpected(std::move(differs));
  const Height height(rows.front()["changed_height"].get<uint64_t>());
  BEIAN_TRY(codes, PublishedCodes(client, record, height));
  std::map<std::string, Json> by_code;
  for (Json& row : rows) by_code.emplace(row.value("code", ""), std::move(row));
  Json ordered = Json::array();
  for (const std::string& code : codes) {
    if (auto found = by_code.extract(code)) ordered.push_back(std::move(found.mapped()));
  }
  if (ordered.size() == record.filings) return ordered;
  differs.message = "The node lists other codes than the set's proven digest covers.";
  return std::unexpected(std::move(differs));
}

/// From the first node whose list is the one that the record's digest covers.
std::expected<Json, ClientError> AnyNodesMembers(Client& client, const SetRecord& record) {
  ListFilter filter;
  filter.set = record.number;
  std::expected<Json, ClientError> members;
  for (size_t i = 0; i < client.nodes().size(); ++i) {
    client.StartAt(i);
    auto rows = ListFilings(client, filter);
    if (!rows) return rows;
    members = InPublishedOrder(client, client.nodes()[i], record, *std::move(rows));
    if (members || members.error().id != "node.bad_reply") return members;
  }
  return members;
}

/// The set's record is verified, and that its members have the codes that its digest covers; what
/// else the node's list says of them is not, and each can be verified.
CommandResult ShowSet(Session& session, const Values& values) {
  const std::string text = values.Text("number");
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) {
    return std::unexpected(Usage("usage.bad_set_number", "This is not the number of a set.",
                                 Printable(text), "Sets are numbered from 1.", "beian set list"));
  }
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(verified, client->GetSet(number));
  const auto record = verified.record ? SetRecord::Decode(*verified.record) : std::nullopt;
  if (!record) {
    return std::unexpected(
        ClientError{"set.unknown", "No such set was published, as a proof shows.",
                    Printable(text), "See which sets there are.", "beian set list",
                    Exit::kNotFound, 0});
  }
  BEIAN_TRY(ordered, AnyNodesMembers(*client, *record));
  std::map<std::string, uint64_t> counts;
  for (const auto& row : ordered) ++counts[row.value("province", "")];
  auto outcome = FilingRows("set", std::move(ordered));
  Json provinces = Json::object();
  for (const auto& [province, count] : counts) provinces[province] = count;
  outcome->report.body["set"] = SetJson(*record);
  outcome->report.body["provinces"] = std::move(provinces);
  return outcome;
}

}  // namespace

std::vector<Command> SetCommands() {
  std::vector<Option> options = SubmitOptionList();
  options.push_back({"--number",
                     "number of the set; the one after the last when left out",
                     Option::Kind::kCount,
                     "",
                     {},
                     kSetNumberMax});
  options.push_back({"--date", "day of publication; today when left out", Option::Kind::kText, ""});
  options.push_back({"--file", "file of codes", Option::Kind::kText, ""});
  options.push_back(
      {"--all", "every filed filing that is in no set, at most 1000", Option::Kind::kFlag, ""});
  return {
      {"set",
       "publish",
       "publish a set of filings",
       {{"codes", "registration codes", false, true}},
       options,
       PublishSet},
      SetPlanCommand(),
      {"set", "list", "the published sets", {}, {}, ShowSets},
      {"set", "show", "one set with its filings", {{"number", "number of the set"}}, {}, ShowSet},
  };
}

}  // namespace beian::client
