#pragma once

#include <expected>
#include <string>
#include <vector>

#include "tests/node/store/temp_directory.h"
#include "tests/storage/judge.h"

namespace beian::storage {

/// Undamaged data directories of one validator, which the cases copy and hurt.
class Ground {
 public:
  /// Makes them in a child; the process of the caller must not have opened a database.
  Ground();

  const Truth& truth() const { return truth_; }
  const std::vector<Bytes>& answers() const { return answers_; }  ///< of a store of each height
  const std::string& folder() const { return folder_.path(); }
  /// As a process left it that was killed after its last block: all in the write-ahead log.
  std::string killed() const { return folder_ / "killed"; }
  /// The same, opened again and ended orderly: blocks in tables, a note of votes written ahead.
  std::string ended() const { return folder_ / "ended"; }
  /// Killed after kBegunBlocks blocks.
  std::string begun() const { return folder_ / "begun"; }
  /// `killed`, with a damaged vote log and a store that does not open.
  std::string hurt() const { return folder_ / "hurt"; }
  std::string chain_file() const { return folder_ / "chain.bin"; }  ///< an export

  static constexpr size_t kBegunBlocks = 3;

 private:
  bool Make() const;
  bool RunChain(const std::string& directory) const;
  std::string AnswersFile(size_t height) const;

  TempDirectory folder_;
  Truth truth_;
  std::vector<Bytes> answers_;
};

/// As a node that votes for the block at `height` and then commits it. `promised` counts what it
/// has synced, so that it may tell others.
std::expected<void, std::string> RunBlock(DataDirectory& data, const Truth& truth, size_t height,
                                          Promised& promised);
/// Commits it only, as a node that was told of it.
std::expected<void, std::string> CommitOnly(DataDirectory& data, const Truth& truth, size_t height,
                                            Promised& promised);
/// As an orderly end does before it lets go of the data.
std::expected<void, std::string> EndOrderly(DataDirectory& data);

}  // namespace beian::storage
