#include "client/sdk/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777;
}

TEST(Files, AreWrittenWholeWithTheirMode) {
  const Folder folder;
  const std::string file = folder / "a";
  ASSERT_TRUE(WriteFile(file, "one", kPrivateFileMode).has_value());
  EXPECT_EQ(ModeOf(file), 0600u);
  ASSERT_TRUE(WriteFile(file, "two", kPublicFileMode).has_value());
  EXPECT_EQ(ModeOf(file), 0644u);
  EXPECT_EQ(*ReadFile(file, 3), "two");
  const auto entries = std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "a temporary file is left";
}

TEST(Files, ThatAreTooLargeOrMissingAreErrors) {
  const Folder folder;
  folder.Write("a", "12345");
  EXPECT_EQ(ReadFile(folder / "a", 4).error().id, "file.too_large");
  const auto missing = ReadFile(folder / "none", 4);
  EXPECT_EQ(missing.error().id, "file.cannot_read");
  EXPECT_EQ(missing.error().exit, Exit::kNotFound);
  EXPECT_EQ(ReadFile(folder.path(), 4).error().id, "file.cannot_read");
  EXPECT_EQ(WriteFile(folder / "no/such", "x", 0600).error().id, "file.cannot_write");
}

TEST(Files, FoldersGetTheirMode) {
  const Folder folder;
  ASSERT_TRUE(MakeFolder(folder / "a/b", 0700).has_value());
  EXPECT_EQ(ModeOf(folder / "a/b"), 0700u);
  folder.Write("file", "");
  EXPECT_EQ(MakeFolder(folder / "file/b", 0700).error().id, "file.cannot_make_folder");
}

}  // namespace
}  // namespace beian::client
