#pragma once

#include <cstdint>
#include <string>

namespace beian::client {

/// Exit codes of every command, and so the classes of everything that can go wrong.
enum class Exit : int {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kNotFound = 3,
  kNotAuthorised = 4,
  kUnreachable = 5,
  kNotFinal = 6,    ///< accepted, but not known to be final when the time was over
  kInvalid = 10,    ///< checked, and not genuine
  kUnchecked = 11,  ///< could not be checked
  kInterrupted = 130,
};

/// What a user needs to go on. `message` is English; the stable id is what other texts hang on.
struct ClientError {
  std::string id;       ///< "key.bad_permissions"
  std::string message;  ///< what happened
  std::string object;   ///< to what: a file, a filing, a node
  std::string remedy;   ///< how to mend it
  std::string next;     ///< the command to run next; empty when there is none
  Exit exit = Exit::kFailed;
  uint64_t retry_after_ms = 0;  ///< not zero: the same request may be sent again after this time
};

}  // namespace beian::client
