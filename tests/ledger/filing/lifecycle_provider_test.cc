#include "tests/ledger/filing/lifecycle_world.h"

namespace beian {
namespace {

using enum FilingReject;

class ProviderActions : public LifecycleTest {
 protected:
  FilingId AwaitingSupplement() {
    const FilingId id = TakenUp(owner_);
    Accept(office_, MakeRequestSupplement(id));
    return id;
  }
  FilingId NotPassed() {
    const FilingId id = TakenUp(owner_);
    Accept(office_, MakeRefuse(id));
    return id;
  }
  /// Binds the owner's subject to another key, as rebinding does.
  void BindSubjectTo(const KeyId& key, const SubjectId& id) {
    SubjectRecord subject = Subject(id);
    KeyRecord old_key = Key(subject.key);
    old_key.subject = SubjectId{};
    old_key.confirmed = false;
    store_.Put(KeyRecordKey(old_key.id), old_key.Encode());
    const KeyRecord new_key{.id = key, .subject = id, .confirmed = true, .barred = false};
    store_.Put(KeyRecordKey(key), new_key.Encode());
    subject.key = key;
    store_.Put(SubjectKey(id), subject.Encode());
  }
};

TEST_F(ProviderActions, SubmitMakesAFilingRecordAndNothingElse) {
  v1::Filing filing = MakeFiling();
  filing.add_synthetic("service.form");
  const FilingId id = Submit(owner_, filing);
  EXPECT_EQ(store_.records.size(), 1u);
  const FilingRecord expected{.id = MakeFilingId(Transaction(), 3),
                              .status = FilingStatus::kNotReviewed,
                              .stage = Stage::kProvince,
                              .division = "110105",
                              .subject = SubjectIdOf(filing.subject(), owner_.key),
                              .owner = owner_.key,
                              .subject_name = "示例科技有限公司",
                              .service_name = "链上存证",
                              .synthetic = true,
                              .content_transaction = Transaction(),
                              .content_action = 3,
                              .submitted = Time(),
                              .changed = Time(),
                              .changed_height = Height(height_),
                              .code = std::nullopt,
                              .set = 0,
                              .reason = ""};
  EXPECT_EQ(Filing(id), expected);
}

TEST_F(ProviderActions, SubmitIsForProvidersOnly) {
  for (const Actor& actor : {office_, other_office_, cac_, auditor_}) {
    EXPECT_EQ(Judge(actor, MakeSubmit(MakeFiling())), kNotAuthorised);
  }
}

TEST_F(ProviderActions, SubmitChecksContentAfterTheSigner) {
  v1::Filing filing = MakeFiling();
  filing.mutable_subject()->set_credit_code("1");
  EXPECT_EQ(Judge(cac_, MakeSubmit(filing)), kNotAuthorised);
  EXPECT_EQ(Judge(owner_, MakeSubmit(filing)), kBadCreditCode);
  EXPECT_EQ(Judge(owner_, MakeSubmit(v1::Filing())), kBadDivision);
}

TEST_F(ProviderActions, SeveralKeysMayClaimASubjectUntilAnOfficeTakesOneUp) {
  const FilingId first = Submit(owner_);
  const FilingId second = Submit(stranger_);
  Accept(office_, MakeTakeUp(second));
  EXPECT_EQ(Judge(owner_, MakeSubmit(MakeFiling())), kSubjectBoundToOtherKey);
  EXPECT_EQ(Judge(office_, MakeTakeUp(first)), kSubjectBoundToOtherKey);
  EXPECT_EQ(Judge(stranger_, MakeSubmit(MakeFiling())), kAccepted);
}

TEST_F(ProviderActions, ABoundKeyFilesForItsOwnSubjectOnly) {
  TakenUp(owner_);
  v1::Filing other = MakeFiling();
  other.mutable_subject()->set_credit_code(kOtherCreditCode);
  EXPECT_EQ(Judge(owner_, MakeSubmit(other)), kKeyBoundToOtherSubject);
  EXPECT_EQ(Judge(owner_, MakeSubmit(MakePersonFiling())), kKeyBoundToOtherSubject);
}

TEST_F(ProviderActions, APersonWithANewKeyKeepsTheSubject) {
  const FilingId first = TakenUp(owner_, MakePersonFiling());
  const SubjectId subject = Filing(first).subject;
  BindSubjectTo(stranger_.key, subject);
  const FilingId second = Submit(stranger_, MakePersonFiling());
  EXPECT_EQ(Filing(second).subject, subject);
  EXPECT_EQ(Judge(stranger_, MakeSubmit(MakeFiling())), kKeyBoundToOtherSubject);
  EXPECT_EQ(Judge(owner_, MakeSubmit(MakePersonFiling())), kSubjectBoundToOtherKey);
}

TEST_F(ProviderActions, SupplementReplacesTheContent) {
  const FilingId id = AwaitingSupplement();
  const FilingRecord before = Filing(id);
  v1::Filing filing = MakeFiling();
  filing.mutable_subject()->set_division("110108");
  filing.mutable_subject()->set_name("示例科技股份有限公司");
  filing.mutable_service()->set_name("链上存证二");
  filing.add_synthetic("service.name");
  Accept(owner_, MakeSupplement(id, filing));
  FilingRecord expected = before;
  expected.status = FilingStatus::kInReview;
  expected.division = "110108";
  expected.subject_name = "示例科技股份有限公司";
  expected.service_name = "链上存证二";
  expected.synthetic = true;
  expected.content_transaction = Transaction();
  expected.changed = Time();
  expected.changed_height = Height(height_);
  EXPECT_EQ(Filing(id), expected);
  EXPECT_EQ(Filing(id).submitted, before.submitted);
}

TEST_F(ProviderActions, ResubmitStartsAnewAtTheProvince) {
  const FilingId id = TakenUp(owner_);
  Accept(office_, MakeForward(id));
  Accept(cac_, MakeRefuse(id));
  const FilingRecord before = Filing(id);
  Accept(owner_, MakeResubmit(id, MakeFiling()));
  FilingRecord expected = before;
  expected.status = FilingStatus::kNotReviewed;
  expected.stage = Stage::kProvince;
  expected.content_transaction = Transaction();
  expected.submitted = Time();
  expected.changed = Time();
  expected.changed_height = Height(height_);
  EXPECT_EQ(Filing(id), expected);
  EXPECT_GT(expected.submitted, before.submitted);
  EXPECT_EQ(Judge(office_, MakeTakeUp(id)), kAccepted);
}

TEST_F(ProviderActions, NewContentIsCheckedAsTheFirstWas) {
  v1::Filing filing = MakeFiling();
  filing.mutable_service()->clear_name();
  EXPECT_EQ(Judge(owner_, MakeSupplement(AwaitingSupplement(), filing)), kBadText);
  EXPECT_EQ(Judge(owner_, MakeResubmit(NotPassed(), filing)), kBadText);
}

TEST_F(ProviderActions, NewContentStaysInTheProvince) {
  v1::Filing filing = MakeFiling();
  filing.mutable_subject()->set_division("440304");
  EXPECT_EQ(Judge(owner_, MakeSupplement(AwaitingSupplement(), filing)), kBadDivision);
  EXPECT_EQ(Judge(owner_, MakeResubmit(NotPassed(), filing)), kBadDivision);
}

TEST_F(ProviderActions, NewContentStaysWithTheSubject) {
  v1::Filing other = MakeFiling();
  other.mutable_subject()->set_credit_code(kOtherCreditCode);
  EXPECT_EQ(Judge(owner_, MakeSupplement(AwaitingSupplement(), other)), kBadSubject);
  EXPECT_EQ(Judge(owner_, MakeResubmit(NotPassed(), other)), kBadSubject);
  EXPECT_EQ(Judge(owner_, MakeResubmit(NotPassed(), MakePersonFiling())), kBadSubject);
}

TEST_F(ProviderActions, TheKeyNowBoundToTheSubjectActsInPlaceOfTheOldOne) {
  const FilingId awaiting = AwaitingSupplement();
  const FilingId refused = NotPassed();
  BindSubjectTo(stranger_.key, Filing(awaiting).subject);
  EXPECT_EQ(Judge(owner_, MakeSupplement(awaiting, MakeFiling())), kNotTheOwner);
  EXPECT_EQ(Judge(owner_, MakeResubmit(refused, MakeFiling())), kNotTheOwner);
  Accept(stranger_, MakeSupplement(awaiting, MakeFiling()));
  Accept(stranger_, MakeResubmit(refused, MakeFiling()));
  EXPECT_EQ(Filing(awaiting).owner, stranger_.key);
  EXPECT_EQ(Judge(office_, MakeTakeUp(refused)), kAccepted);
}

TEST_F(ProviderActions, BeforeAnyBindingTheSignerOfTheFilingActs) {
  const FilingId id = Submit(owner_);
  FilingRecord record = Filing(id);
  record.status = FilingStatus::kNotPassed;
  store_.Put(FilingKey(id), record.Encode());
  EXPECT_EQ(Judge(stranger_, MakeResubmit(id, MakeFiling())), kNotTheOwner);
  EXPECT_EQ(Judge(owner_, MakeResubmit(id, MakeFiling())), kAccepted);
}

}  // namespace
}  // namespace beian
