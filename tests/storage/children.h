#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/storage/judge.h"

namespace beian::storage {

/// RocksDB's threads do not survive a fork, and a damaged store may end the process that reads it:
/// whatever opens one runs in a child, and the process that calls this never does.

/// What became of a child: its exit code when it ended by itself, else a verdict.
struct ChildEnd {
  int exit_code = -1;  ///< -1: it did not end by itself
  Verdict verdict;     ///< why not
};
/// Runs `work` in a child whose exit code is its value.
ChildEnd RunChild(const std::string& folder, const std::function<int()>& work);

/// A case: its number, and a folder of its own that holds nothing.
using Case = std::function<Verdict(size_t number, const std::string& folder)>;
/// Tries the cases in `jobs` processes at a time; one that dies has the verdict of its death.
std::vector<Verdict> RunCases(const std::string& folder, const std::vector<size_t>& numbers,
                              size_t jobs, const Case& work);

void* MapShared(size_t size);
void UnmapShared(void* memory, size_t size);
/// Values, zero at first, that children share with the process that made them. `T` has no pointers.
template <class T>
class Shared {
 public:
  explicit Shared(size_t count = 1)
      : count_(count), values_(static_cast<T*>(MapShared(count * sizeof(T)))) {}
  ~Shared() { UnmapShared(values_, count_ * sizeof(T)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  T& operator[](size_t i) { return values_[i]; }
  T& operator*() { return *values_; }
  T* operator->() { return values_; }

 private:
  const size_t count_;
  T* const values_;
};

}  // namespace beian::storage
