#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/chain/evidence.h"
#include "node/consensus/log_record.h"
#include "node/consensus/messages.h"

namespace beian {

/// Two clocks, read by the driver once per step.
struct Now {
  SteadyMs steady;  ///< timers
  TimeMs wall;      ///< block times
};

struct AppendRecord { LogRecord record; };
struct SyncLog {};                     ///< a failed append or sync stops the process
struct Send {
  std::optional<ValidatorIndex> to;    ///< nothing: every other validator
  Message message;
};
struct Halt { std::string reason; };   ///< our own state is not to be trusted: stop, say why
/// One line for the operator's log.
struct Note {
  enum class Level : uint8_t { kInfo, kWarning };
  Level level = Level::kInfo;
  std::string what;                    ///< "reentry_finished", stable
  std::string detail;
};

namespace consensus {

/// Append the body of a block that the core is about to vote for, unless the log has it.
struct AppendBody { BlockId id; };
/// Make a block for `view` on `parent`; answered by OnBuilt or OnNotBuilt before anything else.
struct Build {
  View view;
  View parent_view;
  BlockId parent;
  bool allow_empty = false;
  bool empty_only = false;
};
/// Get the proposal's transactions, execute it; answered by OnBlockValid, OnBlockInvalid or never.
struct Validate { Proposal proposal; };
/// A certificate names a block: get its body from these holders, unless it is there.
struct NeedBody {
  BlockId id;
  View view;   ///< of the certificate
  std::vector<ValidatorIndex> holders;
};
/// This block and all its ancestors are final.
struct Finalized { Certificate finalization; };

using Output = std::variant<AppendRecord, AppendBody, SyncLog, Send, Build, Validate, NeedBody,
                            Finalized, Evidence, Halt, Note>;
using Outputs = std::vector<Output>;

}  // namespace consensus
}  // namespace beian
