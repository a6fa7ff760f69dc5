// A small database whose files are cut, missing, or rewritten with right checksums: the store is
// refused, or it holds all that was committed; tests/storage flips bits. A read that ends the
// process counts as refused, so each attempt runs in a process of its own.

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "node/store/rocks_store.h"
#include "tests/node/store/store_chain.h"
#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

enum Outcome { kHoldsAll = 0, kRefused = 10, kWrong = 20 };

class RocksDamage : public testing::Test {
 protected:
  void Fill(bool flushed) {
    chain_.AddLifecycles();
    ASSERT_EQ(InChild([&] { return Write(flushed) ? kHoldsAll : kWrong; }), kHoldsAll);
    if (!flushed) CopyDirectory(directory_ / "killed", whole());
  }

  /// Opens the copy and compares every read.
  Outcome Try() {
    return InChild([this] {
      const AppliedBlock applied{chain_.tip().height, chain_.tip().id()};
      const auto opened = RocksStore::Open(hurt(), chain_.genesis(), applied);
      if (!opened || opened->store == nullptr) return kRefused;
      ExpectHolds(*opened->store, chain_);
      const bool lists = opened->store->List(1, "", 100).records.size() == 7 &&
                         opened->store->List(3, "", 100).records.size() == 4;
      return testing::Test::HasFailure() || !lists ? kWrong : kHoldsAll;
    });
  }

  /// RocksDB's threads do not survive a fork, so this process must never start them.
  template <class Work>
  static Outcome InChild(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (std::getenv("BEIAN_TEST_VERBOSE") == nullptr) {
        (void)std::freopen("/dev/null", "w", stderr);
        (void)std::freopen("/dev/null", "w", stdout);
      }
      ::_exit(work());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGABRT ? kRefused : kWrong;
    return static_cast<Outcome>(WEXITSTATUS(status));
  }

  /// Left in the write-ahead log, as a killed process leaves it, in "killed"; or, once closed and
  /// opened again, in tables.
  bool Write(bool flushed) {
    auto opened = RocksStore::Open(whole(), chain_.genesis(), std::nullopt);
    if (!opened || opened->store == nullptr) return false;
    for (const CommitBlock& commit : chain_.blocks()) {
      if (!opened->store->Commit(commit)) return false;
    }
    if (!flushed) CopyDirectory(whole(), directory_ / "killed");
    opened->store.reset();
    return RocksStore::Open(whole(), chain_.genesis(), std::nullopt)->store != nullptr;
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(whole())) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with("LOG") && name != "LOCK" && name != "store.lock") {
        names.push_back(name);
      }
    }
    std::ranges::sort(names);
    return names;
  }

  void CutEveryFile(size_t cuts) {
    for (const std::string& name : Files()) {
      const Bytes octets = ReadTestFile(whole() + "/" + name);
      for (size_t i = 0; i < cuts; ++i) {
        CopyDirectory(whole(), hurt());
        WriteTestFile(hurt() + "/" + name, octets.substr(0, octets.size() * i / cuts));
        EXPECT_NE(Try(), kWrong) << name << " cut to " << octets.size() * i / cuts;
      }
      CopyDirectory(whole(), hurt());
      std::filesystem::remove(hurt() + "/" + name);
      EXPECT_NE(Try(), kWrong) << name << " removed";
    }
  }

  std::string whole() const { return directory_ / "whole"; }
  std::string hurt() const { return directory_ / "hurt"; }

  TempDirectory directory_;
  StoreChain chain_;
};

TEST_F(RocksDamage, IsNothingAtFirst) {
  Fill(true);
  CopyDirectory(whole(), hurt());
  EXPECT_EQ(Try(), kHoldsAll);
}

TEST_F(RocksDamage, IsFoundWhenAFileIsCutOrMissing) {
  Fill(true);
  CutEveryFile(4);
}

