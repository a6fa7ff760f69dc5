#include "node/store/rocks_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "tests/node/store/store_fixture.h"

namespace beian {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RocksReaderTest : public RocksStoreTest {};

std::vector<FilingId> IdsOf(const BlockReader::Listing& listing) {
  std::vector<FilingId> ids;
  for (const Bytes& record : listing.records) ids.push_back(FilingRecord::Decode(record)->id);
  return ids;
}

TEST_F(RocksReaderTest, ProvesEveryEntryOfALogOfManyTiles) {
  auto store = OpenStore(path(), chain_.genesis());
  uint64_t salt = 100;
  for (const size_t count : {1u, 254u, 1u, 1u, 300u}) {
    std::vector<TransactionPtr> transactions;
    for (size_t i = 0; i < count; ++i) transactions.push_back(chain_.Submit(++salt));
    chain_.Add(transactions);
  }
  CommitAll(*store, chain_);
  ExpectHolds(*store, chain_);
  EXPECT_TRUE(store->Tile({0, 0}, 256));
  EXPECT_TRUE(store->Tile({1, 0}, 2));
  EXPECT_FALSE(store->Tile({1, 0}, 3));
  EXPECT_FALSE(store->Tile({0, 0}, 257));
  EXPECT_EQ(store->Tile({0, 2}, 5)->size(), 5u * 32);
}

TEST_F(RocksReaderTest, KeepsASnapshotAsItWas) {
  auto store = OpenStore(path(), chain_.genesis());
  StoreChain early;
  early.Add({early.Submit(1)});
  CommitAll(*store, early);
  const auto snapshot = store->Snapshot();
  StoreChain late = std::move(early);
  const std::vector<TransactionPtr> second = {late.Submit(2)};
  StoreChain model;  // the same chain once more, up to the snapshot
  model.Add({late.blocks()[0].block->transactions[0]});
  ASSERT_TRUE(store->Commit(late.Add(second)));
  ExpectHolds(*snapshot, model);
  ExpectHolds(*store, late);
  EXPECT_FALSE(snapshot->HasTransaction(second[0]->id()));
  EXPECT_THAT(snapshot->List(1, "", 10).records, SizeIs(1));
  store.reset();
  ExpectHolds(*snapshot, model);
}

TEST_F(RocksReaderTest, ServesReadersWhileItCommits) {
  auto store = OpenStore(path(), chain_.genesis());
  chain_.AddLifecycles();
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) {
      const Height before = store->Tip().height;
      const auto snapshot = store->Snapshot();
      const Header tip = snapshot->Tip();
      EXPECT_GE(tip.height, before);
      EXPECT_EQ(snapshot->Log().Root(), tip.log_root);
      EXPECT_EQ(MapRootOf(*snapshot), tip.map_root);
      EXPECT_EQ(snapshot->Log().size(), tip.log_size);
    }
  });
  CommitAll(*store, chain_);
  stop = true;
  reader.join();
}

TEST_F(RocksReaderTest, ListsFilingsNewestFirstPageByPage) {
  const auto store = Filled();
  std::vector<FilingId> newest_first = chain_.submissions();
  std::ranges::reverse(newest_first);
  ASSERT_THAT(newest_first, SizeIs(7));
  for (const size_t page : {1u, 2u, 3u, 7u, 100u}) {
    std::vector<FilingId> found;
    Bytes cursor;
    size_t pages = 0;
    do {
      const auto listing = store->List(1, cursor, page);
      for (const FilingId& id : IdsOf(listing)) found.push_back(id);
      cursor = listing.next;
      ++pages;
    } while (!cursor.empty());
    EXPECT_EQ(found, newest_first) << page;
    EXPECT_EQ(pages, (7 + page - 1) / page) << page;
  }
}

TEST_F(RocksReaderTest, ListsSubjectsAndSets) {
  const auto store = Filled();
  const auto subjects = store->List(3, "", 100);
  EXPECT_THAT(subjects.records, SizeIs(4));  // those whose filings were taken up
  for (const Bytes& record : subjects.records) EXPECT_TRUE(SubjectRecord::Decode(record));
  const auto sets = store->List(5, "", 100);
  ASSERT_THAT(sets.records, SizeIs(1));
  EXPECT_EQ(SetRecord::Decode(sets.records[0])->number, 1u);
  EXPECT_THAT(store->List(2, "", 100).records, IsEmpty());
  EXPECT_THAT(store->List(1, "no cursor of ours", 100).records, IsEmpty());
}

/// Every filter over the values that occur.
std::vector<FilingFilter> Filters(const std::vector<FilingRecord>& filings) {
  std::vector<FilingFilter> filters(1);
  const auto vary = [&](auto change) {
    std::vector<FilingFilter> more;
    for (const FilingFilter& filter : filters) {
      for (const FilingRecord& filing : filings) {
        more.push_back(filter);
        change(more.back(), filing);
      }
    }
    filters.insert(filters.end(), more.begin(), more.end());
  };
  vary([](FilingFilter& filter, const FilingRecord& filing) { filter.status = filing.status; });
  vary([](FilingFilter& filter, const FilingRecord& filing) {
    filter.province = filing.division.substr(0, 2);
  });
  const std::vector<FilingFilter> status_and_province = filters;
  for (const FilingRecord& filing : filings) {
    for (FilingFilter filter : status_and_province) {
      filter.subject = filing.subject;
      filters.push_back(filter);
      filter.owner = filing.owner;
      filters.push_back(filter);
      filter.subject.reset();
      filter.set = filing.set;
      filters.push_back(filter);
      filter.owner.reset();
      filters.push_back(filter);
    }
  }
  return filters;
}

TEST_F(RocksReaderTest, ListsTheFilingsThatAFilterLetsThrough) {
  const auto store = Filled();
  const auto filings = chain_.Filings();
  for (const FilingFilter& filter : Filters({filings[0], filings[1], filings[4]})) {
    std::set<FilingId> expected;
    for (const FilingRecord& filing : filings) {
      if (filter.Matches(filing)) expected.insert(filing.id);
    }
    std::vector<FilingId> found;
    Bytes cursor;
    do {
      const auto listing = store->ListFilings(filter, cursor, 2);
      for (const FilingId& id : IdsOf(listing)) found.push_back(id);
      cursor = listing.next;
    } while (!cursor.empty());
    EXPECT_EQ(found.size(), expected.size());
    EXPECT_EQ(std::set<FilingId>(found.begin(), found.end()), expected);
    EXPECT_EQ(IdsOf(store->BlockReader::ListFilings(filter, "", 100)).size(), expected.size());
  }
}

TEST_F(RocksReaderTest, ListsFilingsOfOneStatusByTheirLastChange) {
  const auto store = Filled();
  FilingFilter filter;
  filter.status = FilingStatus::kNotReviewed;
  std::vector<uint64_t> heights;
  for (const Bytes& record : store->ListFilings(filter, "", 100).records) {
    heights.push_back(FilingRecord::Decode(record)->changed_height.value());
  }
  EXPECT_THAT(heights, ElementsAre(7, 7, 1));
}

}  // namespace
}  // namespace beian
