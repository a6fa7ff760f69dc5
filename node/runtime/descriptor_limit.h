#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace beian {

/// Descriptors that a node may come to hold within the bounds of its parts.
uint64_t DescriptorsNeeded(size_t http_connections, size_t validators);

/// Lets this process open as many files as its hard limit allows. When they are fewer than
/// `needed`, a finding that says so: without a descriptor no table is read and no peer is let in.
std::optional<std::string> RaiseDescriptorLimit(uint64_t needed);

}  // namespace beian
