#include "node/consensus/log_record.h"
#include "tests/fuzz/set_size.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

struct SetSizeMinOf {
  size_t operator()(const CertificateRecord& record) const {
    return SetSizeMin(record.certificate);
  }
  size_t operator()(const FinalRecord& record) const { return SetSizeMin(record.finalization); }
  size_t operator()(const ProposalRecord& record) const { return SetSizeMin(record.proposal); }
  size_t operator()(const auto&) const { return 1; }
};

/// A record of the vote log that is taken is one that EncodeLogRecord writes, with some set size.
void FuzzLogRecord(BytesView octets) {
  const auto record = DecodeLogRecord(kChain, octets);
  if (!record) return;
  ++inputs_taken;
  static_cast<void>(ViewOfRecord(*record));
  const auto encode = [&](size_t set_size) { return EncodeLogRecord(*record, set_size); };
  const auto* proposal = std::get_if<ProposalRecord>(&*record);
  if (proposal == nullptr || !MayMixSetSizes(proposal->proposal)) {
    CHECK(AnySetSizeGives(octets, std::visit(SetSizeMinOf{}, *record), encode));
    return;
  }
  const auto again = DecodeLogRecord(kChain, encode(kValidatorsMax));
  CHECK(again && std::get<ProposalRecord>(*again) == *proposal);
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzLogRecord(beian::fuzz::Octets(data, size));
  return 0;
}
