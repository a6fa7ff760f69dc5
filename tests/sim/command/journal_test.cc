#include "sim/command/journal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace beian::sim {
namespace {

class JournalFile : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(path_); }
  void TearDown() override { std::filesystem::remove(path_); }

  static SeedRecord Seed(uint64_t seed) {
    SeedRecord record;
    record.nodes = 4;
    record.seed = seed;
    return record;
  }
  /// The seeds that the file holds, or the error of opening it.
  std::expected<std::vector<uint64_t>, JournalError> Seeds() const {
    const auto journal = Journal::Open(path_, heading_);
    if (!journal) return std::unexpected(journal.error());
    std::vector<uint64_t> seeds;
    for (const SeedRecord& record : journal->records()) seeds.push_back(record.seed);
    return seeds;
  }
  void Begin() const {
    auto journal = Journal::Open(path_, heading_);
    ASSERT_TRUE(journal.has_value());
    ASSERT_TRUE(journal->Append(Seed(1)).has_value());
    ASSERT_TRUE(journal->Append(Seed(2)).has_value());
  }
  std::string Text() const {
    std::ifstream in(path_);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  void Put(const std::string& text) const { std::ofstream(path_) << text; }

  const std::string path_ = std::filesystem::temp_directory_path() /
                            ("journal-" + std::to_string(::getpid()) + ".ndjson");
  const Json heading_{{"schema", "test"}};
};

using Seq = std::vector<uint64_t>;

TEST_F(JournalFile, KeepsWhatWasAppended) {
  Begin();
  EXPECT_EQ(Seeds(), Seq({1, 2}));
  ASSERT_TRUE(Journal::Open(path_, heading_)->Append(Seed(3)).has_value());
  EXPECT_EQ(Seeds(), Seq({1, 2, 3}));
}

TEST_F(JournalFile, CutOffAnywhereItHoldsTheLinesThatEnded) {
  Begin();
  const std::string whole = Text();
  for (size_t length = 0; length < whole.size(); ++length) {
    Put(whole.substr(0, length));
    const auto lines = std::count(whole.begin(), whole.begin() + static_cast<long>(length), '\n');
    const Seq expected = lines < 2 ? Seq{} : Seq{1};
    ASSERT_EQ(Seeds(), expected) << length;
    ASSERT_TRUE(Journal::Open(path_, heading_)->Append(Seed(9)).has_value());
    ASSERT_EQ(Seeds()->back(), 9u) << "and goes on from there";
  }
}

TEST_F(JournalFile, OfAnotherCampaignIsNotTouched) {
  Begin();
  const std::string before = Text();
  EXPECT_EQ(Journal::Open(path_, {{"schema", "other"}}).error(), JournalError::kOtherCampaign);
  Put("a letter\nto my aunt");
  EXPECT_EQ(Seeds().error(), JournalError::kOtherCampaign);
  EXPECT_EQ(Text(), "a letter\nto my aunt");
}

TEST_F(JournalFile, WithALineThatIsNoneIsRefused) {
  Begin();
  Put(Text() + "{}\n");
  EXPECT_EQ(Seeds().error(), JournalError::kDamaged);
}

TEST_F(JournalFile, IsForOneCampaignAtATime) {
  const auto journal = Journal::Open(path_, heading_);
  ASSERT_TRUE(journal.has_value());
  EXPECT_EQ(Seeds().error(), JournalError::kInUse);
}

TEST_F(JournalFile, InAFolderThatIsNotThereCannotBeOpened) {
  EXPECT_EQ(Journal::Open("/dev/null/journal", heading_).error(), JournalError::kCannotOpen);
}

}  // namespace
}  // namespace beian::sim
