#include "ledger/merkle/log.h"

#include <bit>

#include "ledger/crypto/hash.h"

namespace beian {
namespace {

constexpr std::string_view kLogLeafPrefix{"\x00", 1};
constexpr std::string_view kLogNodePrefix{"\x01", 1};
constexpr size_t kLogPathMax = 64;  // hashes: one for each level of the largest log

MerkleRoot EmptyRoot() {
  return DigestCast<MerkleRoot>(Sha256(""));
}

/// Steps up while the node on the path is the last of its level and has no sibling there.
void SkipLoneLevels(uint64_t& node, uint64_t& last) {
  while ((node & 1) == 0 && node != 0) {
    node >>= 1;
    last >>= 1;
  }
}

}  // namespace

Sha256Digest LogLeafHash(BytesView data) {
  return Sha256({kLogLeafPrefix, data});
}

Sha256Digest LogNodeHash(const Sha256Digest& left, const Sha256Digest& right) {
  return Sha256({kLogNodePrefix, left.view(), right.view()});
}

MerkleRoot LogRootOf(std::span<const Sha256Digest> leaf_hashes) {
  LogFrontier frontier;
  for (const Sha256Digest& leaf_hash : leaf_hashes) frontier.Append(leaf_hash);
  return frontier.Root();
}

void LogFrontier::Append(const Sha256Digest& leaf_hash) {
  CHECK(size_ < std::numeric_limits<uint64_t>::max());
  Sha256Digest node = leaf_hash;
  // Like adding one to a binary number: each trailing one is a peak of the same height to merge.
  for (int carries = std::countr_one(size_); carries > 0; --carries) {
    node = LogNodeHash(peaks_.back(), node);
    peaks_.pop_back();
  }
  peaks_.push_back(node);
  ++size_;
}

MerkleRoot LogFrontier::Root() const {
  if (peaks_.empty()) return EmptyRoot();
  Sha256Digest root = peaks_.back();
  for (size_t i = peaks_.size() - 1; i > 0; --i) root = LogNodeHash(peaks_[i - 1], root);
  return DigestCast<MerkleRoot>(root);
}

Bytes LogFrontier::Encode() const {
  ByteWriter writer;
  writer.U64(size_);
  for (const Sha256Digest& peak : peaks_) writer.Raw(peak.view());
  return writer.Take();
}

std::optional<LogFrontier> LogFrontier::Decode(BytesView encoded) {
  ByteReader reader(encoded);
  LogFrontier frontier;
  frontier.size_ = reader.U64();
  const auto peaks = static_cast<size_t>(std::popcount(frontier.size_));
  if (reader.failed() || reader.left() != peaks * Sha256Digest::kSize) return std::nullopt;
  for (size_t i = 0; i < peaks; ++i) {
    frontier.peaks_.push_back(Sha256Digest::FromBytes(reader.Raw(Sha256Digest::kSize)));
  }
  return frontier;
}

bool VerifyLogInclusion(const Sha256Digest& leaf_hash, uint64_t index, uint64_t size,
                        const LogPath& path, const MerkleRoot& root) {
  if (index >= size || path.size() > kLogPathMax) return false;
  uint64_t node = index;
  uint64_t last = size - 1;
  Sha256Digest hash = leaf_hash;
  for (const Sha256Digest& sibling : path) {
    if (last == 0) return false;
    if ((node & 1) == 1 || node == last) {
      hash = LogNodeHash(sibling, hash);
      SkipLoneLevels(node, last);
    } else {
      hash = LogNodeHash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && DigestCast<MerkleRoot>(hash) == root;
}

bool VerifyLogConsistency(uint64_t old_size, const MerkleRoot& old_root, uint64_t new_size,
                          const MerkleRoot& new_root, const LogPath& path) {
  if (old_size > new_size || path.size() > kLogPathMax) return false;
  if (old_size == 0 && old_root != EmptyRoot()) return false;
  if (old_size == new_size) return path.empty() && old_root == new_root;
  if (old_size == 0) return path.empty();

  uint64_t node = old_size - 1;
  uint64_t last = new_size - 1;
  const int perfect_levels = std::countr_one(node);
  node >>= perfect_levels;
  last >>= perfect_levels;
  // The old tree is one perfect subtree of the new: the path starts from the old root itself.
  const bool starts_at_root = std::has_single_bit(old_size);
  if (!starts_at_root && path.empty()) return false;
  Sha256Digest old_hash = starts_at_root ? DigestCast<Sha256Digest>(old_root) : path.front();
  Sha256Digest new_hash = old_hash;
  for (size_t i = starts_at_root ? 0 : 1; i < path.size(); ++i) {
    if (last == 0) return false;
    if ((node & 1) == 1 || node == last) {
      old_hash = LogNodeHash(path[i], old_hash);
      new_hash = LogNodeHash(path[i], new_hash);
      SkipLoneLevels(node, last);
    } else {
      new_hash = LogNodeHash(new_hash, path[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && DigestCast<MerkleRoot>(old_hash) == old_root &&
         DigestCast<MerkleRoot>(new_hash) == new_root;
}

}  // namespace beian
