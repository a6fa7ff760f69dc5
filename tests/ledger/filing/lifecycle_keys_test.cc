#include "ledger/crypto/keys.h"
#include "tests/ledger/filing/lifecycle_world.h"

namespace beian {
namespace {

using enum FilingReject;

class KeyActions : public LifecycleTest {
 protected:
  static PublicKey NewKey(char seed = 'n') {
    return PrivateKey::FromSeed(KeyScheme::kP256, Bytes(32, seed)).public_key();
  }
  static Actor Holder(const PublicKey& key) {
    return {.role = Actor::Role::kProvider, .province = "", .key = key.id()};
  }
  static v1::Action MakeRebind(const SubjectId& subject, const PublicKey& key) {
    v1::Action action;
    action.mutable_rebind_subject()->set_subject_id(Bytes(subject.view()));
    action.mutable_rebind_subject()->set_new_key(key.Encode());
    action.mutable_rebind_subject()->set_reason("钥匙遗失");
    return action;
  }
  SubjectId Subject1() const { return SubjectIdOf(MakeFiling().subject(), owner_.key); }
  static v1::Filing Elsewhere() {
    v1::Filing filing = MakeFiling();
    filing.mutable_subject()->set_division("440304");
    return filing;
  }
};

TEST_F(KeyActions, BarringIsForOfficesAndTheCac) {
  TakenUp(owner_);
  for (const Actor& actor : {owner_, stranger_, auditor_}) {
    EXPECT_EQ(Judge(actor, MakeBarKey(owner_.key)), kNotAuthorised);
  }
}

TEST_F(KeyActions, TheCacBarsAnyKey) {
  Accept(cac_, MakeBarKey(stranger_.key));
  EXPECT_EQ(Key(stranger_.key),
            (KeyRecord{.id = stranger_.key, .subject = {}, .confirmed = false, .barred = true}));
  EXPECT_EQ(Judge(stranger_, MakeSubmit(MakeFiling())), kKeyBarred);
}

TEST_F(KeyActions, AnOfficeBarsTheKeysConfirmedInItsProvince) {
  TakenUp(owner_);
  EXPECT_EQ(Judge(other_office_, MakeBarKey(owner_.key)), kWrongOffice);
  Accept(office_, MakeBarKey(owner_.key));
  const KeyRecord key = Key(owner_.key);
  EXPECT_TRUE(key.barred);
  EXPECT_TRUE(key.confirmed);
  EXPECT_EQ(key.subject, Subject1());
}

TEST_F(KeyActions, AnOfficeBarsAKeyThatItKnowsFromAFiling) {
  const FilingId id = Submit(owner_);
  const FilingId elsewhere = Submit(owner_, Elsewhere());
  EXPECT_EQ(Judge(office_, MakeBarKey(owner_.key)), kUnknownKey);
  EXPECT_EQ(Judge(office_, MakeBarKey(owner_.key, Filled<FilingId>(9))), kUnknownFiling);
  EXPECT_EQ(Judge(office_, MakeBarKey(stranger_.key, id)), kNotTheOwner);
  EXPECT_EQ(Judge(cac_, MakeBarKey(stranger_.key, id)), kNotTheOwner);
  EXPECT_EQ(Judge(office_, MakeBarKey(owner_.key, elsewhere)), kWrongOffice);
  EXPECT_EQ(Judge(office_, MakeBarKey(owner_.key, id)), kAccepted);
}

TEST_F(KeyActions, BarringNeedsAKeyIdAndAReason) {
  TakenUp(owner_);
  v1::Action action = MakeBarKey(owner_.key);
  action.mutable_bar_key()->set_key_id("short");
  EXPECT_EQ(Judge(cac_, action), kBadKey);
  action = MakeBarKey(owner_.key);
  action.mutable_bar_key()->clear_reason();
  EXPECT_EQ(Judge(office_, action), kMissingReason);
  action.mutable_bar_key()->set_reason(std::string(501, 'a'));
  EXPECT_EQ(Judge(office_, action), kBadText);
}

TEST_F(KeyActions, AKeyIsBarredOnce) {
  TakenUp(owner_);
  Accept(office_, MakeBarKey(owner_.key));
  EXPECT_EQ(Judge(cac_, MakeBarKey(owner_.key)), kKeyBarred);
}

TEST_F(KeyActions, RebindingMovesTheSubjectToTheNewKey) {
  Filed(owner_);
  Accept(office_, MakeRebind(Subject1(), NewKey()));
  EXPECT_EQ(store_.puts, 3);
  EXPECT_EQ(Subject(Subject1()), (SubjectRecord{.id = Subject1(),
                                                .nature = SubjectNature::kOrganisation,
                                                .division = "110105",
                                                .key = NewKey().id(),
                                                .services = 1}));
  EXPECT_EQ(
      Key(NewKey().id()),
      (KeyRecord{.id = NewKey().id(), .subject = Subject1(), .confirmed = true, .barred = false}));
  EXPECT_EQ(Key(owner_.key),
            (KeyRecord{.id = owner_.key, .subject = {}, .confirmed = false, .barred = false}));
  EXPECT_EQ(Judge(owner_, MakeSubmit(MakeFiling())), kSubjectBoundToOtherKey);
  const FilingId next = Filed(Holder(NewKey()));
  EXPECT_EQ(Filing(next).code->sequence(), 2u);
}

TEST_F(KeyActions, RebindingHandsOverOpenFilings) {
  const FilingId id = TakenUp(owner_);
  Accept(office_, MakeRequestSupplement(id));
  Accept(office_, MakeRebind(Subject1(), NewKey()));
  EXPECT_EQ(Judge(owner_, MakeSupplement(id, MakeFiling())), kNotTheOwner);
  EXPECT_EQ(Judge(Holder(NewKey()), MakeSupplement(id, MakeFiling())), kAccepted);
}

TEST_F(KeyActions, RebindingAPersonKeepsSubjectAndFilings) {
  const FilingId id = TakenUp(owner_, MakePersonFiling());
  const SubjectId subject = Filing(id).subject;
  Accept(office_, MakeRequestSupplement(id));
  Accept(office_, MakeRebind(subject, NewKey()));
  EXPECT_EQ(Judge(Holder(NewKey()), MakeSupplement(id, MakePersonFiling())), kAccepted);
  EXPECT_EQ(Filing(Submit(Holder(NewKey()), MakePersonFiling())).subject, subject);
}

TEST_F(KeyActions, ABarredOldKeyStaysBarred) {
  TakenUp(owner_);
  Accept(office_, MakeBarKey(owner_.key));
  Accept(office_, MakeRebind(Subject1(), NewKey()));
  EXPECT_TRUE(Key(owner_.key).barred);
  EXPECT_FALSE(Key(owner_.key).confirmed);
}

TEST_F(KeyActions, RebindingIsForTheSubjectsOfficeAndTheCac) {
  TakenUp(owner_);
  for (const Actor& actor : {owner_, auditor_}) {
    EXPECT_EQ(Judge(actor, MakeRebind(Subject1(), NewKey())), kNotAuthorised);
  }
  EXPECT_EQ(Judge(other_office_, MakeRebind(Subject1(), NewKey())), kWrongOffice);
  EXPECT_EQ(Judge(cac_, MakeRebind(Subject1(), NewKey())), kAccepted);
}

TEST_F(KeyActions, NoSubjectIsBoundToAKeyThatNobodyCanUse) {
  TakenUp(owner_);
  const PublicKey of_low_order{KeyScheme::kEd25519, Bytes(32, '\0')};
  const PublicKey off_the_curve{KeyScheme::kP256, Bytes(64, '\1')};
  EXPECT_EQ(Judge(office_, MakeRebind(Subject1(), of_low_order)), kBadKey);
  EXPECT_EQ(Judge(office_, MakeRebind(Subject1(), off_the_curve)), kBadKey);
}

TEST_F(KeyActions, RebindingNeedsASubjectThatWasTakenUp) {
  Submit(owner_);
  EXPECT_EQ(Judge(office_, MakeRebind(Subject1(), NewKey())), kUnknownSubject);
  v1::Action action = MakeRebind(Subject1(), NewKey());
  action.mutable_rebind_subject()->set_subject_id("short");
  EXPECT_EQ(Judge(office_, action), kUnknownSubject);
}

TEST_F(KeyActions, RebindingNeedsAReason) {
  TakenUp(owner_);
  v1::Action action = MakeRebind(Subject1(), NewKey());
  action.mutable_rebind_subject()->clear_reason();
  EXPECT_EQ(Judge(office_, action), kMissingReason);
}

TEST_F(KeyActions, RebindingNeedsANewPublicKey) {
  TakenUp(owner_);
  v1::Action action = MakeRebind(Subject1(), NewKey());
  action.mutable_rebind_subject()->set_new_key("not a key");
  EXPECT_EQ(Judge(office_, action), kBadKey);
  Accept(office_, MakeRebind(Subject1(), NewKey()));
  EXPECT_EQ(Judge(office_, MakeRebind(Subject1(), NewKey())), kBadKey);
}

TEST_F(KeyActions, RebindingToABarredKeyIsRefused) {
  TakenUp(owner_);
  Accept(cac_, MakeBarKey(NewKey().id()));
  EXPECT_EQ(Judge(office_, MakeRebind(Subject1(), NewKey())), kKeyBarred);
}

TEST_F(KeyActions, RebindingToAKeyOfAnotherSubjectIsRefused) {
  TakenUp(owner_);
  v1::Filing other = MakeFiling();
  other.mutable_subject()->set_credit_code(kOtherCreditCode);
  TakenUp(Holder(NewKey()), other);
  EXPECT_EQ(Judge(office_, MakeRebind(Subject1(), NewKey())), kKeyBoundToOtherSubject);
}

TEST_F(KeyActions, AKeyThatWasReplacedMayServeAgain) {
  const PublicKey first = NewKey('a');
  const PublicKey second = NewKey('b');
  const FilingId id = TakenUp(Holder(first));
  Accept(office_, MakeRebind(Filing(id).subject, second));
  Accept(office_, MakeRebind(Filing(id).subject, first));
  EXPECT_EQ(Subject(Filing(id).subject).key, first.id());
  EXPECT_TRUE(Key(first.id()).confirmed);
  EXPECT_FALSE(Key(second.id()).confirmed);
}

}  // namespace
}  // namespace beian
