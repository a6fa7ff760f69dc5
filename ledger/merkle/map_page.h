#pragma once

#include <array>
#include <cstdint>
#include <expected>

#include "ledger/merkle/map.h"

namespace beian {

/// Four levels of the map, as stored. The page at a path of d octets covers depths 4d to 4d + 4:
///
///   leaves   u16, big-endian   bit 15 - i is set when slot i holds a leaf
///   pages    u16, big-endian   bit 15 - i is set when slot i holds a deeper page
///   slots    for each slot with a bit, from 0 to 15:
///              leaf   32 octets of key, 32 octets of value hash
///              page   32 octets: the hash of the subtree it covers, never zero
///
/// There is one encoding of each page and Decode takes no other: no slot has both bits, nothing
/// follows the slots, a leaf's key begins with the path and the slot's own number, only the root
/// page may hold a single leaf and nothing else, and a page at path length 63 has leaves only.
///
/// Example: the map with the keys a = 5100...00, b = 53ab...00 and c = e7cd...00 (hexadecimal).
/// a and b share their first six bits, so slot 5 of the root page holds a deeper page; c is alone
/// in slot 14.
///
///   path ""    00 02                            leaves: slot 14
///              04 00                            pages: slot 5
///              ab4                              slot 5: the hash at depth 4 over a and b
///              e7 cd 00 ... 00, value hash      slot 14
///                                               100 octets in all
///   path 05    50 00                            leaves: slots 1 and 3
///              00 00                            pages: none
///              51 00 ... 00, value hash         slot 1
///              53 ab 00 ... 00, value hash      slot 3
///                                               132 octets in all
///
/// With H for MapNodeHash, 0 for an empty subtree and A, B, C for the leaf hashes:
///
///   page 05    ab6 = H(A, B)     bit 6 tells a from b, and each is alone below it
///              ab5 = H(ab6, 0)   bit 5 of both is 0
///              ab4 = H(ab5, 0)   bit 4 of both is 0
///   page ""    ab3 = H(0, ab4)   bits 3, 2 and 1 of both are 1, 0 and 1
///              ab2 = H(ab3, 0)
///              ab1 = H(0, ab2)
///              root = H(ab1, C)  bit 0 tells c from both, and c is alone below it
inline constexpr size_t kPageSlots = 16;
inline constexpr size_t kBitsPerPage = 4;
inline constexpr size_t kKeyBits = 8 * MapKey::kSize;
inline constexpr size_t kPathMax = kKeyBits / kBitsPerPage - 1;  ///< octets of the longest path

/// Bit `i` of a key, from the most significant.
bool BitOf(const MapKey& key, size_t i);
/// Slot of `key` in a page whose path has `depth` octets.
size_t SlotOf(const MapKey& key, size_t depth);

struct PageSlot {
  enum class Kind : uint8_t { kEmpty, kLeaf, kPage };
  Kind kind = Kind::kEmpty;
  MapKey key;         ///< of a leaf
  Sha256Digest hash;  ///< leaf: of its value; page: of its subtree
  bool operator==(const PageSlot&) const = default;
};

/// What stands at one place of the tree. A place over a single leaf has that leaf's hash, however
/// far below the leaf is stored.
struct PageNode {
  enum class Kind : uint8_t { kEmpty, kLeaf, kInner };
  Kind kind = Kind::kEmpty;
  Sha256Digest hash;
};

/// Nodes of a page in heap order: 1 is the top, 2i and 2i + 1 are below i, slot s is 16 + s.
using PageNodes = std::array<PageNode, 2 * kPageSlots>;

struct MapPage {
  std::array<PageSlot, kPageSlots> slots;

  Bytes Encode() const;
  static std::expected<MapPage, MapError> Decode(const PagePath& path, BytesView encoded);
  PageNodes Nodes() const;
};

}  // namespace beian
