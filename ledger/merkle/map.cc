#include "ledger/merkle/map.h"

#include <algorithm>
#include <span>

#include "ledger/crypto/hash.h"
#include "ledger/merkle/map_page.h"

namespace beian {
namespace {

constexpr std::string_view kMapLeafPrefix{"\x02", 1};
constexpr std::string_view kMapNodePrefix{"\x03", 1};

using Leaf = MapProof::Leaf;

/// The stored page, or an empty one when there is none.
std::expected<MapPage, MapError> LoadRootPage(const PageReader& pages) {
  const auto encoded = pages.Page({});
  if (!encoded) return MapPage{};
  return MapPage::Decode({}, *encoded);
}

/// A page that its parent names: it has to be there.
std::expected<MapPage, MapError> LoadPage(const PageReader& pages, const PagePath& path) {
  const auto encoded = pages.Page(path);
  if (!encoded) return std::unexpected(MapError::kBadPage);
  return MapPage::Decode(path, *encoded);
}

/// One batch on its way down the pages. Each page is read, hashed and written at most once.
class Updater {
 public:
  explicit Updater(const PageReader& stored) : stored_(stored) {}

  /// Sets `leaves`, sorted and all under `path`, in `page`; returns the hash of the page's top.
  std::expected<Sha256Digest, MapError> Set(MapPage& page, std::span<const Leaf> leaves) {
    bool changed = false;
    while (!leaves.empty()) {
      const size_t slot = SlotOf(leaves.front().key, path_.size());
      const auto end = std::ranges::find_if(
          leaves, [&](const Leaf& leaf) { return SlotOf(leaf.key, path_.size()) != slot; });
      const auto count = static_cast<size_t>(end - leaves.begin());
      const PageSlot before = page.slots[slot];
      if (auto set = SetSlot(page.slots[slot], leaves.first(count)); !set) {
        return std::unexpected(set.error());
      }
      changed = changed || page.slots[slot] != before;
      leaves = leaves.subspan(count);
    }
    if (changed) written_.emplace(path_, page.Encode());
    return page.Nodes()[1].hash;
  }

  std::map<PagePath, Bytes> TakePages() { return std::move(written_); }

 private:
  /// Sets `leaves`, at least one, all belonging in `slot` of the page at `path_`.
  std::expected<void, MapError> SetSlot(PageSlot& slot, std::span<const Leaf> leaves) {
    const bool stays_leaf =
        leaves.size() == 1 &&
        (slot.kind == PageSlot::Kind::kEmpty ||
         (slot.kind == PageSlot::Kind::kLeaf && slot.key == leaves.front().key));
    if (stays_leaf) {
      slot = {PageSlot::Kind::kLeaf, leaves.front().key, leaves.front().value_hash};
      return {};
    }
    path_.push_back(static_cast<char>(SlotOf(leaves.front().key, path_.size())));
    auto hash = SetBelow(slot, leaves);
    path_.pop_back();
    if (!hash) return std::unexpected(hash.error());
    slot = {PageSlot::Kind::kPage, {}, *hash};
    return {};
  }

  /// Sets `leaves` in the page below `slot`, which is made when two leaves meet there first.
  std::expected<Sha256Digest, MapError> SetBelow(const PageSlot& slot,
                                                 std::span<const Leaf> leaves) {
    if (slot.kind == PageSlot::Kind::kPage) {
      auto page = LoadPage(stored_, path_);
      if (!page) return std::unexpected(page.error());
      return Set(*page, leaves);
    }
    MapPage page;
    if (slot.kind == PageSlot::Kind::kLeaf) page.slots[SlotOf(slot.key, path_.size())] = slot;
    return Set(page, leaves);
  }

  const PageReader& stored_;
  PagePath path_;
  std::map<PagePath, Bytes> written_;
};

/// Walks from the top of a page towards `key` until nothing or a single leaf is left there, adding
/// the siblings passed. True when the walk goes on in the page below the key's slot.
bool WalkPage(const MapPage& page, const MapKey& key, size_t depth,
              std::vector<Sha256Digest>& siblings) {
  const PageNodes nodes = page.Nodes();
  size_t node = 1;
  for (size_t i = 0; i < kBitsPerPage; ++i) {
    if (nodes[node].kind != PageNode::Kind::kInner) return false;
    node = 2 * node + (BitOf(key, depth * kBitsPerPage + i) ? 1 : 0);
    siblings.push_back(nodes[node ^ 1].hash);
  }
  return nodes[node].kind == PageNode::Kind::kInner;
}

/// The only leaf in the part of `page` where the walk towards `key` ended after `siblings` steps.
const PageSlot* LeafAtEnd(const MapPage& page, const MapKey& key, size_t depth, size_t steps) {
  const size_t width = kPageSlots >> (steps - depth * kBitsPerPage);
  const size_t first = SlotOf(key, depth) / width * width;
  for (size_t i = first; i < first + width; ++i) {
    if (page.slots[i].kind == PageSlot::Kind::kLeaf) return &page.slots[i];
  }
  return nullptr;
}

}  // namespace

Sha256Digest MapLeafHash(const MapKey& key, const Sha256Digest& value_hash) {
  return Sha256({kMapLeafPrefix, key.view(), value_hash.view()});
}

Sha256Digest MapNodeHash(const Sha256Digest& left, const Sha256Digest& right) {
  return Sha256({kMapNodePrefix, left.view(), right.view()});
}

std::expected<MapBatch, MapError> UpdateMap(const PageReader& pages,
                                            const std::map<MapKey, Sha256Digest>& updates) {
  std::vector<Leaf> leaves;
  leaves.reserve(updates.size());
  for (const auto& [key, value_hash] : updates) leaves.push_back({key, value_hash});
  auto root_page = LoadRootPage(pages);
  if (!root_page) return std::unexpected(root_page.error());
  Updater updater(pages);
  const auto root = updater.Set(*root_page, leaves);
  if (!root) return std::unexpected(root.error());
  return MapBatch{DigestCast<MerkleRoot>(*root), updater.TakePages()};
}

std::expected<MerkleRoot, MapError> MapRootOf(const PageReader& pages) {
  const auto page = LoadRootPage(pages);
  if (!page) return std::unexpected(page.error());
  return DigestCast<MerkleRoot>(page->Nodes()[1].hash);
}

std::expected<MapLookup, MapError> ProveMapKey(const PageReader& pages, const MapKey& key) {
  auto page = LoadRootPage(pages);
  MapLookup lookup;
  PagePath path;
  while (page && WalkPage(*page, key, path.size(), lookup.proof.siblings)) {
    path.push_back(static_cast<char>(SlotOf(key, path.size())));
    page = LoadPage(pages, path);
  }
  if (!page) return std::unexpected(page.error());
  const PageSlot* leaf = LeafAtEnd(*page, key, path.size(), lookup.proof.siblings.size());
  if (leaf == nullptr) return lookup;
  if (leaf->key == key) {
    lookup.value_hash = leaf->hash;
  } else {
    lookup.proof.other = Leaf{leaf->key, leaf->hash};
  }
  return lookup;
}

}  // namespace beian
