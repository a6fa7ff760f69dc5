#pragma once

#include <string_view>

namespace beian::client {

inline constexpr std::string_view kVersion = BEIAN_VERSION;  ///< of CMakeLists.txt: "0.1.0"
inline constexpr std::string_view kCompiler = __VERSION__;

}  // namespace beian::client
