#include "node/store/rocks_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/node/store/temp_directory.h"

namespace beian::rocks {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(RocksMessages, AreWarningsOfThisRunAndOfTheOneBefore) {
  const TempDirectory directory;
  rocksdb::Warn(MessageFile::In(directory.path()), "the first of %d", 2);
  {
    const auto messages = MessageFile::In(directory.path());
    rocksdb::Info(messages, "nothing to see");
    rocksdb::Error(messages, "the second");
  }
  EXPECT_THAT(ReadTestFile(directory / "LOG.old"), EndsWith("Z [WARN] the first of 2\n"));
  EXPECT_THAT(ReadTestFile(directory / "LOG"), Not(HasSubstr("nothing")));
  EXPECT_THAT(ReadTestFile(directory / "LOG"), HasSubstr("the second"));
}

TEST(RocksMessages, AreBounded) {
  const TempDirectory directory;
  const auto messages = MessageFile::In(directory.path());
  const std::string text(3'000, 'x');
  for (int i = 0; i < 1'000; ++i) rocksdb::Warn(messages, "%s", text.c_str());
  EXPECT_LE(ReadTestFile(directory / "LOG").size(), MessageFile::kBytesMax);
}

TEST(RocksMessages, AreLostWhereNoFileCanBeWritten) {
  const TempDirectory directory;
  const auto nowhere = MessageFile::In(directory / "none");
  errno = ENOENT;
  for (int i = 0; i < 3; ++i) rocksdb::Error(nowhere, "unheard");
  EXPECT_EQ(errno, ENOENT) << "the caller may not have looked at it yet";
}

}  // namespace
}  // namespace beian::rocks
