#pragma once

#include <vector>

#include "node/replica/events.h"
#include "node/store/block_store.h"
#include "node/store/vote_log.h"
#include "tests/support/test_chain.h"

namespace beian::storage {

inline constexpr ValidatorIndex kSelf(1);
/// Small, so that every bit of a log can be tried, and several segments stand in it.
inline constexpr VoteLogOptions kLogOptions{.segment_bytes = 4'096};

/// What a validator was told and has said: a chain whose filings go all the way to a published set,
/// and the records of its log. The same in every process.
class Truth {
 public:
  Truth();

  const Genesis& genesis() const { return chain_.genesis(); }
  const PrivateKey& key() const { return chain_.fixture().consensus_keys[kSelf.value()]; }
  const Header& tip() const { return chain_.tip(); }
  size_t height() const { return commits_.size(); }
  const CommitBlock& commit(size_t height) const { return commits_.at(height - 1); }
  /// What the log syncs before the block of `height` is committed, one batch for each vote.
  const std::vector<std::vector<LogRecord>>& batches(size_t height) const {
    return batches_.at(height - 1);
  }
  /// Of a log that holds everything, in order, encoded.
  const std::vector<Bytes>& records() const { return records_; }
  /// How many of them stand in a log that has committed `height` blocks.
  uint64_t RecordsAt(size_t height) const;

  /// Every answer of the interface to a question about this chain, one after the other: two stores
  /// with the same text hold the same.
  Bytes Answers(const BlockReader& reader) const;

 private:
  void Extend(std::vector<TransactionPtr> transactions);
  void Record(const std::vector<LogRecord>& batch);
  Vote Sign(const Statement& statement) const;
  void AnswerBlock(const BlockReader& reader, Height height, ByteWriter& answers) const;
  void AnswerLists(const BlockReader& reader, ByteWriter& answers) const;

  TestChain chain_;
  std::vector<CommitBlock> commits_;
  std::vector<std::vector<std::vector<LogRecord>>> batches_;
  std::vector<Bytes> records_;
};

}  // namespace beian::storage
