#pragma once

#include <functional>
#include <string>
#include <variant>

#include "node/replica/events.h"

namespace beian::sim {

/// One line for a reader of a trace.
std::string Line(const Message& message);
std::string Line(const Event& event);
std::string Line(const Action& action);

/// Something that happened, for whoever watches a run. What it points to lives while it is shown.
struct Traced {
  struct Turn {
    std::string text;   ///< "CRASH"
    bool up = true;     ///< whether the replica runs after it
  };
  uint64_t time_ms = 0;
  ValidatorIndex node;  ///< to which it happened
  std::variant<const Event*, const Action*, Turn> what;
};
std::string Line(const Traced& traced);

/// Octets that differ when two events or actions differ; for I13. `nodes`: size of the set.
Bytes Fingerprint(const Event& event, size_t nodes);
Bytes Fingerprint(const Action& action, size_t nodes);

}  // namespace beian::sim
