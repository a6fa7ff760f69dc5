#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/sdk/error.h"
#include "ledger/json/json.h"

namespace beian::client {

enum class Format { kText, kTable, kJson, kNdjson, kCsv };
std::optional<Format> ParseFormat(std::string_view name);
inline constexpr std::array<std::string_view, 5> kFormatNames = {"text", "table", "json", "ndjson",
                                                                 "csv"};

struct Column {
  std::string key;     ///< member of each row
  std::string title;   ///< English; translated where people read it, never in CSV
  bool right = false;  ///< numbers
  /// What people see of the row there, in their language; null: the member as it is.
  std::string (*shown)(const Json& row) = nullptr;
};

/// What a command answers, once, in whatever form is asked for.
struct Report {
  std::string schema;           ///< "filings" stands for "beian.filings.v1"
  Json body = Json::object();   ///< never translated
  std::string rows;             ///< member of body that is a list; empty: body is one row
  std::vector<Column> columns;  ///< of the rows
  std::string text;             ///< for people; empty: made from rows or body
};

struct Style {
  bool colour = false;
};

/// Ends with a line end, unless there is nothing to say.
std::string Render(const Report& report, Format format, const Style& style);

/// An aligned table by display width; texts from outside are made printable.
std::string RenderTable(const Json& rows, const std::vector<Column>& columns);
/// "Title   value" lines.
std::string RenderPairs(const std::vector<std::pair<std::string, std::string>>& pairs);

/// An error on standard error: people get lines, programs one JSON object.
std::string RenderError(const ClientError& error, Format format, const Style& style);

std::string Bold(std::string_view text, const Style& style);
std::string Green(std::string_view text, const Style& style);
std::string Red(std::string_view text, const Style& style);
std::string Yellow(std::string_view text, const Style& style);

/// "11 Beijing", or 北京市: the number is what options take.
std::string ProvinceText(const std::string& number);
/// In quotation marks when CSV needs them.
std::string CsvCell(const std::string& text);
/// A JSON value as a cell: texts as they are, numbers and lists as JSON, null as nothing.
std::string CellText(const Json& value);

}  // namespace beian::client
