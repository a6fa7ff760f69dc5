#pragma once

#include <bit>
#include <span>
#include <string>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/merkle/log.h"

// The definitions of RFC 9162, 2.1, written down as they stand there: slow, and hard to get wrong.
namespace beian::naive {

using Leaves = std::span<const Sha256Digest>;

inline Sha256Digest Node(const Sha256Digest& left, const Sha256Digest& right) {
  return Sha256({BytesView("\x01", 1), left.view(), right.view()});
}

/// MTH(D_n), of leaf hashes.
inline Sha256Digest Root(Leaves d) {
  if (d.empty()) return Sha256("");
  if (d.size() == 1) return d[0];
  const size_t k = std::bit_floor(d.size() - 1);
  return Node(Root(d.first(k)), Root(d.subspan(k)));
}

inline LogPath With(LogPath path, const Sha256Digest& hash) {
  path.push_back(hash);
  return path;
}

/// PATH(m, D_n).
inline LogPath Path(size_t m, Leaves d) {
  if (d.size() == 1) return {};
  const size_t k = std::bit_floor(d.size() - 1);
  if (m < k) return With(Path(m, d.first(k)), Root(d.subspan(k)));
  return With(Path(m - k, d.subspan(k)), Root(d.first(k)));
}

/// SUBPROOF(m, D_n, b).
inline LogPath Subproof(size_t m, Leaves d, bool b) {
  if (m == d.size()) return b ? LogPath{} : LogPath{Root(d)};
  const size_t k = std::bit_floor(d.size() - 1);
  if (m <= k) return With(Subproof(m, d.first(k), b), Root(d.subspan(k)));
  return With(Subproof(m - k, d.subspan(k), false), Root(d.first(k)));
}

/// PROOF(m, D_n) for 0 < m.
inline LogPath Consistency(size_t m, Leaves d) {
  return Subproof(m, d, true);
}

inline std::vector<Sha256Digest> MakeLeaves(size_t count) {
  std::vector<Sha256Digest> leaves;
  for (size_t i = 0; i < count; ++i) leaves.push_back(LogLeafHash("entry " + std::to_string(i)));
  return leaves;
}

}  // namespace beian::naive