TEST_F(RocksDamage, IsFoundWhenTheManifestEndsEarly) {
  Fill(true);
  for (const std::string& name : Files()) {
    if (!name.starts_with("MANIFEST")) continue;
    const Bytes octets = ReadTestFile(whole() + "/" + name);
    for (size_t cut = 1; cut < octets.size(); cut += 150) {
      CopyDirectory(whole(), hurt());
      WriteTestFile(hurt() + "/" + name, octets.substr(0, octets.size() - cut));
      EXPECT_NE(Try(), kWrong) << cut << " octets less than " << octets.size();
    }
  }
}

TEST_F(RocksDamage, IsFoundWhenTheWriteAheadLogIsCutOrMissing) {
  Fill(false);
  CutEveryFile(8);
}

/// Writes one row behind the store's back, so that every checksum of RocksDB is right.
class RocksTampering : public RocksDamage {
 protected:
  bool Put(const std::string& family, BytesView key, BytesView value) {
    std::vector<std::string> names;
    if (!rocksdb::DB::ListColumnFamilies({}, hurt(), &names).ok()) return false;
    std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
    for (const std::string& name : names) {
      descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions());
    }
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    if (!rocksdb::DB::Open({}, hurt(), descriptors, &handles, &db).ok()) return false;
    bool done = false;
    for (rocksdb::ColumnFamilyHandle* handle : handles) {
      if (handle->GetName() == family) {
        done = (value.empty() ? db->Delete({}, handle, key) : db->Put({}, handle, key, value)).ok();
      }
      db->DestroyColumnFamilyHandle(handle);
    }
    delete db;
    return done;
  }
  void ExpectRefusedWith(const std::string& family, BytesView key, BytesView value) {
    CopyDirectory(whole(), hurt());
    ASSERT_EQ(InChild([&] { return Put(family, key, value) ? kHoldsAll : kWrong; }), kHoldsAll);
    EXPECT_EQ(Try(), kRefused) << family << " " << ToHex(key);
  }
};

Bytes BigEndian(uint64_t number) {
  ByteWriter writer;
  writer.U64(number);
  return writer.Take();
}

TEST_F(RocksTampering, WithTheTipIsFound) {
  Fill(true);
  // The tampering itself is harmless.
  CopyDirectory(whole(), hurt());
  ASSERT_EQ(InChild([&] { return Put("default", "another key", "x") ? kHoldsAll : kWrong; }),
            kHoldsAll);
  EXPECT_EQ(Try(), kHoldsAll);
  const Header& tip = chain_.tip();
  const uint64_t last = tip.log_size - 1;
  ExpectRefusedWith("default", "tip", "");
  ExpectRefusedWith("default", "tip", "not a tip");
  ExpectRefusedWith("default", "chain", "");
  ExpectRefusedWith("entries", BigEndian(last), "");
  ExpectRefusedWith("entries", BigEndian(last), "another entry");
  ExpectRefusedWith("tiles", Bytes(9, '\0'), "");
  ExpectRefusedWith("tiles", Bytes(9, '\0'), Bytes(tip.log_size * 32, 'x'));
  ExpectRefusedWith("pages", "", "");
  ExpectRefusedWith("headers", BigEndian(tip.height.value()), "");
  ExpectRefusedWith("headers", BigEndian(3), "");
  ExpectRefusedWith("block_ids", chain_.blocks()[2].block->id.view(), "");
  ExpectRefusedWith("block_ids", chain_.blocks()[2].block->id.view(), BigEndian(4));
}

TEST_F(RocksTampering, WithAnOldBlockEndsTheProcessThatReadsIt) {
  Fill(true);
  ExpectRefusedWith("entries", BigEndian(0), "another entry");
  ExpectRefusedWith("entries", BigEndian(0), chain_.entries()[1]);
  ExpectRefusedWith("entries", BigEndian(0), "");
  ExpectRefusedWith("transactions", chain_.blocks()[0].block->transactions[0]->id().view(),
                    "short");
}

}  // namespace
}  // namespace beian
