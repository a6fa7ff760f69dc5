#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "node/store/rocks_store.h"
#include "tests/node/store/store_chain.h"
#include "tests/node/store/temp_directory.h"

namespace beian {

inline std::unique_ptr<RocksStore> OpenStore(const std::string& path, const Genesis& genesis) {
  auto opened = RocksStore::Open(path, genesis, std::nullopt);
  EXPECT_TRUE(opened) << opened.error();
  if (!opened) return nullptr;
  EXPECT_NE(opened->store, nullptr) << opened->finding;
  return std::move(opened->store);
}

inline void CommitAll(RocksStore& store, const StoreChain& chain) {
  for (const CommitBlock& commit : chain.blocks()) {
    const auto committed = store.Commit(commit);
    ASSERT_TRUE(committed) << committed.error();
  }
}

/// A chain and a place for a store of it.
class RocksStoreTest : public testing::Test {
 protected:
  std::unique_ptr<RocksStore> Filled() {
    chain_.AddLifecycles();
    auto store = OpenStore(path(), chain_.genesis());
    CommitAll(*store, chain_);
    return store;
  }
  std::string path() const { return directory_ / "store"; }

  TempDirectory directory_;
  StoreChain chain_;
};

}  // namespace beian
