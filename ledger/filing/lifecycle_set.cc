// What the CAC publishes: PublishSet.

#include <set>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/calendar.h"
#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/filing/lifecycle_internal.h"

namespace beian {
namespace {

uint32_t LoadLastSet(const RecordStore& store) {
  const std::optional<Bytes> encoded = store.Record(LastSetKey());
  if (!encoded) {
    return 0;
  }
  ByteReader reader(*encoded);
  const uint32_t number = reader.U32();
  CHECK(reader.Finished());
  return number;
}

void PutLastSet(RecordStore& store, uint32_t number) {
  ByteWriter writer;
  writer.U32(number);
  store.Put(LastSetKey(), writer.Take());
}

FilingReject CheckSetHead(const RecordStore& store, const v1::PublishSet& action) {
  if (action.number() != uint64_t{LoadLastSet(store)} + 1) {
    return FilingReject::kBadSetNumber;
  }
  if (!ParseDate(action.published_on())) {
    return FilingReject::kBadDate;
  }
  if (action.codes_size() < 1 || static_cast<size_t>(action.codes_size()) > kSetCodesMax) {
    return FilingReject::kTooManyCodes;
  }
  return FilingReject::kAccepted;
}

/// The filings that the set lists, in its order, or what is wrong with the first bad code.
std::expected<std::vector<FilingRecord>, FilingReject> FindListedFilings(
    const RecordStore& store, const v1::PublishSet& action) {
  std::set<RegistrationCode> seen;
  std::vector<FilingRecord> filings;
  for (const std::string& text : action.codes()) {
    const auto code = RegistrationCode::ParseCanonical(text);
    if (!code) {
      return std::unexpected(FilingReject::kBadCode);
    }
    if (!seen.insert(*code).second) {
      return std::unexpected(FilingReject::kTooManyCodes);
    }
    std::optional<FilingRecord> record = LoadFiling(store, CodeKey(*code));
    if (!record) {
      return std::unexpected(FilingReject::kUnknownCode);
    }
    if (record->status != FilingStatus::kFiled) {
      return std::unexpected(FilingReject::kAlreadyPublished);
    }
    filings.push_back(*std::move(record));
  }
  return filings;
}

}  // namespace

Sha256Digest HashCodes(const v1::PublishSet& set) {
  ByteWriter writer;
  writer.U32(static_cast<uint32_t>(set.codes_size()));
  for (const std::string& code : set.codes()) {
    writer.Raw(code);
  }
  return Sha256(writer.bytes());
}

FilingReject ApplyPublishSet(const ActionScope& scope, const v1::PublishSet& action) {
  if (scope.actor.role != Actor::Role::kCac) {
    return FilingReject::kNotAuthorised;
  }
  if (const FilingReject reject = CheckSetHead(scope.store, action);
      reject != FilingReject::kAccepted) {
    return reject;
  }
  auto filings = FindListedFilings(scope.store, action);
  if (!filings) {
    return filings.error();
  }
  for (FilingRecord& record : *filings) {
    record.status = FilingStatus::kListed;
    record.set = action.number();
    PutFiling(scope, std::move(record));
  }
  const SetRecord set{.number = action.number(),
                      .published_on = action.published_on(),
                      .filings = static_cast<uint32_t>(action.codes_size()),
                      .codes = HashCodes(action)};
  scope.store.Put(SetKey(set.number), set.Encode());
  PutLastSet(scope.store, set.number);
  return FilingReject::kAccepted;
}

}  // namespace beian
