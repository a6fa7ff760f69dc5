#include "client/cli/folder_lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

Session SilentSession() {
  GlobalFlags flags;
  flags.quiet = true;
  return {flags, Connection()};
}

TEST(FolderLockTest, WaitsForWhoeverChangesTheFolder) {
  const Folder folder;
  const Session session = SilentSession();
  std::optional<FolderLock> first(*FolderLock::Take(session, folder.path()));
  std::atomic<bool> taken = false;
  std::thread second([&] {
    const auto lock = FolderLock::Take(session, folder.path());
    taken = lock.has_value();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_FALSE(taken);
  first.reset();
  second.join();
  EXPECT_TRUE(taken);
}

TEST(FolderLockTest, LeavesNoEmptyFolderThatItMade) {
  const Folder folder;
  const Session session = SilentSession();
  { EXPECT_TRUE(FolderLock::Take(session, folder / "new").has_value()); }
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
  std::filesystem::create_directory(folder / "mine");
  { EXPECT_TRUE(FolderLock::Take(session, folder / "mine").has_value()); }
  EXPECT_TRUE(std::filesystem::exists(folder / "mine"));
}

TEST(FolderLockTest, AFileIsNoFolder) {
  const Folder folder;
  const auto lock = FolderLock::Take(SilentSession(), folder.Write("file", ""));
  ASSERT_FALSE(lock.has_value());
  EXPECT_EQ(lock.error().id, "file.cannot_read");
}

}  // namespace
}  // namespace beian::client
