#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beian {

/// A script: one command on a line, `#` begins a comment. Four replicas run from the start. NODES
/// are 0 to 3 with commas between, "2" or "0,1,3"; times are milliseconds of virtual time.
///   submit NUMBER to NODES             so many filings, each by a client of its own, in turn
///   submit-twice to NODES | NODES      one transaction signed twice: a signature for each side
///   run NUMBER                         lets time pass
///   partition NODES | NODES            every node on one of the sides; nothing passes between them
///   heal
///   crash NODES                        all at one moment
///   start NODES                        one after the other
///   lose-log NODES                     of those that are down: the vote log is an empty one
///   lose-store NODES                   of those that are down: the blocks and the state are gone
///   forget NODES                       of those that are down: as if they had never run, which is
///                                      a fault beyond all bounds for one that has voted
///   expect committed NUMBER on NODES   exactly so many of the script's filings, none of them twice
///   expect acknowledged on NODES       they have everything that was ever committed anywhere
///   expect no-progress NUMBER          lets time pass, and no block is committed
///   expect leader NUMBER               of the view that the foremost replica is in
///   expect nullified NUMBER            views without a block between those of the longest chain
///   expect muted NODES                 they wait for re-entry
///   expect voting NODES                they do not
///   expect same-chain                  no two blocks were ever committed at one height
/// The last is also checked, and that nobody halted, when the script has ended.
enum class Verb : uint8_t {
  kSubmit,
  kSubmitTwice,
  kRun,
  kPartition,
  kHeal,
  kCrash,
  kStart,
  kLoseLog,
  kLoseStore,
  kForget,
  kExpectCommitted,
  kExpectAcknowledged,
  kExpectNoProgress,
  kExpectLeader,
  kExpectNullified,
  kExpectMuted,
  kExpectVoting,
  kExpectSameChain,
};

inline constexpr size_t kScenarioNodes = 4;
inline constexpr uint64_t kScenarioNumberMax = 600'000;   ///< of filings or milliseconds

struct Command {
  Verb verb = Verb::kRun;
  size_t line = 0;
  std::string text;              ///< without the comment
  uint64_t number = 0;
  std::vector<uint16_t> nodes;
  std::vector<uint16_t> others;  ///< right of "|"
};

struct Scenario {
  std::string file;
  std::vector<Command> commands;
};

/// The error is "FILE:LINE: what is wrong"; nothing has run then.
std::expected<Scenario, std::string> ParseScenario(std::string_view file, std::string_view text);

/// Runs on a new cluster, to the first expectation that fails or command that cannot be done:
/// "FILE:LINE: COMMAND: what was found". Nothing: all went as the script says.
std::optional<std::string> RunScenario(const Scenario& scenario);

}  // namespace beian
