#pragma once

#include <optional>

#include "ledger/base/types.h"

namespace beian {

/// A chain in one file, as `beiand --export` and `beian chain export` write it and the auditor
/// reads it: "beian-export/v1\n" ‖ chain id (32) ‖ for each height from 1: u32 length ‖
/// EncodeStoredBlock.
inline constexpr std::string_view kExportMagic = "beian-export/v1\n";
inline constexpr size_t kExportHeadBytes = kExportMagic.size() + ChainId::kSize;
/// No block of a valid chain is larger: kBlockBytesMax, header, proof and framing.
inline constexpr uint32_t kExportBlockBytesMax = 8'000'000;

inline Bytes EncodeExportHead(const ChainId& chain) {
  return Bytes(kExportMagic) + Bytes(chain.view());
}
/// Nothing when the octets do not begin an export.
inline std::optional<ChainId> DecodeExportHead(BytesView octets) {
  if (octets.size() != kExportHeadBytes || !octets.starts_with(kExportMagic)) return std::nullopt;
  return ChainId::FromBytes(octets.substr(kExportMagic.size()));
}

}  // namespace beian
