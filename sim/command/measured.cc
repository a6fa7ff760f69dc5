#include "sim/command/measured.h"

#include <chrono>
#include <ctime>

namespace beian::sim {

Measured RunMeasured(const Chain& chain, const RunRequest& request, bool twice) {
  using Clock = std::chrono::steady_clock;
  const auto real_start = Clock::now();
  const std::clock_t core_start = std::clock();
  Measured measured;
  measured.outcome = twice ? RunTwice(chain, request) : RunSeed(chain, request);
  measured.record = MakeRecord(request.options, measured.outcome);
  const std::chrono::duration<double, std::micro> real = Clock::now() - real_start;
  measured.record.counts.real_us = static_cast<uint64_t>(real.count());
  measured.record.counts.core_us =
      static_cast<uint64_t>(std::clock() - core_start) * 1'000'000 / CLOCKS_PER_SEC;
  return measured;
}

}  // namespace beian::sim
