#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "client/sdk/error.h"
#include "client/sdk/filing_input.h"

namespace beian::client {

inline constexpr size_t kBulkBytesMax = 512 << 20;
inline constexpr size_t kBulkRowsMax = 1'000'000;

inline constexpr std::string_view kBadRowId = "bulk.bad_row";  ///< of a row that cannot be read

/// One filing of a bulk file, not yet judged.
struct BulkRow {
  size_t number = 0;  ///< from 1; the heading of a table and empty rows are not counted
  size_t line = 0;    ///< of the file, from 1, where the row begins
  FilingFields fields;
  std::string key_file;  ///< empty: the key of the run
  std::string digest;    ///< FilingDigest; empty until the row's key is known
  FieldError error;      ///< id is empty unless the row cannot be filed as it is
};

/// What people call it: "row 21 (line 22)"; the line is said where it has another number.
std::string RowName(const BulkRow& row);

/// Reads CSV (RFC 4180, a heading with the paths of a filing file) or, when the text begins with a
/// brace, NDJSON. A row that cannot be read has an error and the others go on; an error of the
/// heading is the file's.
std::expected<std::vector<BulkRow>, ClientError> ParseBulk(std::string_view text,
                                                           const std::string& file_name);

/// Of two rows with one digest the second is an error.
void RefuseRepeatedRows(std::vector<BulkRow>& rows);

/// The heading that ParseBulk takes, with every column, and one row as an example, which builds.
std::string BulkTemplate();

/// Cells of one record, taken off the front of `rest`; nothing when a quotation does not end.
std::optional<std::vector<std::string>> TakeCsvRecord(std::string_view& rest);

}  // namespace beian::client
