#pragma once

// A ledger's state in a map, its actors and the shortest way to a filing of any status. Shared by
// the lifecycle tests.

#include <gtest/gtest.h>

#include <map>
#include <ostream>

#include "ledger/filing/lifecycle.h"
#include "ledger/filing/record.h"
#include "ledger/filing/reject.h"

namespace beian {

inline std::ostream& operator<<(std::ostream& out, FilingReject reject) {
  return out << FilingRejectId(reject);
}

class MapStore : public RecordStore {
 public:
  std::optional<Bytes> Record(const MapKey& key) const override {
    ++reads;
    const auto found = records.find(key);
    return found == records.end() ? std::nullopt : std::optional(found->second);
  }
  void Put(const MapKey& key, Bytes value) override {
    ++puts;
    records[key] = std::move(value);
  }
  std::map<MapKey, Bytes> records;
  mutable int reads = 0;
  int puts = 0;
};

template <class D>
D Filled(uint8_t octet) {
  D digest;
  digest.octets.fill(octet);
  return digest;
}

inline Actor MakeProvider(uint8_t key) {
  return {.role = Actor::Role::kProvider, .province = "", .key = Filled<KeyId>(key)};
}
inline Actor MakeOffice(std::string province) {
  return {.role = Actor::Role::kProvincialOffice,
          .province = std::move(province),
          .key = Filled<KeyId>(0xf0)};
}
inline Actor MakeCac() {
  return {.role = Actor::Role::kCac, .province = "", .key = Filled<KeyId>(0xf1)};
}
inline Actor MakeAuditor() {
  return {.role = Actor::Role::kAuditor, .province = "", .key = Filled<KeyId>(0xf2)};
}

inline constexpr const char* kCreditCode = "91110000802100433B";
inline constexpr const char* kOtherCreditCode = "9144030071526726XG";

/// An organisation's filing in which every field is good.
inline v1::Filing MakeFiling() {
  v1::Filing filing;
  v1::Subject& subject = *filing.mutable_subject();
  subject.set_division("110105");
  subject.set_name("示例科技有限公司");
  subject.set_nature(v1::SUBJECT_NATURE_ORGANISATION);
  subject.set_credit_code(kCreditCode);
  v1::Responsible& responsible = *filing.mutable_responsible();
  responsible.set_name(Bytes(32, 'a'));
  responsible.set_document(Bytes(32, 'b'));
  responsible.set_office_phone(Bytes(32, 'c'));
  responsible.set_mobile_phone(Bytes(32, 'd'));
  responsible.set_email(Bytes(32, 'e'));
  v1::Service& service = *filing.mutable_service();
  service.set_name("链上存证");
  service.set_category("存证");
  service.set_form("website");
  return filing;
}

inline v1::Filing MakePersonFiling() {
  v1::Filing filing = MakeFiling();
  v1::Subject& subject = *filing.mutable_subject();
  subject.set_nature(v1::SUBJECT_NATURE_PERSON);
  subject.clear_name();
  subject.clear_credit_code();
  subject.set_name_commitment(Bytes(32, 'n'));
  subject.set_document_commitment(Bytes(32, 'o'));
  return filing;
}

inline v1::Action MakeSubmit(const v1::Filing& filing) {
  v1::Action action;
  *action.mutable_submit()->mutable_filing() = filing;
  return action;
}
inline v1::Action MakeResubmit(const FilingId& id, const v1::Filing& filing) {
  v1::Action action;
  action.mutable_resubmit()->set_filing_id(Bytes(id.view()));
  *action.mutable_resubmit()->mutable_filing() = filing;
  return action;
}
inline v1::Action MakeSupplement(const FilingId& id, const v1::Filing& filing) {
  v1::Action action;
  action.mutable_supplement()->set_filing_id(Bytes(id.view()));
  *action.mutable_supplement()->mutable_filing() = filing;
  return action;
}
inline v1::Action MakeTakeUp(const FilingId& id) {
  v1::Action action;
  action.mutable_take_up()->set_filing_id(Bytes(id.view()));
  return action;
}
inline v1::Action MakeRequestSupplement(const FilingId& id, const std::string& reason = "缺材料") {
  v1::Action action;
  action.mutable_request_supplement()->set_filing_id(Bytes(id.view()));
  action.mutable_request_supplement()->set_reason(reason);
  return action;
}
inline v1::Action MakeRefuse(const FilingId& id, const std::string& reason = "不符合要求") {
  v1::Action action;
  action.mutable_refuse()->set_filing_id(Bytes(id.view()));
  action.mutable_refuse()->set_reason(reason);
  return action;
}
inline v1::Action MakeForward(const FilingId& id) {
  v1::Action action;
  action.mutable_forward()->set_filing_id(Bytes(id.view()));
  return action;
}
inline v1::Action MakeApprove(const FilingId& id) {
  v1::Action action;
  action.mutable_approve()->set_filing_id(Bytes(id.view()));
  return action;
}
inline v1::Action MakePublishSet(uint32_t number, const std::vector<std::string>& codes) {
  v1::Action action;
  action.mutable_publish_set()->set_number(number);
  action.mutable_publish_set()->set_published_on("2019-03-30");
  for (const std::string& code : codes) {
    action.mutable_publish_set()->add_codes(code);
  }
  return action;
}
inline v1::Action MakeBarKey(const KeyId& key, const std::optional<FilingId>& ground = {}) {
  v1::Action action;
  action.mutable_bar_key()->set_key_id(Bytes(key.view()));
  action.mutable_bar_key()->set_reason("钥匙被盗");
  if (ground) {
    action.mutable_bar_key()->set_filing_id(Bytes(ground->view()));
  }
  return action;
}

/// Where a filing is: its status and whose turn it is.
struct Place {
  FilingStatus status;
  Stage stage;
  bool operator==(const Place&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Place& place) {
    return out << FilingStatusId(place.status) << " at " << StageId(place.stage);
  }
};

class LifecycleTest : public testing::Test {
 protected:
  const Actor owner_ = MakeProvider(0x01);
  const Actor stranger_ = MakeProvider(0x02);
  const Actor office_ = MakeOffice("11");
  const Actor other_office_ = MakeOffice("44");
  const Actor cac_ = MakeCac();
  const Actor auditor_ = MakeAuditor();

