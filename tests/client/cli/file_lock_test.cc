#include "client/cli/file_lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

TEST(FileLockTest, IsNotThatOfAFileThatWasReplacedMeanwhile) {
  const Folder folder;
  const std::string path = folder.Write("file", "");
  const int before = ::open(path.c_str(), O_RDONLY);
  EXPECT_TRUE(LockAlone(Session({}, {}), before, path, ""));
  std::filesystem::remove(path);
  EXPECT_FALSE(LockAlone(Session({}, {}), before, path, "")) << "it is gone";
  folder.Write("file", "");
  EXPECT_FALSE(LockAlone(Session({}, {}), before, path, "")) << "another stands there";
  ::close(before);
}

}  // namespace
}  // namespace beian::client
