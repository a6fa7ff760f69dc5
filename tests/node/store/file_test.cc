#include "node/store/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(File, HoldsWhatWasWrittenWhereItWasWritten) {
  TempDirectory directory;
  auto file = File::Open(directory / "a", O_RDWR | O_CREAT);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->Allocate(8));
  ASSERT_TRUE(file->WriteAt("xy", 3));
  ASSERT_TRUE(file->Sync());
  EXPECT_EQ(file->ReadAll(), Bytes("\0\0\0xy\0\0\0", 8));
}

TEST(File, IsReadableByItsOwnerOnly) {
  TempDirectory directory;
  const std::string inner = directory / "inner";
  ASSERT_TRUE(MakeDirectory(inner));
  ASSERT_TRUE(File::Open(inner + "/a", O_RDWR | O_CREAT));
  struct stat status {};
  ASSERT_EQ(::stat((inner + "/a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat(inner.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST(File, ErrorsNameTheCallTheFileAndTheReason) {
  TempDirectory directory;
  const std::string path = directory / "absent";
  const auto names_all = [&](std::string_view call) {
    return AllOf(HasSubstr(std::string(call)), HasSubstr(path),
                 HasSubstr("No such file or directory"));
  };
  EXPECT_THAT(File::Open(path, O_RDONLY).error(), names_all("open"));
  EXPECT_THAT(RemoveFile(path).error(), names_all("unlink"));
  EXPECT_THAT(ListDirectory(path).error(), names_all("opendir"));
  EXPECT_THAT(RenameDurably(directory.path(), path, path).error(), names_all("rename"));
  EXPECT_THAT(MakeDirectory(path + "/below").error(), names_all("mkdir"));
}

TEST(File, SaysWhatStandsInThePlaceOfAnother) {
  TempDirectory directory;
  const std::string file = directory / "file";
  WriteTestFile(file, "x");
  std::filesystem::create_symlink(directory.path(), directory / "link");
  std::filesystem::create_symlink(directory / "absent", directory / "broken");
  EXPECT_EQ(WrongKind(file, FileKind::kFile), std::nullopt);
  EXPECT_EQ(WrongKind(file, FileKind::kDirectory), "it is a file, not a directory");
  EXPECT_EQ(WrongKind(directory.path(), FileKind::kDirectory), std::nullopt);
  EXPECT_EQ(WrongKind(directory.path(), FileKind::kFile), "it is a directory, not a file");
  EXPECT_EQ(WrongKind(directory / "link", FileKind::kDirectory), std::nullopt);
  EXPECT_EQ(WrongKind(directory / "broken", FileKind::kDirectory),
            "it is a symbolic link to nothing, not a directory");
  EXPECT_EQ(WrongKind(directory / "absent", FileKind::kFile), std::nullopt);
}

TEST(File, IsLockedByOneAtATime) {
  TempDirectory directory;
  auto first = File::Open(directory / "lock", O_RDWR | O_CREAT);
  auto second = File::Open(directory / "lock", O_RDWR | O_CREAT);
  EXPECT_EQ(first->TryLock(), true);
  EXPECT_EQ(second->TryLock(), false);
  *first = File();
  EXPECT_EQ(second->TryLock(), true);
}

TEST(File, MovedFromClosesNothing) {
  TempDirectory directory;
  auto first = File::Open(directory / "a", O_RDWR | O_CREAT);
  File second = *std::move(first);
  first = File();
  EXPECT_TRUE(second.WriteAt("x", 0));
}

TEST(Directory, MakesOnlyItsLastPart) {
  TempDirectory directory;
  EXPECT_TRUE(MakeDirectory(directory / "a"));
  EXPECT_TRUE(MakeDirectory(directory / "a"));
  EXPECT_TRUE(MakeDirectory(directory / "a/b/"));
  EXPECT_FALSE(MakeDirectory(directory / "x/y"));
}

TEST(Directory, ListsItsNamesInOrder) {
  TempDirectory directory;
  for (const char* name : {"b", "c", "a"}) WriteTestFile(directory / name, name);
  EXPECT_EQ(ListDirectory(directory.path()), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(Directory, MovesFilesAsideIntoAFolderOfTheirOwnEachTime) {
  TempDirectory directory;
  for (int round = 0; round < 3; ++round) {
    WriteTestFile(directory / "a", "a");
    WriteTestFile(directory / "kept", "kept");
    ASSERT_TRUE(MoveAside(directory.path(), {"a"}));
    EXPECT_FALSE(FileExists(directory / "a"));
    EXPECT_TRUE(FileExists(directory / "kept"));
  }
  const auto names = ListDirectory(directory.path());
  ASSERT_EQ(names->size(), 4u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_THAT((*names)[i], testing::StartsWith("damaged-"));
    EXPECT_EQ(ReadTestFile(directory / ((*names)[i] + "/a")), "a");
  }
}

}  // namespace
}  // namespace beian