  /// Applies one action in a block of its own, a second after the one before.
  ActionResult Apply(const Actor& actor, const v1::Action& action) {
    ++height_;
    const std::map<MapKey, Bytes> before = store_.records;
    store_.puts = 0;
    const ActionResult result = ApplyAction(Context(), actor, action, store_);
    EXPECT_EQ(store_.puts == 0, result.reject != FilingReject::kAccepted);
    EXPECT_EQ(before == store_.records, result.reject != FilingReject::kAccepted);
    return result;
  }
  FilingReject Judge(const Actor& actor, const v1::Action& action) {
    return Apply(actor, action).reject;
  }
  void Accept(const Actor& actor, const v1::Action& action) {
    ASSERT_EQ(Judge(actor, action), FilingReject::kAccepted);
  }

  ActionContext Context() const {
    return {.chain = Filled<ChainId>(0x11),
            .transaction = Transaction(),
            .action = 3,
            .time = Time(),
            .height = Height(height_)};
  }
  TransactionId Transaction() const {
    ByteWriter writer;
    writer.U64(height_);
    return TransactionId::FromBytes(Bytes(24, 't') + writer.bytes());
  }
  /// Block 1 is of 2019-03-30 08:00:01 in Shanghai.
  TimeMs Time() const { return TimeMs(1'553'904'000'000 + 1'000 * height_); }

  FilingId Submit(const Actor& actor, const v1::Filing& filing = MakeFiling()) {
    EXPECT_EQ(Judge(actor, MakeSubmit(filing)), FilingReject::kAccepted);
    return MakeFilingId(Transaction(), Context().action);
  }
  FilingId TakenUp(const Actor& actor, const v1::Filing& filing = MakeFiling()) {
    const FilingId id = Submit(actor, filing);
    Accept(office_, MakeTakeUp(id));
    return id;
  }
  FilingId Filed(const Actor& actor, const v1::Filing& filing = MakeFiling()) {
    const FilingId id = TakenUp(actor, filing);
    Accept(office_, MakeForward(id));
    Accept(cac_, MakeApprove(id));
    return id;
  }
  std::string CodeOf(const FilingId& id) const {
    return std::string(Filing(id).code.value().characters());
  }

  FilingRecord Filing(const FilingId& id) const { return Stored<FilingRecord>(FilingKey(id)); }
  SubjectRecord Subject(const SubjectId& id) const { return Stored<SubjectRecord>(SubjectKey(id)); }
  KeyRecord Key(const KeyId& id) const { return Stored<KeyRecord>(KeyRecordKey(id)); }
  Place PlaceOf(const FilingId& id) const { return {Filing(id).status, Filing(id).stage}; }

  template <class R>
  R Stored(const MapKey& key) const {
    return R::Decode(store_.records.at(key)).value();
  }

  MapStore store_;
  uint64_t height_ = 0;
};

}  // namespace beian
