#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace beian::client {

/// A folder of one test, deleted with it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  /// Writes a file of the folder, or writes it anew; its path.
  std::string Write(const std::string& name, std::string_view text, mode_t mode = 0644) const;

 private:
  std::string path_;
};

}  // namespace beian::client
