#include "node/consensus/messages.h"

namespace beian {
namespace {

constexpr std::string_view kReentryTag{"beian/reentry/v1\0", 17};

}  // namespace

Bytes ReentryAnswer::SignedBytes(const ChainId& chain, const SetHash& set) const {
  ByteWriter writer;
  writer.Raw(kReentryTag);
  writer.Raw(chain.view());
  writer.Raw({reinterpret_cast<const char*>(nonce.data()), nonce.size()});
  writer.U16(asker.value());
  writer.U64(epoch.value());
  writer.U64(view.value());
  if (certificate) writer.Raw(certificate->statement.SignedBytes(chain, set));
  return writer.Take();
}

}  // namespace beian
