#pragma once

#include <string>

#include "node/replica/events.h"

namespace beian::sim {

/// One line for a reader of a trace.
std::string Line(const Message& message);
std::string Line(const Event& event);
std::string Line(const Action& action);

/// Octets that differ when two events or actions differ; for I13. `nodes`: size of the set.
Bytes Fingerprint(const Event& event, size_t nodes);
Bytes Fingerprint(const Action& action, size_t nodes);

}  // namespace beian::sim
