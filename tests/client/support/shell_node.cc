#include "tests/client/support/shell_node.h"

#include <filesystem>

#include "client/cli/process.h"

namespace beian::client {

pid_t StartShellNode(const Folder& folder, const std::string& script, const std::string& config,
                     const std::string& suffix) {
  const std::string program = folder / ("beiand" + suffix);
  std::filesystem::copy_file("/bin/sh", program);
  return StartDetached({program, "-c", script, "--config", config}, folder / "log").value();
}

}  // namespace beian::client
