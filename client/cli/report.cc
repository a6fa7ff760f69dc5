#include "client/cli/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "client/cli/language.h"
#include "client/sdk/text.h"
#include "ledger/filing/province.h"

namespace beian::client {
namespace {

constexpr std::string_view kGap = "  ";

Json WithSchema(const Report& report) {
  Json json = {{"schema", fmt::format("beian.{}.v1", report.schema)}};
  json.update(report.body);
  return json;
}

const Json& CellOf(const Json& row, const std::string& key) {
  static const Json nothing = nullptr;
  const auto found = row.find(key);
  return found == row.end() ? nothing : *found;
}

/// Rows of a report; the body itself when it has no list.
Json RowsOf(const Report& report) {
  if (!report.rows.empty()) return report.body.value(report.rows, Json::array());
  return Json::array({report.body});
}

std::vector<Column> ColumnsOf(const Report& report, const Json& rows) {
  if (!report.columns.empty()) return report.columns;
  std::vector<Column> columns;
  if (rows.empty() || !rows.front().is_object()) return columns;
  for (const auto& [key, value] : rows.front().items()) columns.push_back({key, key, false});
  return columns;
}

/// Members of members stand beside them, by path. Lists of objects are left out: they are rows of
/// another table.
void Flatten(const Json& object, const std::string& prefix, Json& flat) {
  for (const auto& [key, value] : object.items()) {
    const bool table = value.is_array() && !value.empty() && value.front().is_object();
    if (value.is_object()) {
      Flatten(value, prefix + key + ".", flat);
    } else if (!table) {
      flat[prefix + key] = value;
    }
  }
}

/// A list stands with semicolons, as in a bulk file.
std::string CsvText(const Json& value) {
  if (!value.is_array()) return CellText(value);
  std::string text;
  for (const Json& item : value) text += (text.empty() ? "" : ";") + CellText(item);
  return text;
}

std::string RenderCsv(const Report& report) {
  Json rows = Json::array();
  for (const Json& row : RowsOf(report)) {
    Json flat = Json::object();
    if (row.is_object()) Flatten(row, "", flat);
    rows.push_back(row.is_object() ? std::move(flat) : row);
  }
  const std::vector<Column> columns = ColumnsOf(report, rows);
  std::string text;
  for (size_t i = 0; i < columns.size(); ++i) text += (i ? "," : "") + CsvCell(columns[i].key);
  text += "\r\n";
  for (const Json& row : rows) {
    for (size_t i = 0; i < columns.size(); ++i) {
      text += (i ? "," : "") + CsvCell(PrintableLines(CsvText(CellOf(row, columns[i].key))));
    }
    text += "\r\n";
  }
  return text;
}

std::string RenderNdjson(const Report& report) {
  if (report.rows.empty()) return PrintJson(WithSchema(report)) + "\n";
  std::string text;
  for (const Json& row : RowsOf(report)) {
    Json line = {{"schema", fmt::format("beian.{}.v1", report.schema)}};
    line.update(row.is_object() ? row : Json{{"value", row}});
    text += PrintJson(line) + "\n";
  }
  return text;
}

/// Titles of members stand in the catalogue by path; those of a form's content without `content.`.
std::string_view TitleOf(std::string_view path) {
  constexpr std::string_view kContent = "content.";
  return Tr(path.starts_with(kContent) ? path.substr(kContent.size()) : path);
}

/// Yes and no, and words of ours, are shown in the reader's language.
std::string ShownValue(std::string_view key, const Json& value) {
  const bool word = key == "status" || key == "stage" || key == "role" || key == "nature";
  const std::string text = Printable(CellText(value));
  if (key == "province") return ProvinceText(text);
  return word || value.is_boolean() ? std::string(Tr(text)) : text;
}

void Pairs(const Json& json, const std::string& prefix,
           std::vector<std::pair<std::string, std::string>>& pairs) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_object()) {
      Pairs(value, prefix + key + ".", pairs);
    } else {
      pairs.emplace_back(TitleOf(prefix + key), ShownValue(key, value));
    }
  }
}

std::string RenderBody(const Json& body) {
  std::vector<std::pair<std::string, std::string>> pairs;
  Pairs(body, "", pairs);
  return RenderPairs(pairs);
}

