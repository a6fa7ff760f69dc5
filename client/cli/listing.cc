#include "client/cli/listing.h"

#include <fmt/format.h>

#include <set>

#include "client/cli/interrupt.h"
#include "client/cli/language.h"
#include "client/sdk/reply.h"
#include "ledger/base/bytes.h"

namespace beian::client {
namespace {

constexpr uint64_t kPageRows = 100;  ///< as many as a node gives at once
constexpr uint64_t kEmptyPagesMax = 1'000;  ///< one after the other: a node skips 10,000 in each

/// A node that leads on for ever.
ClientError EndlessList(std::string_view url) {
  ClientError error = BadReplyError(url, "next");
  error.message = "The node's list has no end.";
  return error;
}

/// A node whose rows are no rows.
ClientError HugeList(std::string_view url, size_t bytes_max) {
  return {"node.reply_too_large",
          fmt::format("The node's list is larger than {} octets.", bytes_max),
          std::string(url),
          "Give another node, or narrow the list.",
          "beian doctor",
          Exit::kUnreachable,
          0};
}

/// All pages of a list; a page may be short, or empty, and still have a next one. No two rows share
/// the member `id`.
std::expected<Json, ClientError> ReadPages(Client& client, const std::string& path,
                                           const char* member, const char* id, Promise promise,
                                           const ListFilter& filter) {
  Json rows = Json::array();
  std::string cursor;
  std::set<std::string> cursors;
  std::set<std::string> ids;
  uint64_t empty_pages = 0;
  size_t bytes = 0;
  while (!Interrupted()) {
    const std::string url =
        fmt::format("{}{}count={}{}", path, path.find('?') == std::string::npos ? '?' : '&',
                    kPageRows, cursor.empty() ? "" : "&cursor=" + cursor);
    const auto reply = client.GetJson(url, promise);
    if (!reply) return std::unexpected(reply.error());
    bool fresh = false;
    for (const auto& item : (*reply)[member]) {
      bytes += item.dump().size();
      if (bytes > filter.bytes_max) return std::unexpected(HugeList(url, filter.bytes_max));
      if (!ids.insert(item[id].dump()).second) continue;  // it changed, and stands at the end now
      fresh = true;
      if (!filter.stage.empty() && item.value("stage", "") != filter.stage) continue;
      rows.push_back(Json(item));
      if (rows.size() >= filter.count_max) return rows;
    }
    const auto& next = (*reply)["next"];
    if (next.is_null()) break;
    cursor = next.get<std::string>();
    empty_pages = fresh ? 0 : empty_pages + 1;
    const bool endless = empty_pages > kEmptyPagesMax || !cursors.insert(cursor).second;
    if (endless || !FromHex(cursor)) return std::unexpected(EndlessList(url));
    if (client.LeftMs() == 0) return std::unexpected(EndlessList(url));
  }
  return rows;
}

std::vector<std::string> StatusIds() {
  using enum FilingStatus;
  std::vector<std::string> ids;
  for (const FilingStatus status :
       {kNotReviewed, kInReview, kAwaitingSupplement, kNotPassed, kFiled, kListed}) {
    ids.emplace_back(FilingStatusId(status));
  }
  return ids;
}

std::vector<std::string> ProvinceNumbers() {
  std::vector<std::string> numbers;
  for (const Province& province : Provinces()) numbers.emplace_back(province.gb2260);
  return numbers;
}

}  // namespace

std::vector<Option> ListOptions() {
  return {{"--status", "state of the filings", Option::Kind::kText, "", StatusIds()},
          {"--province", "two digits of GB/T 2260, such as 11", Option::Kind::kText, "",
           ProvinceNumbers()},
          {"--set", "number of a published set", Option::Kind::kCount, ""},
          {"--limit", "at most so many rows", Option::Kind::kCount, "100000"}};
}

ListFilter FilterOf(const Values& values) {
  ListFilter filter;
  filter.status = values.Text("status");
  filter.province = values.Text("province");
  filter.set = values.Number("set", 0);
  filter.count_max = values.Number("limit", kListCountMaxDefault);
  return filter;
}

std::expected<Json, ClientError> ListFilings(Client& client, const ListFilter& filter) {
  std::string path = "/v1/filings";
  const auto add = [&path](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    path += fmt::format("{}{}={}", path.find('?') == std::string::npos ? '?' : '&', name, value);
  };
  add("status", filter.status);
  add("province", filter.province);
  add("owner", filter.owner);
  if (filter.set != 0) add("set", std::to_string(filter.set));
  return ReadPages(client, path, "filings", "id", BrokenFilings, filter);
}

std::expected<Json, ClientError> ListSets(Client& client) {
  return ReadPages(client, "/v1/sets", "sets", "number", BrokenSets, {});
}

std::string ShownRemedy(const Json& row) {
  return Shown(row.value("error_id", ""), "", row.value("remedy", "")).remedy;
}

std::string_view ProvinceName(const Province& province) {
  return CurrentLanguage() == Language::kChinese ? province.name_zh : province.name_en;
}

std::string ShownProvince(const Json& row) {
  return ProvinceText(row.value("province", ""));
}

std::string ShownActions(const Json& row) {
  std::string text;
  for (const auto& action : row["actions"]) {
    text += (text.empty() ? "" : ", ") + std::string(Tr(action.get<std::string>()));
  }
  return text;
}

CommandResult FilingRows(std::string schema, Json rows) {
  Outcome outcome;
  for (Json& row : rows) {
    const Province* province = FindProvince(row.value("province", ""));
    if (province == nullptr) continue;
    row["province_zh"] = province->name_zh;
    row["province_en"] = province->name_en;
  }
  outcome.report.schema = std::move(schema);
  outcome.report.rows = "filings";
  outcome.report.body["filings"] = std::move(rows);
  outcome.report.columns = {{"id", "Filing"},
                            {"status", "Status", false, ShownWord<"status">},
                            {"stage", "Stage", false, ShownWord<"stage">},
                            {"province", "Province", false, ShownProvince},
                            {"service_name", "Service"},
                            {"subject_name", "Provider"},
                            {"code", "Code"},
                            {"set", "Set", true},
                            {"submitted", "Submitted"}};
  return outcome;
}

}  // namespace beian::client
