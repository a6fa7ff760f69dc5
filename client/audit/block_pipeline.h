#pragma once

#include <condition_variable>
#include <deque>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "client/audit/block_source.h"
#include "ledger/verify/chain_walk.h"

namespace beian::client {

inline constexpr size_t kPipelineBlocksMax = 256;  ///< read and not yet taken
inline constexpr size_t kPipelineBytesMax = 64 << 20;

/// Reads a source on one thread and prepares its blocks on several, so that the walk, which must go
/// block by block, finds them hashed and their signatures checked. Blocks come out in order.
class BlockPipeline {
 public:
  /// Blocks up to `vouched_height` are taken as checked for finality and signatures.
  /// `source` and `genesis` must outlive the pipeline.
  BlockPipeline(BlockSource& source, const Genesis& genesis, AuditLevel level, size_t threads,
                uint64_t vouched_height);
  ~BlockPipeline();  ///< waits for a read that is under way

  /// The next block, or what is wrong with it; nothing at the end; the source's failure last.
  using Prepared = std::expected<PreparedBlock, Finding>;
  std::expected<std::optional<Prepared>, ClientError> Next();

 private:
  struct Slot {
    uint64_t height = 0;  ///< by position; what the header says is checked by the walk
    StoredBlock block;
    size_t bytes = 0;
    bool taken = false;  ///< by a worker
    std::optional<Prepared> prepared;
  };
  void Read();
  void Work();

  BlockSource& source_;
  const Genesis& genesis_;
  const AuditLevel level_;
  const uint64_t vouched_height_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Slot>> slots_;  ///< guarded by mutex_
  size_t bytes_ = 0;                         ///< guarded by mutex_
  bool ended_ = false;                       ///< guarded by mutex_; nothing more is read
  bool stopping_ = false;                    ///< guarded by mutex_
  std::optional<ClientError> failure_;       ///< guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace beian::client
