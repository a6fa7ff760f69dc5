#include "tests/client/support/folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "client/sdk/files.h"
#include "ledger/base/check.h"

namespace beian::client {

Folder::Folder() : path_(testing::TempDir() + "beian-XXXXXX") {
  CHECK(::mkdtemp(path_.data()) != nullptr);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::Write(const std::string& name, std::string_view text, mode_t mode) const {
  std::error_code ignored;
  std::filesystem::remove(*this / name, ignored);  // also one of another kind
  CHECK(WriteFile(*this / name, text, mode).has_value());
  return *this / name;
}

}  // namespace beian::client
