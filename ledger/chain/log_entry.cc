#include <algorithm>
#include <limits>

#include "ledger/chain/execute.h"

namespace beian {
namespace {

constexpr size_t kLeafBytesMax = 65'535;  ///< what an entry of a C2SP tile can hold

std::optional<ActionResult> ReadActionResult(ByteReader& reader) {
  const auto reject = FilingRejectFromNumber(reader.U16());
  const BytesView characters = reader.Raw(reader.U8());
  if (!reject || reader.failed()) return std::nullopt;
  ActionResult result{*reject, std::nullopt};
  if (characters.empty()) return result;
  const auto code = RegistrationCode::ParseCanonical(characters);
  if (!code || *reject != FilingReject::kAccepted) return std::nullopt;
  result.code = *code;
  return result;
}

}  // namespace

bool TransactionResult::AnyAccepted() const {
  return std::ranges::any_of(
      actions, [](const ActionResult& action) { return action.reject == FilingReject::kAccepted; });
}

Bytes EncodeLogEntry(const Transaction& transaction, const TransactionResult& result) {
  CHECK(result.actions.size() <= kActionsMax);
  ByteWriter writer;
  writer.Long(transaction.wire());
  writer.U16(static_cast<uint16_t>(result.actions.size()));
  for (const ActionResult& action : result.actions) {
    const std::string_view code = action.code ? action.code->characters() : std::string_view();
    writer.U16(static_cast<uint16_t>(action.reject));
    writer.U8(static_cast<uint8_t>(code.size()));
    writer.Raw(code);
  }
  CHECK(writer.bytes().size() <= kLeafBytesMax);
  return writer.Take();
}

std::optional<LogEntry> DecodeLogEntry(BytesView encoded) {
  if (encoded.size() > kLeafBytesMax) return std::nullopt;
  ByteReader reader(encoded);
  LogEntry entry{Bytes(reader.Long()), {}};
  const size_t count = reader.U16();
  if (count > kActionsMax) return std::nullopt;
  for (size_t i = 0; i < count; ++i) {
    auto action = ReadActionResult(reader);
    if (!action) return std::nullopt;
    entry.result.actions.push_back(*action);
  }
  if (!reader.Finished()) return std::nullopt;
  return entry;
}

}  // namespace beian
