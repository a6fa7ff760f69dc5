#pragma once

#include <source_location>

namespace beian {

/// Prints the broken condition with its place and aborts. Always compiled in.
[[noreturn]] void CheckFailed(const char* condition,
                              std::source_location place = std::source_location::current());

}  // namespace beian

/// For our own bugs only, never for data from outside: a check that a peer can reach is a remote
/// off switch.
#define CHECK(condition)                     \
  do {                                       \
    if (!(condition)) [[unlikely]] {         \
      ::beian::CheckFailed(#condition);      \
    }                                        \
  } while (false)
