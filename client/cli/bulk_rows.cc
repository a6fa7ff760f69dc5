#include "client/cli/bulk_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "client/cli/report.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

constexpr std::string_view kKeyFile = "key_file";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

ClientError BadFile(const std::string& file_name, std::string message, std::string remedy) {
  return {"bulk.bad_file",
          std::move(message),
          file_name,
          std::move(remedy),
          "beian filing submit --help",
          Exit::kFailed,
          0};
}

/// What a spreadsheet saves where the decimal sign is a comma, or as plain text.
ClientError OtherSeparator(const std::string& file_name, char separator) {
  return {"bulk.other_separator",
          fmt::format("The columns are separated by {}, not by commas.",
                      separator == ';' ? "semicolons" : "tabs"),
          file_name,
          "Save the table as CSV with commas and UTF-8.",
          "beian filing template --csv",
          Exit::kFailed,
          0};
}

/// The character that stands between known columns where there is no comma.
std::optional<char> SeparatorOf(const std::string& heading) {
  for (const char separator : {';', '\t'}) {
    const std::string first = heading.substr(0, heading.find(separator));
    if (first.size() < heading.size() && (first == kKeyFile || CheckPaths({first}))) {
      return separator;
    }
  }
  return std::nullopt;
}

ClientError TooManyRows(const std::string& file_name) {
  return BadFile(file_name, fmt::format("The file has more than {} rows.", kBulkRowsMax),
                 "Split it.");
}

/// Takes key_file out and checks the other names.
void Adopt(BulkRow& row) {
  if (const auto key = row.fields.find(std::string(kKeyFile)); key != row.fields.end()) {
    row.key_file = key->second;
    row.fields.erase(key);
  }
  std::vector<std::string> paths;
  for (const auto& [path, value] : row.fields) paths.push_back(path);
  if (const auto known = CheckPaths(paths); !known) row.error = known.error();
}

std::expected<std::vector<BulkRow>, ClientError> ParseNdjson(std::string_view text,
                                                             const std::string& file_name) {
  std::vector<BulkRow> rows;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (rows.size() == kBulkRowsMax) return std::unexpected(TooManyRows(file_name));
    BulkRow row;
    row.number = rows.size() + 1;
    row.line = number;
    const auto json = ParseJson<nlohmann::json>(line);
    if (json.is_object()) {
      row.fields = FlattenFields(json);
      Adopt(row);
    } else {
      row.error = {"", std::string(kBadRowId), "The line is no JSON object.", "Mend the line."};
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::expected<std::vector<std::string>, ClientError> ParseHeading(std::string_view& text,
                                                                  const std::string& file_name) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto heading = TakeCsvRecord(text);
  if (!heading || (heading->size() == 1 && heading->front().empty())) {
    return std::unexpected(BadFile(file_name, "The file has no heading.",
                                   "Name the columns in the first line, like service.name."));
  }
  if (const auto other = SeparatorOf(heading->front()); other && heading->size() == 1) {
    return std::unexpected(OtherSeparator(file_name, *other));
  }
  std::vector<std::string> paths;
  for (const std::string& name : *heading) {
    if (name.empty()) {
      return std::unexpected(
          BadFile(file_name, fmt::format("Column {} has no name.", 1 + (&name - heading->data())),
                  "Name it like service.name, or delete the column: a comma too many makes one."));
    }
    if (name != kKeyFile) paths.push_back(name);
  }
  if (const auto known = CheckPaths(paths); !known) {
    return std::unexpected(BadFile(
        file_name,
        fmt::format("Column `{}`: {}", Printable(known.error().path), known.error().message),
        known.error().remedy));
  }
  return *std::move(heading);
}

/// Line ends in what was taken off the front of `before`; a cell may hold some.
size_t LinesTaken(std::string_view before, std::string_view rest) {
  return static_cast<size_t>(
      std::ranges::count(before.substr(0, before.size() - rest.size()), '\n'));
}

std::expected<std::vector<BulkRow>, ClientError> ParseCsv(std::string_view text,
                                                          const std::string& file_name) {
  std::string_view before = text;
  const auto heading = ParseHeading(text, file_name);
  if (!heading) return std::unexpected(heading.error());
  std::vector<BulkRow> rows;
  size_t line = 1;
  while (!text.empty()) {
    line += LinesTaken(before, text);
    before = text;
    const auto cells = TakeCsvRecord(text);
    if (!cells) {
      return std::unexpected(
          BadFile(file_name,
                  fmt::format("Row {} (line {}): a quotation does not end.", rows.size() + 1, line),
                  "Mend the quotation marks."));
    }
    if (std::ranges::all_of(*cells, &std::string::empty)) continue;
    if (rows.size() == kBulkRowsMax) return std::unexpected(TooManyRows(file_name));
    BulkRow row;
    row.number = rows.size() + 1;
    row.line = line;
    if (cells->size() == heading->size()) {
      for (size_t i = 0; i < cells->size(); ++i) row.fields[(*heading)[i]] = (*cells)[i];
      Adopt(row);
    } else {
      row.error = {
          "", std::string(kBadRowId),
          fmt::format("The row has {} cells, the heading {}.", cells->size(), heading->size()),
          "Give every column a cell, if empty."};
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::optional<std::vector<std::string>> TakeCsvRecord(std::string_view& rest) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (quoted) {
      const bool doubled = c == '"' && at + 1 < rest.size() && rest[at + 1] == '"';
      if (c == '"' && !doubled) {
        quoted = false;
        continue;
      }
      at += doubled ? 1 : 0;
      cells.back() += c;
    } else if (c == '"' && cells.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  rest.remove_prefix(std::min(rest.size(), at + 1));
  return cells;
}

std::string RowName(const BulkRow& row) {
  if (row.line == row.number) return fmt::format("row {}", row.number);
  return fmt::format("row {} (line {})", row.number, row.line);
}

std::string BulkTemplate() {
  std::string heading(kKeyFile);
  std::string example = "my-key";
  for (const FilingField& field : FilingFieldList()) {
    heading += "," + CsvCell(field.path);
    example += "," + CsvCell(std::string(FilingSample(field.path)));
  }
  return heading + "\r\n" + example + "\r\n";
}

std::expected<std::vector<BulkRow>, ClientError> ParseBulk(std::string_view text,
                                                           const std::string& file_name) {
  if (auto other = NotUtf8("bulk.not_utf8", text, file_name)) {
    return std::unexpected(*std::move(other));
  }
  const size_t start = text.find_first_not_of(" \t\r\n");
  const bool json = start != std::string_view::npos && text[start] == '{';
  return json ? ParseNdjson(text, file_name) : ParseCsv(text, file_name);
}

void RefuseRepeatedRows(std::vector<BulkRow>& rows) {
  std::unordered_map<std::string, const BulkRow*> firsts;
  for (BulkRow& row : rows) {
    if (!row.error.id.empty()) continue;
    const auto [first, fresh] = firsts.emplace(row.digest, &row);
    if (fresh) continue;
    row.error = {"", "bulk.same_row",
                 fmt::format("The row is the same as {}.", RowName(*first->second)),
                 "Remove one of the two."};
  }
}

}  // namespace beian::client
