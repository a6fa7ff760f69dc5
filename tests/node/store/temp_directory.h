#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "ledger/base/bytes.h"

namespace beian {

/// A new directory, gone with the object; in memory where the system offers that, because these
/// tests sync thousands of times and do not pull the plug.
class TempDirectory {
 public:
  TempDirectory() {
    const std::string memory = "/dev/shm/";
    std::string name = (::access(memory.c_str(), W_OK) == 0 ? memory : testing::TempDir());
    name += "beian-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~TempDirectory() { std::filesystem::remove_all(path_); }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline Bytes ReadTestFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Overwrites or creates.
inline void WriteTestFile(const std::string& path, BytesView octets) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(octets.data(), static_cast<std::streamsize>(octets.size()));
  ASSERT_TRUE(file.good()) << path;
}

/// Replaces the contents of `to` by those of `from`.
inline void CopyDirectory(const std::string& from, const std::string& to) {
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

}  // namespace beian
