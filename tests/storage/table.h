#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "tests/storage/judge.h"

namespace beian::storage {

/// How often each outcome was met, by what was hurt; and what must not have been, one by one.
class Table {
 public:
  void Add(const std::string& row, const std::string& which, const Verdict& verdict);
  bool good() const { return bad_.empty(); }
  /// For people; at most kBadShown of what must not be.
  void Print() const;
  /// {"schema": "beian-storage-campaign/v1", "rows": [{"hurt": .., "tried": .., "intact": ..}]}.
  Bytes Json() const;

  static constexpr size_t kBadShown = 20;

 private:
  std::map<std::string, std::array<uint64_t, kOutcomes>> rows_;
  std::vector<std::string> bad_;
};

}  // namespace beian::storage
