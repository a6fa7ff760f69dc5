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
  ASSERT_TRUE(WriteFile(file, "number 1", kPrivateFileMode).has_value());
  EXPECT_EQ(ModeOf(file), 0600u);
  ASSERT_TRUE(WriteFile(file, "number 2", kPublicFileMode).has_value());
  EXPECT_EQ(ModeOf(file), 0644u);
  EXPECT_EQ(*ReadFile(file, 8), "number 2");
  const auto entries = std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "a temporary file is left";
}

TEST(Files, ReplaceOnlyAFileOfTheirOwnKind) {
  const Folder folder;
  const std::string proof = R"({"schema": "a.v1", "x": 1})";
  const std::string plan = "{\"name\": \"a\", \"key_file\": \"b\"}\n{}\n";
  const std::string key = "-----BEGIN PRIVATE KEY-----\nabc\n";
  for (const std::string& other : {key, plan, std::string("# Form\n"), std::string("{\"x\": 1}"),
                                   std::string(R"({"schema": "b.v1"})")}) {
    const std::string file = folder.Write("a", other);
    const auto refused = WriteFile(file, proof, kPublicFileMode);
    ASSERT_FALSE(refused.has_value()) << other;
    EXPECT_EQ(refused.error().id, "file.other_kind");
    EXPECT_EQ(refused.error().object, file);
    EXPECT_EQ(*ReadFile(file, 100), other);
  }
  EXPECT_TRUE(WriteFile(folder.Write("a", R"({"x": 2, "schema": "a.v1"})"), proof, 0600));
  EXPECT_TRUE(WriteFile(folder.Write("a", R"({"key_file": "c"})"), plan, 0600));
  EXPECT_TRUE(WriteFile(folder.Write("a", "4711\n"), "23\n", 0600));
  EXPECT_TRUE(WriteFile(folder.Write("a", ""), proof, 0600)) << "nothing is lost";
  EXPECT_EQ(WriteFile(folder.path(), proof, 0600).error().id, "file.other_kind");
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
