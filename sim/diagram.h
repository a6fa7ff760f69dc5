#pragma once

#include <deque>
#include <optional>
#include <string>

#include "sim/describe.h"
#include "sim/options.h"

namespace beian::sim {

/// The end of a run as a sequence diagram in plain text, 120 columns wide: a column for each
/// validator, a row for each message that arrived, own vote, commit, crash and start.
///
///        time  node 0  node 1  node 2  node 3
///       12034     |       |<------|       :     proposal 9 on 8 height 7 block 1c9e56a1 with 3
///       12040     |       X       |       :     CRASH
class Diagram {
 public:
  explicit Diagram(const Options& options);
  void Take(const Traced& traced);
  std::string Draw() const;   ///< the last rows, and the very last thing whatever it was

 private:
  struct Row {
    uint64_t time_ms = 0;
    size_t node = 0;
    std::optional<size_t> from;   ///< of an arrow; else `mark` stands in the column
    char mark = ' ';
    std::string lifelines;        ///< a character for each validator
    std::string text;
  };
  /// Nothing when it is not worth a row.
  std::optional<Row> MakeRow(const Traced& traced) const;
  std::string DrawRow(const Row& row) const;
  std::string Names() const;
  size_t Place(size_t node) const { return node * width_ + width_ / 2; }

  size_t width_;                  ///< of a validator's column
  std::string lifelines_;
  std::deque<Row> rows_;
  std::optional<Row> last_;       ///< unless it is the last of rows_
};

}  // namespace beian::sim