std::string Paint(std::string_view code, std::string_view text, const Style& style) {
  if (!style.colour) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace

std::optional<Format> ParseFormat(std::string_view name) {
  if (name == "text") return Format::kText;
  if (name == "table") return Format::kTable;
  if (name == "json") return Format::kJson;
  if (name == "ndjson") return Format::kNdjson;
  if (name == "csv") return Format::kCsv;
  return std::nullopt;
}

std::string ProvinceText(const std::string& number) {
  const Province* province = FindProvince(number);
  if (province == nullptr) return number;
  const bool chinese = CurrentLanguage() == Language::kChinese;
  return fmt::format("{} {}", number, chinese ? province->name_zh : province->name_en);
}

std::string CsvCell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string CellText(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  return PrintJson(value);
}

std::string RenderTable(const Json& rows, const std::vector<Column>& columns) {
  std::vector<size_t> widths;
  std::vector<std::vector<std::string>> lines(1);
  for (const Column& column : columns) lines[0].emplace_back(Tr(column.title));
  for (const Json& row : rows) {
    auto& cells = lines.emplace_back();
    for (const Column& column : columns) {
      cells.push_back(column.shown != nullptr ? Printable(column.shown(row))
                                              : ShownValue("", CellOf(row, column.key)));
    }
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    size_t width = 0;
    for (const auto& cells : lines) width = std::max(width, DisplayWidth(cells[i]));
    widths.push_back(width);
  }
  std::string text;
  for (const auto& cells : lines) {
    std::string line;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) line += kGap;
      const size_t blanks = widths[i] - DisplayWidth(cells[i]);
      line += columns[i].right ? std::string(blanks, ' ') + cells[i] : PadTo(cells[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string RenderPairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
  size_t width = 0;
  for (const auto& [title, value] : pairs) width = std::max(width, DisplayWidth(title));
  std::string text;
  for (const auto& [title, value] : pairs) {
    text += value.empty() ? title + "\n" : fmt::format("{}  {}\n", PadTo(title, width), value);
  }
  return text;
}

std::string Render(const Report& report, Format format, const Style&) {
  switch (format) {
    case Format::kJson:
      return PrintJson(WithSchema(report), 2) + "\n";
    case Format::kNdjson:
      return RenderNdjson(report);
    case Format::kCsv:
      return RenderCsv(report);
    case Format::kText:
      if (!report.text.empty()) return report.text;
      [[fallthrough]];
    case Format::kTable:
      if (report.rows.empty()) return RenderBody(report.body);
      return RenderTable(RowsOf(report), ColumnsOf(report, RowsOf(report)));
  }
  return {};
}

std::string RenderError(const ClientError& error, Format format, const Style& style) {
  const bool for_programs = format == Format::kJson || format == Format::kNdjson;
  if (for_programs) {
    const Json json = {{"schema", "beian.error.v1"},
                       {"id", error.id},
                       {"message", error.message},
                       {"object", error.object},
                       {"remedy", error.remedy},
                       {"next", error.next},
                       {"exit_code", static_cast<int>(error.exit)}};
    return PrintJson(json) + "\n";
  }
  const bool translated = CurrentLanguage() == Language::kChinese && Explain(error.id).has_value();
  const Explanation shown = Shown(error.id, translated ? "" : error.message, error.remedy);
  std::string text =
      fmt::format("{} {} [{}]\n", Red(Tr("error:"), style), shown.message, error.id);
  const auto line = [&](std::string_view title, std::string_view value) {
    if (!value.empty()) text += fmt::format("  {} {}\n", Tr(title), value);
  };
  // The translation is of the id: what was said of this case stands beside it.
  if (translated && ExplainInEnglish(error.id)->message != error.message) {
    line("detail:", TrDetail(error.message));
  }
  line("object:", PrintableLines(error.object));
  line("remedy:", shown.remedy);
  line("next:", Printable(error.next));
  return text;
}

std::string Bold(std::string_view text, const Style& style) {
  return Paint("1", text, style);
}
std::string Green(std::string_view text, const Style& style) {
  return Paint("1;32", text, style);
}
std::string Red(std::string_view text, const Style& style) {
  return Paint("1;31", text, style);
}
std::string Yellow(std::string_view text, const Style& style) {
  return Paint("1;33", text, style);
}

}  // namespace beian::client
