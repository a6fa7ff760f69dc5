#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "client/sdk/error.h"

namespace beian::client {

inline constexpr size_t kTsvBytesMax = 4 << 20;
inline constexpr size_t kTsvRowsMax = 100'000;

/// A tab-separated file of which every line has the columns that its header names.
struct TsvTable {
  std::string file;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  /// Line in the file of a row of `rows`.
  static size_t LineOf(size_t row) { return row + 2; }
  /// "published.bad_data": names file, line, column and what was wrong with which value.
  ClientError Error(size_t row, size_t column, std::string_view what) const;
};

/// Strict: the header must be `columns`; each line as many fields, in UTF-8 without control
/// characters; a line end after each line; no empty lines; at most kTsvRowsMax rows.
std::expected<TsvTable, ClientError> ParseTsv(std::string_view text, const std::string& file,
                                              const std::vector<std::string>& columns);
std::expected<TsvTable, ClientError> ReadTsv(const std::filesystem::path& path,
                                             const std::vector<std::string>& columns);

/// A whole number without sign, spaces or leading zeros, at most `largest`.
std::expected<uint32_t, ClientError> TsvNumber(const TsvTable& table, size_t row, size_t column,
                                               uint32_t largest);

}  // namespace beian::client
