#include "client/cli/listing.h"

#include <fmt/format.h>

#include "client/cli/interrupt.h"

namespace beian::client {
namespace {

constexpr uint64_t kPageRows = 100;  ///< as many as a node gives at once
constexpr uint64_t kPagesMax = 100'000;

using Keep = bool (*)(const Json& row, const ListFilter& filter);

/// All pages of a list; a page may be short, or empty, and still have a next one.
std::expected<Json, ClientError> ReadPages(Client& client, const std::string& path,
                                           const char* member, const ListFilter& filter) {
  Json rows = Json::array();
  std::string cursor;
  for (uint64_t page = 0; page < kPagesMax && !Interrupted(); ++page) {
    const std::string url =
        fmt::format("{}{}count={}{}", path, path.find('?') == std::string::npos ? '?' : '&',
                    kPageRows, cursor.empty() ? "" : "&cursor=" + cursor);
    const auto reply = client.GetJson(url);
    if (!reply) return std::unexpected(reply.error());
    for (const auto& item : reply->value(member, nlohmann::json::array())) {
      if (!item.is_object()) continue;
      if (!filter.stage.empty() && item.value("stage", "") != filter.stage) continue;
      rows.push_back(Json(item));
      if (rows.size() >= filter.count_max) return rows;
    }
    const auto next = reply->find("next");
    if (next == reply->end() || !next->is_string()) break;
    cursor = next->get<std::string>();
  }
  return rows;
}

}  // namespace

std::vector<Option> ListOptions() {
  return {{"--status", "not_reviewed, in_review, awaiting_supplement, not_passed, filed, listed",
           Option::Kind::kText, ""},
          {"--province", "two digits of GB/T 2260, such as 11", Option::Kind::kText, ""},
          {"--set", "number of a published set", Option::Kind::kNumber, ""},
          {"--limit", "at most so many rows", Option::Kind::kNumber, "100000"}};
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
  if (filter.set != 0) add("set", std::to_string(filter.set));
  return ReadPages(client, path, "filings", filter);
}

std::expected<Json, ClientError> ListSets(Client& client) {
  return ReadPages(client, "/v1/sets", "sets", {});
}

CommandResult FilingRows(std::string schema, Json rows) {
  Outcome outcome;
  outcome.report.schema = std::move(schema);
  outcome.report.rows = "filings";
  outcome.report.body["filings"] = std::move(rows);
  outcome.report.columns = {
      {"id", "Filing"},         {"public_status", "Status"}, {"stage", "Stage"},
      {"province", "Province"}, {"service_name", "Service"}, {"subject_name", "Provider"},
      {"code", "Code"},         {"set", "Set", true},        {"submitted", "Submitted"}};
  return outcome;
}

}  // namespace beian::client
