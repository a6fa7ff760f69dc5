#include "node/runtime/export.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "ledger/verify/export_file.h"
#include "tests/node/store/store_chain.h"
#include "tests/node/store/store_fixture.h"
#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

TEST(Export, HoldsEveryBlockAfterTheHead) {
  const TempDirectory directory;
  StoreChain chain;
  chain.AddLifecycles();
  const auto store = RocksStore::Open(directory / "store", chain.genesis(), std::nullopt);
  ASSERT_TRUE(store && store->store != nullptr);
  for (const CommitBlock& commit : chain.blocks()) ASSERT_TRUE(store->store->Commit(commit));
  const std::string file = directory / "chain.bin";
  EXPECT_EQ(ExportChain(*store->store, chain.genesis(), file), chain.blocks().size());
  std::ifstream written(file, std::ios::binary);
  const Bytes octets{std::istreambuf_iterator<char>(written), {}};
  EXPECT_EQ(DecodeExportHead(BytesView(octets).substr(0, kExportHeadBytes)),
            chain.genesis().chain_id);
  EXPECT_GT(octets.size(), kExportHeadBytes);
  EXPECT_TRUE(MayReplaceWithExport(file));
}

TEST(Export, ReplacesNothingButAnExport) {
  const TempDirectory directory;
  const std::string file = directory / "file";
  const auto may_replace = [&](std::string_view contents) {
    std::ofstream(file, std::ios::binary) << contents;
    return MayReplaceWithExport(file);
  };
  EXPECT_TRUE(MayReplaceWithExport("-"));
  EXPECT_TRUE(MayReplaceWithExport(file)) << "nothing is there";
  EXPECT_TRUE(may_replace(""));
  EXPECT_TRUE(may_replace(EncodeExportHead(StoreChain().genesis().chain_id) + "block"));
  EXPECT_FALSE(may_replace("-----BEGIN PRIVATE KEY-----\n"));
  EXPECT_FALSE(may_replace("beian"));
  EXPECT_FALSE(MayReplaceWithExport(directory.path()));
  EXPECT_FALSE(MayReplaceWithExport("/dev/null"));
}

}  // namespace
}  // namespace beian
