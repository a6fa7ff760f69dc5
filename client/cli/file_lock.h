#pragma once

#include <filesystem>
#include <string_view>

#include "client/cli/session.h"

namespace beian::client {

/// Takes the advisory lock on what `descriptor` has open under `path`, for this process alone; when
/// another holds it, says `waiting` and waits. The lock ends with the descriptor.
/// False when it was deleted or replaced meanwhile: what stands there now is to be opened.
bool LockAlone(const Session& session, int descriptor, const std::filesystem::path& path,
               std::string_view waiting);

}  // namespace beian::client
