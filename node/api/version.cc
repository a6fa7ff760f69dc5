#include "node/api/version.h"

namespace beian {

std::string_view BuildVersion() {
  return BEIAN_BUILD_VERSION;
}
std::string_view BuildCommit() {
  return BEIAN_BUILD_COMMIT;
}
std::string_view BuildCompiler() {
  return BEIAN_BUILD_COMPILER;
}

}  // namespace beian
