#include "client/cli/bulk_journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "client/sdk/files.h"
#include "tests/client/support/folder.h"
#include "tests/support/fixture.h"

namespace beian::client {
namespace {

class Journal : public testing::Test {
 protected:
  std::unique_ptr<BulkJournal> Open() {
    auto journal = BulkJournal::Open(Session({}, {}), folder_ / "j", chain_.genesis.chain_id);
    EXPECT_TRUE(journal.has_value());
    return *std::move(journal);
  }
  Folder folder_;
  const GenesisFixture chain_ = MakeGenesis(4);
  const TransactionPtr transaction_ =
      MakeSubmit(chain_.genesis, MakeClientKey(1), TimeMs(1'600'000'000'000), 1);
};

TEST_F(Journal, RemembersWhatWasSignedUntilItIsFinal) {
  BulkRow row;
  row.number = 7;
  row.digest = "d";
  {
    const auto journal = Open();
    EXPECT_EQ(journal->Find("d"), nullptr);
    const Json line = BulkJournal::SignedLine(row, *transaction_, {{"responsible.name", "x", "s"}});
    ASSERT_TRUE(journal->Append(PrintJson(line) + "\n").has_value());
  }
  {
    const auto journal = Open();
    ASSERT_NE(journal->Find("d"), nullptr);
    EXPECT_EQ(journal->Find("d")->signed_transaction->wire(), transaction_->wire());
    const Json line = BulkJournal::FinalLine(row, {{"state", "committed"}, {"accepted", true}});
    ASSERT_TRUE(journal->Append(PrintJson(line) + "\n").has_value());
  }
  const auto journal = Open();
  EXPECT_EQ(journal->Find("d")->signed_transaction, nullptr);
  EXPECT_EQ(journal->Find("d")->final_row["accepted"], true);
}

TEST_F(Journal, KnowsTheServicesWhoseSubmissionIsUnfinished) {
  BulkRow row;
  row.digest = "d";
  const v1::Filing& filing = transaction_->body().actions(0).submit().filing();
  const std::string signed_line = PrintJson(BulkJournal::SignedLine(row, *transaction_, {})) + "\n";
  ASSERT_TRUE(Open()->Append(signed_line).has_value());
  {
    const auto journal = Open();
    ASSERT_EQ(journal->UnfinishedOf(filing.service().name()).size(), 1u);
    EXPECT_TRUE(journal->UnfinishedOf("another").empty());
    const Json refused = BulkJournal::FinalLine(row, {{"state", "rejected"}});
    ASSERT_TRUE(journal->Append(PrintJson(refused) + "\n").has_value());
  }
  const auto journal = Open();
  EXPECT_TRUE(journal->UnfinishedOf(filing.service().name()).empty());
  EXPECT_EQ(journal->Find("d")->signed_transaction, nullptr) << "it is signed anew";
}

TEST_F(Journal, CutsATornLineOff) {
  const std::string row = "{\"row\":1,\"digest\":\"a\",\"state\":\"committed\"}\n";
  Open();
  const std::string heading = *ReadFile(folder_ / "j", 1000);
  folder_.Write("j", heading + row + "{\"row\":2,\"digest\":\"b\",\"sta", 0600);
  const auto journal = Open();
  EXPECT_NE(journal->Find("a"), nullptr);
  EXPECT_EQ(journal->Find("b"), nullptr);
  ASSERT_TRUE(journal->Append("{\"row\":3}\n").has_value());
  EXPECT_EQ(*ReadFile(folder_ / "j", 1000), heading + row + "{\"row\":3}\n");
}

TEST_F(Journal, BeginsWithItsChainAlsoWhereThatLineWasTorn) {
  Open();
  const std::string heading = *ReadFile(folder_ / "j", 1000);
  EXPECT_EQ(heading, "{\"schema\":\"beian.bulk-results.v1\",\"chain\":\"" +
                         chain_.genesis.chain_id.hex() + "\"}\n");
  folder_.Write("j", heading.substr(0, 20), 0600);
  Open();
  EXPECT_EQ(*ReadFile(folder_ / "j", 1000), heading);
}

TEST_F(Journal, WaitsForTheCommandThatHasItAndReadsWhatThatWrote) {
  BulkRow row;
  row.digest = "d";
  auto first = Open();
  std::unique_ptr<BulkJournal> second;
  std::thread other([&] { second = Open(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const std::string line = PrintJson(BulkJournal::SignedLine(row, *transaction_, {})) + "\n";
  ASSERT_TRUE(first->Append(line).has_value());
  first.reset();
  other.join();
  EXPECT_NE(second->Find("d"), nullptr) << "it would be signed once more";
}

TEST_F(Journal, IsForItsOwnerAlone) {
  Open();
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "j").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

}  // namespace
}  // namespace beian::client
