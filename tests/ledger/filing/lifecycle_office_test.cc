#include "tests/ledger/filing/lifecycle_world.h"

namespace beian {
namespace {

using enum FilingReject;

class OfficeActions : public LifecycleTest {
 protected:
  /// A filing before the CAC whose id is `octet` repeated, of a subject with `services` so far.
  FilingId PutFilingBeforeCac(uint8_t octet, uint32_t services = 0) {
    const FilingId id = TakenUp(owner_);
    Accept(office_, MakeForward(id));
    FilingRecord record = Filing(id);
    record.id = Filled<FilingId>(octet);
    store_.Put(FilingKey(record.id), record.Encode());
    SubjectRecord subject = Subject(record.subject);
    subject.services = services;
    store_.Put(SubjectKey(subject.id), subject.Encode());
    return record.id;
  }
  /// Marks the code of those digits as issued.
  void Occupy(uint32_t eight_digits) {
    FilingRecord record = Filing(TakenUp(owner_));
    record.status = FilingStatus::kFiled;
    record.code = RegistrationCode::Make("110105", 2019, eight_digits, 1);
    store_.Put(CodeKey(*record.code), record.Encode());
  }
};

TEST_F(OfficeActions, TakeUpBindsTheSubjectToTheKeyThatFiled) {
  const FilingId id = TakenUp(owner_);
  const SubjectId subject = SubjectIdOf(MakeFiling().subject(), owner_.key);
  EXPECT_EQ(Subject(subject), (SubjectRecord{.id = subject,
                                             .nature = SubjectNature::kOrganisation,
                                             .division = "110105",
                                             .key = owner_.key,
                                             .services = 0}));
  EXPECT_EQ(Key(owner_.key),
            (KeyRecord{.id = owner_.key, .subject = subject, .confirmed = true, .barred = false}));
  EXPECT_EQ(Filing(id).subject, subject);
}

TEST_F(OfficeActions, TakeUpOfAPersonsFilingMakesAPersonsSubject) {
  const FilingId id = TakenUp(owner_, MakePersonFiling());
  EXPECT_EQ(Subject(Filing(id).subject).nature, SubjectNature::kPerson);
  EXPECT_EQ(Filing(id).subject_name, "");
}

TEST_F(OfficeActions, TakeUpOfASecondFilingLeavesTheBindingAsItIs) {
  const FilingId first = Filed(owner_);
  TakenUp(owner_);
  EXPECT_EQ(store_.puts, 1);
  EXPECT_EQ(Subject(Filing(first).subject).services, 1u);
}

TEST_F(OfficeActions, TakeUpOfABarredKeysFilingIsRefused) {
  const FilingId id = Submit(owner_);
  Accept(office_, MakeBarKey(owner_.key, id));
  EXPECT_EQ(Judge(office_, MakeTakeUp(id)), kKeyBarred);
}

TEST_F(OfficeActions, TakeUpForASecondSubjectOfAKeyIsRefused) {
  v1::Filing other = MakeFiling();
  other.mutable_subject()->set_credit_code(kOtherCreditCode);
  const FilingId second = Submit(owner_, other);
  TakenUp(owner_);
  EXPECT_EQ(Judge(office_, MakeTakeUp(second)), kKeyBoundToOtherSubject);
}

TEST_F(OfficeActions, AFilingThatCannotBeTakenUpIsRefusedWithoutIt) {
  const FilingId of_stranger = Submit(stranger_);
  const FilingId barred = Submit(owner_);
  EXPECT_EQ(Judge(office_, MakeRefuse(barred, "重复")), kWrongState);
  Accept(office_, MakeBarKey(owner_.key, barred));
  Accept(office_, MakeRefuse(barred, "密钥已停用"));
  EXPECT_EQ(Filing(barred).status, FilingStatus::kNotPassed);
  EXPECT_EQ(Filing(barred).reason, "密钥已停用");
  EXPECT_EQ(Judge(office_, MakeRefuse(of_stranger, "重复")), kWrongState);
}

TEST_F(OfficeActions, ASecondKeysClaimOfABoundSubjectIsRefusedByItsOfficeForAReason) {
  const FilingId claim = Submit(stranger_);
  TakenUp(owner_);
  EXPECT_EQ(Judge(office_, MakeTakeUp(claim)), kSubjectBoundToOtherKey);
  EXPECT_EQ(Judge(office_, MakeRefuse(claim, "")), kMissingReason);
  EXPECT_EQ(Judge(other_office_, MakeRefuse(claim, "主体已备案")), kWrongOffice);
  Accept(office_, MakeRefuse(claim, "主体已备案"));
  EXPECT_EQ(Filing(claim).status, FilingStatus::kNotPassed);
}

TEST_F(OfficeActions, AFilingOfAnotherProvinceGoesToItsOwnOffice) {
  v1::Filing filing = MakeFiling();
  filing.mutable_subject()->set_division("440304");
  const FilingId id = Submit(owner_, filing);
  EXPECT_EQ(Judge(office_, MakeTakeUp(id)), kWrongOffice);
  EXPECT_EQ(Judge(other_office_, MakeTakeUp(id)), kAccepted);
}

TEST_F(OfficeActions, HandingBackNeedsAReason) {
  const FilingId id = TakenUp(owner_);
  EXPECT_EQ(Judge(office_, MakeRequestSupplement(id, "")), kMissingReason);
  EXPECT_EQ(Judge(office_, MakeRefuse(id, "")), kMissingReason);
  EXPECT_EQ(Judge(office_, MakeRefuse(id, "a\nb")), kBadText);
  EXPECT_EQ(Judge(office_, MakeRefuse(id, std::string(501, 'a'))), kBadText);
  EXPECT_EQ(Judge(office_, MakeRefuse(id, std::string(500, 'a'))), kAccepted);
  EXPECT_EQ(Filing(id).reason, std::string(500, 'a'));
}

TEST_F(OfficeActions, TheStateIsJudgedBeforeTheReason) {
  const FilingId id = Submit(owner_);
  EXPECT_EQ(Judge(office_, MakeRefuse(id, "")), kWrongState);
}

TEST_F(OfficeActions, ApproveIssuesACodeAndStoresTheFilingUnderIt) {
  const FilingId id = TakenUp(owner_);
  Accept(office_, MakeForward(id));
  const ActionResult result = Apply(cac_, MakeApprove(id));
  EXPECT_EQ(result.reject, kAccepted);
  ASSERT_TRUE(result.code.has_value());
  EXPECT_EQ(result.code->division(), "110105");
  EXPECT_EQ(result.code->characters().substr(6, 2), "19");
  EXPECT_EQ(result.code->sequence(), 1u);
  EXPECT_EQ(Filing(id).code, result.code);
  EXPECT_EQ(store_.records.at(CodeKey(*result.code)), store_.records.at(FilingKey(id)));
  EXPECT_EQ(Subject(Filing(id).subject).services, 1u);
}

TEST_F(OfficeActions, ARefusedApprovalCarriesNoCode) {
  EXPECT_FALSE(Apply(cac_, MakeApprove(TakenUp(owner_))).code.has_value());
}

TEST_F(OfficeActions, TheSequenceCountsTheSubjectsServices) {
  const FilingId first = Filed(owner_);
  const FilingId second = Filed(owner_);
  v1::Filing other = MakeFiling();
  other.mutable_subject()->set_credit_code(kOtherCreditCode);
  const FilingId third = Filed(stranger_, other);
  EXPECT_EQ(Filing(first).code->sequence(), 1u);
  EXPECT_EQ(Filing(second).code->sequence(), 2u);
  EXPECT_EQ(Filing(third).code->sequence(), 1u);
}

TEST_F(OfficeActions, TheYearTurnsAtMidnightInShanghai) {
  constexpr uint64_t kNewYear = 1'577'808'000'000;  // 2020-01-01T00:00 in Shanghai
  const FilingId id = PutFilingBeforeCac(0x22);
  const MapStore before = store_;
  ActionContext context = Context();
  context.time = TimeMs(kNewYear - 1);
  EXPECT_EQ(ApplyAction(context, cac_, MakeApprove(id), store_).code->characters().substr(6, 2),
            "19");
  store_ = before;
  context.time = TimeMs(kNewYear);
  EXPECT_EQ(ApplyAction(context, cac_, MakeApprove(id), store_).code->characters().substr(6, 2),
            "20");
}

TEST_F(OfficeActions, TheEightDigitsAreTheFirstDraw) {
  const ActionResult result = Apply(cac_, MakeApprove(PutFilingBeforeCac(0x22)));
  EXPECT_EQ(result.code->characters().substr(8, 8), "89771251");
}

TEST_F(OfficeActions, ADrawThatWouldFavourSomeDigitsIsSkipped) {
  const ActionResult result = Apply(cac_, MakeApprove(PutFilingBeforeCac(0x04)));
  EXPECT_EQ(result.code->characters().substr(8, 8), "30148347");
}

TEST_F(OfficeActions, ACodeThatWasIssuedIsNeverIssuedAgain) {
  Occupy(89771251);
  EXPECT_EQ(Apply(cac_, MakeApprove(PutFilingBeforeCac(0x22))).code->characters().substr(8, 8),
            "00339769");
}

TEST_F(OfficeActions, DrawsGoOnInTheNextHash) {
  for (const uint32_t taken :
       {89771251, 339769, 95359579, 28704178, 20456620, 60508640, 63368650, 95059416}) {
    Occupy(taken);
  }
  EXPECT_EQ(Apply(cac_, MakeApprove(PutFilingBeforeCac(0x22))).code->characters().substr(8, 8),
            "76655946");
}

TEST_F(OfficeActions, AnOccupiedCodeOfAnotherSequenceIsNoObstacle) {
  Occupy(89771251);
  const FilingId id = PutFilingBeforeCac(0x22, 1);
  EXPECT_EQ(Apply(cac_, MakeApprove(id)).code->characters().substr(8, 11), "89771251002");
}

/// Holds something under every key that nothing was put under.
class FullStore : public MapStore {
 public:
  explicit FullStore(const MapStore& store) : MapStore(store) { reads = 0; }
  std::optional<Bytes> Record(const MapKey& key) const override {
    const std::optional<Bytes> record = MapStore::Record(key);
    return record ? record : Bytes("taken");
  }
};

TEST_F(OfficeActions, DrawingStopsWhenNoCodeIsFree) {
  const FilingId id = PutFilingBeforeCac(0x22);
  FullStore full(store_);
  const ActionResult result = ApplyAction(Context(), cac_, MakeApprove(id), full);
  EXPECT_EQ(result.reject, kNoFreeCode);
  EXPECT_FALSE(result.code.has_value());
  EXPECT_EQ(full.records, store_.records);
  EXPECT_GT(full.reads, static_cast<int>(kCodeDrawsMax) * 9 / 10);
  EXPECT_LE(full.reads, static_cast<int>(kCodeDrawsMax) + 2);
}

TEST_F(OfficeActions, ASubjectHas999ServicesAtMost) {
  EXPECT_EQ(Apply(cac_, MakeApprove(PutFilingBeforeCac(0x22, 998))).code->sequence(), 999u);
  EXPECT_EQ(Judge(cac_, MakeApprove(PutFilingBeforeCac(0x23, 999))), kSequenceExhausted);
}

}  // namespace
}  // namespace beian
