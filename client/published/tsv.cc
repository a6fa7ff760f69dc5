#include "client/published/tsv.h"

#include <fmt/format.h>

#include <charconv>

#include "client/sdk/files.h"
#include "client/sdk/text.h"
#include "ledger/filing/text.h"

namespace beian::client {
namespace {

std::vector<std::string> Split(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    const size_t tab = line.find('\t');
    fields.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

ClientError BadData(const std::string& file, size_t line, std::string_view what) {
  return {"published.bad_data", fmt::format("{}:{}: {}", file, line, what), file,
          "Restore the file from the source archive.", "", Exit::kFailed, 0};
}

}  // namespace

ClientError TsvTable::Error(size_t row, size_t column, std::string_view what) const {
  return BadData(file, LineOf(row),
                 fmt::format("column {} ({}): `{}`: {}", column + 1, columns[column],
                             Printable(rows[row][column]), what));
}

std::expected<TsvTable, ClientError> ParseTsv(std::string_view text, const std::string& file,
                                              const std::vector<std::string>& columns) {
  TsvTable table{file, columns, {}};
  for (size_t line_number = 1; !text.empty(); ++line_number) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return std::unexpected(
          BadData(file, line_number, "the last line has no end: is it cut off?"));
    }
    const std::vector<std::string> fields = Split(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (line_number == 1) {
      if (fields != columns) {
        return std::unexpected(BadData(
            file, 1, fmt::format("the columns must be {}", fmt::join(columns, ", "))));
      }
      continue;
    }
    if (fields.size() != columns.size()) {
      return std::unexpected(BadData(file, line_number,
                                     fmt::format("{} columns, {} are needed", fields.size(),
                                                 columns.size())));
    }
    if (table.rows.size() == kTsvRowsMax) {
      return std::unexpected(BadData(file, line_number, "too many lines"));
    }
    table.rows.push_back(fields);
    for (size_t column = 0; column < fields.size(); ++column) {
      if (!IsPlainText(fields[column])) {
        return std::unexpected(table.Error(table.rows.size() - 1, column,
                                           "not UTF-8, or a control character"));
      }
    }
  }
  if (table.rows.empty()) return std::unexpected(BadData(file, 1, "there are no rows"));
  return table;
}

std::expected<TsvTable, ClientError> ReadTsv(const std::filesystem::path& path,
                                             const std::vector<std::string>& columns) {
  const auto text = ReadFile(path, kTsvBytesMax);
  if (!text) return std::unexpected(text.error());
  return ParseTsv(*text, path.string(), columns);
}

std::expected<uint32_t, ClientError> TsvNumber(const TsvTable& table, size_t row, size_t column,
                                               uint32_t largest) {
  const std::string& text = table.rows[row][column];
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || number > largest || std::to_string(number) != text) {
    return std::unexpected(
        table.Error(row, column, fmt::format("a whole number from 0 to {} is needed", largest)));
  }
  return number;
}

}  // namespace beian::client
