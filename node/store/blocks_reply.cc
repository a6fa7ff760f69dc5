#include <algorithm>

#include "node/store/block_store.h"

namespace beian {
namespace {

constexpr size_t kBlockFrameBytes = 512;      // header, lengths and counts of one block
constexpr size_t kTransactionFrameBytes = 8;  // length and field tag of one transaction

size_t BytesOf(const Block& block) {
  size_t octets = kBlockFrameBytes;
  for (const TransactionPtr& transaction : block.transactions) {
    octets += transaction->wire().size() + kTransactionFrameBytes;
  }
  return octets;
}

}  // namespace

bool FilingFilter::Matches(const FilingRecord& record) const {
  return (!status || record.status == *status) && record.division.starts_with(province) &&
         (!set || record.set == *set) && (!subject || record.subject == *subject) &&
         (!owner || record.owner == *owner);
}

BlockReader::Listing BlockReader::ListFilings(const FilingFilter& filter, BytesView cursor,
                                              size_t count_max) const {
  constexpr uint8_t kFilings = 1;
  const size_t wanted = std::min(count_max, kFilingPageMax);
  Listing listing;
  listing.next = cursor;
  for (size_t scanned = 0; scanned < kFilingScanMax && listing.records.size() < wanted; ++scanned) {
    Listing one = List(kFilings, listing.next, 1);
    listing.next = std::move(one.next);
    for (Bytes& record : one.records) {
      const auto filing = FilingRecord::Decode(record);
      CHECK(filing);
      if (filter.Matches(*filing)) listing.records.push_back(std::move(record));
    }
    if (listing.next.empty()) break;
  }
  return listing;
}

Blocks MakeBlocksReply(const BlockReader& reader, const GetBlocks& request) {
  Blocks reply;
  const uint64_t count = std::min(request.count, kBlocksPerReply);
  const Height tip = reader.Tip().height;
  if (request.first.value() == 0 || request.first > tip) return reply;
  const uint64_t last = request.first.value() + std::min<uint64_t>(count, tip - request.first + 1);
  size_t octets = 0;
  for (Height height = request.first; height.value() < last; height = height.Next()) {
    BlockPtr block = reader.BlockAt(height);
    if (block == nullptr) break;
    octets += BytesOf(*block);
    if (octets > kBlocksReplyBytesMax && !reply.blocks.empty()) break;
    reply.blocks.push_back(std::move(block));
  }
  if (!reply.blocks.empty()) reply.proof = reader.ProofAt(reply.blocks.back()->header.height);
  if (!reply.proof) reply.blocks.clear();
  return reply;
}

}  // namespace beian
