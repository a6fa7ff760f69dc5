#include "ledger/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace beian {

void CheckFailed(const char* condition, std::source_location place) {
  std::fprintf(stderr, "CHECK failed: %s\n  at %s:%u in %s\n", condition, place.file_name(),
               static_cast<unsigned>(place.line()), place.function_name());
  std::fflush(stderr);
  std::abort();
}

}  // namespace beian
