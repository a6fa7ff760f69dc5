#include "ledger/merkle/map_page.h"

#include <algorithm>
#include <bit>

namespace beian {
namespace {

constexpr uint16_t kFirstSlotBit = 0x8000;

uint16_t SlotBit(size_t slot) {
  return static_cast<uint16_t>(kFirstSlotBit >> slot);
}

PageNode NodeOf(const PageSlot& slot) {
  switch (slot.kind) {
    case PageSlot::Kind::kEmpty:
      return {};
    case PageSlot::Kind::kLeaf:
      return {PageNode::Kind::kLeaf, MapLeafHash(slot.key, slot.hash)};
    case PageSlot::Kind::kPage:
      return {PageNode::Kind::kInner, slot.hash};
  }
  CheckFailed("known kind of slot");
}

PageNode Join(const PageNode& left, const PageNode& right) {
  if (left.kind == PageNode::Kind::kEmpty && right.kind != PageNode::Kind::kInner) return right;
  if (right.kind == PageNode::Kind::kEmpty && left.kind != PageNode::Kind::kInner) return left;
  return {PageNode::Kind::kInner, MapNodeHash(left.hash, right.hash)};
}

bool BelongsTo(const MapKey& key, const PagePath& path, size_t slot) {
  for (size_t depth = 0; depth < path.size(); ++depth) {
    if (SlotOf(key, depth) != static_cast<uint8_t>(path[depth])) return false;
  }
  return SlotOf(key, path.size()) == slot;
}

}  // namespace

bool BitOf(const MapKey& key, size_t i) {
  return (key.octets[i / 8] >> (7 - i % 8) & 1) != 0;
}

size_t SlotOf(const MapKey& key, size_t depth) {
  const uint8_t octet = key.octets[depth / 2];
  return depth % 2 == 0 ? octet >> 4 : octet & 15;
}

Bytes MapPage::Encode() const {
  uint16_t leaves = 0;
  uint16_t pages = 0;
  for (size_t i = 0; i < kPageSlots; ++i) {
    if (slots[i].kind == PageSlot::Kind::kLeaf) leaves |= SlotBit(i);
    if (slots[i].kind == PageSlot::Kind::kPage) pages |= SlotBit(i);
  }
  ByteWriter writer;
  writer.U16(leaves);
  writer.U16(pages);
  for (const PageSlot& slot : slots) {
    if (slot.kind == PageSlot::Kind::kEmpty) continue;
    if (slot.kind == PageSlot::Kind::kLeaf) writer.Raw(slot.key.view());
    writer.Raw(slot.hash.view());
  }
  return writer.Take();
}

std::expected<MapPage, MapError> MapPage::Decode(const PagePath& path, BytesView encoded) {
  CHECK(path.size() <= kPathMax);
  const std::unexpected bad(MapError::kBadPage);
  ByteReader reader(encoded);
  const uint16_t leaves = reader.U16();
  const uint16_t pages = reader.U16();
  const auto leaf_count = static_cast<size_t>(std::popcount(leaves));
  const auto page_count = static_cast<size_t>(std::popcount(pages));
  const size_t expected = (2 * leaf_count + page_count) * Sha256Digest::kSize;
  if (reader.failed() || (leaves & pages) != 0 || reader.left() != expected) return bad;
  // A page stands only where two leaves meet; the first leaf of all stands in the root page.
  if (page_count == 0 && leaf_count < (path.empty() ? 1 : 2)) return bad;
  if (page_count > 0 && path.size() == kPathMax) return bad;
  MapPage page;
  for (size_t i = 0; i < kPageSlots; ++i) {
    PageSlot& slot = page.slots[i];
    if ((leaves & SlotBit(i)) != 0) {
      slot.kind = PageSlot::Kind::kLeaf;
      slot.key = MapKey::FromBytes(reader.Raw(MapKey::kSize));
      if (!BelongsTo(slot.key, path, i)) return bad;
    } else if ((pages & SlotBit(i)) != 0) {
      slot.kind = PageSlot::Kind::kPage;
    } else {
      continue;
    }
    slot.hash = Sha256Digest::FromBytes(reader.Raw(Sha256Digest::kSize));
    if (slot.kind == PageSlot::Kind::kPage && slot.hash.IsZero()) return bad;
  }
  return page;
}

PageNodes MapPage::Nodes() const {
  PageNodes nodes;
  for (size_t i = 0; i < kPageSlots; ++i) nodes[kPageSlots + i] = NodeOf(slots[i]);
  for (size_t i = kPageSlots - 1; i > 0; --i) nodes[i] = Join(nodes[2 * i], nodes[2 * i + 1]);
  return nodes;
}

}  // namespace beian
