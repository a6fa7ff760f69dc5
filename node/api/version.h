#pragma once

#include <string_view>

namespace beian {

std::string_view BuildVersion();   ///< "0.1.0"
std::string_view BuildCommit();    ///< as of configuration; "unknown" outside of a repository
std::string_view BuildCompiler();  ///< "GNU 12.2.0"

}  // namespace beian
