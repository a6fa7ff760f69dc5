#pragma once

#include <string>
#include <vector>

namespace beian::sim {

/// What the checkers found wrong, in order. The names are those of CONSENSUS.md section 14.
struct Finding {
  bool operator==(const Finding&) const = default;
  std::string invariant;   ///< "I6"
  std::string what;
};

class Findings {
 public:
  void Add(std::string invariant, std::string what) {
    if (found_.size() < kFindingsMax) found_.push_back({std::move(invariant), std::move(what)});
  }
  bool any() const { return !found_.empty(); }
  const std::vector<Finding>& all() const { return found_; }

 private:
  static constexpr size_t kFindingsMax = 20;   // the first one counts, the rest may help
  std::vector<Finding> found_;
};

}  // namespace beian::sim
