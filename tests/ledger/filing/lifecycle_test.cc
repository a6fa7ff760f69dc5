#include "ledger/filing/lifecycle.h"

#include <array>
#include <vector>

#include "tests/ledger/filing/lifecycle_world.h"

namespace beian {
namespace {

using enum FilingReject;

/// Every action on a filing by every actor in every place a filing can be.
class TransitionTable : public LifecycleTest {
 protected:
  enum Act { kTakeUp, kRequest, kSupplement, kRefuse, kResubmit, kForward, kApprove };
  enum Who { kOwner, kStranger, kOffice, kOtherOffice, kCac, kAuditor };

  static constexpr Place kNew{FilingStatus::kNotReviewed, Stage::kProvince};
  static constexpr Place kReviewP{FilingStatus::kInReview, Stage::kProvince};
  static constexpr Place kReviewC{FilingStatus::kInReview, Stage::kCac};
  static constexpr Place kAwaitP{FilingStatus::kAwaitingSupplement, Stage::kProvince};
  static constexpr Place kAwaitC{FilingStatus::kAwaitingSupplement, Stage::kCac};
  static constexpr Place kNotPassedP{FilingStatus::kNotPassed, Stage::kProvince};
  static constexpr Place kNotPassedC{FilingStatus::kNotPassed, Stage::kCac};
  static constexpr Place kFiledC{FilingStatus::kFiled, Stage::kCac};
  static constexpr Place kListedC{FilingStatus::kListed, Stage::kCac};
  static constexpr std::array kPlaces = {kNew,        kReviewP,    kReviewC, kAwaitP, kAwaitC,
                                         kNotPassedP, kNotPassedC, kFiledC,  kListedC};

  struct Transition {
    Act act;
    Who who;
    Place from;
    Place to;
  };
  static constexpr std::array kAllowed = {
      Transition{kTakeUp, kOffice, kNew, kReviewP},
      Transition{kRequest, kOffice, kReviewP, kAwaitP},
      Transition{kRequest, kCac, kReviewC, kAwaitC},
      Transition{kSupplement, kOwner, kAwaitP, kReviewP},
      Transition{kSupplement, kOwner, kAwaitC, kReviewC},
      Transition{kRefuse, kOffice, kReviewP, kNotPassedP},
      Transition{kRefuse, kCac, kReviewC, kNotPassedC},
      Transition{kResubmit, kOwner, kNotPassedP, kNew},
      Transition{kResubmit, kOwner, kNotPassedC, kNew},
      Transition{kForward, kOffice, kReviewP, kReviewC},
      Transition{kApprove, kCac, kReviewC, kFiledC},
  };

  Actor ActorOf(Who who) const {
    return std::array{owner_, stranger_, office_, other_office_, cac_, auditor_}[who];
  }
  static v1::Action ActionOf(Act act, const FilingId& id) {
    switch (act) {
      case kTakeUp:
        return MakeTakeUp(id);
      case kRequest:
        return MakeRequestSupplement(id);
      case kSupplement:
        return MakeSupplement(id, MakeFiling());
      case kRefuse:
        return MakeRefuse(id);
      case kResubmit:
        return MakeResubmit(id, MakeFiling());
      case kForward:
        return MakeForward(id);
      case kApprove:
        return MakeApprove(id);
    }
    std::abort();
  }

  /// Brings a new filing to a place.
  FilingId Reach(const Place& place) {
    if (place == kNew) {
      return Submit(owner_);
    }
    if (place.status == FilingStatus::kFiled || place.status == FilingStatus::kListed) {
      const FilingId id = Filed(owner_);
      if (place.status == FilingStatus::kListed) {
        Accept(cac_, MakePublishSet(1, {CodeOf(id)}));
      }
      return id;
    }
    const FilingId id = TakenUp(owner_);
    if (place.stage == Stage::kCac) {
      Accept(office_, MakeForward(id));
    }
    const Actor& holder = place.stage == Stage::kCac ? cac_ : office_;
    if (place.status == FilingStatus::kAwaitingSupplement) {
      Accept(holder, MakeRequestSupplement(id));
    } else if (place.status == FilingStatus::kNotPassed) {
      Accept(holder, MakeRefuse(id));
    }
    return id;
  }

  /// Why an action that no row allows is refused.
  static FilingReject Refusal(Act act, Who who, const Place& from) {
    if (act == kSupplement || act == kResubmit) {
      return who == kOwner ? kWrongState : who == kStranger ? kNotTheOwner : kNotAuthorised;
    }
    const bool office_may = act != kApprove;
    const bool cac_may = act != kTakeUp && act != kForward;
    if (who == kOffice && office_may) {
      return from.stage == Stage::kProvince ? kWrongState : kWrongOffice;
    }
    if (who == kOtherOffice && office_may) {
      return kWrongOffice;
    }
    if (who == kCac && cac_may) {
      return from.stage == Stage::kCac ? kWrongState : kWrongOffice;
    }
    return kNotAuthorised;
  }
};

TEST_F(TransitionTable, AllowsWhatItListsAndRefusesAllElse) {
  size_t allowed = 0;
  for (const Place& from : kPlaces) {
    store_ = MapStore();
    const FilingId id = Reach(from);
    ASSERT_EQ(PlaceOf(id), from);
    const MapStore reached = store_;
    for (int act = kTakeUp; act <= kApprove; ++act) {
      for (int who = kOwner; who <= kAuditor; ++who) {
        SCOPED_TRACE(testing::Message() << "action " << act << " by " << who << " from " << from);
        store_ = reached;
        const auto row = std::ranges::find_if(kAllowed, [&](const Transition& t) {
          return t.act == act && t.who == who && t.from == from;
        });
        const FilingReject reject =
            Judge(ActorOf(static_cast<Who>(who)), ActionOf(static_cast<Act>(act), id));
        if (row != kAllowed.end()) {
          EXPECT_EQ(reject, kAccepted);
          EXPECT_EQ(PlaceOf(id), row->to);
          EXPECT_EQ(Filing(id).changed, Time());
          EXPECT_EQ(Filing(id).changed_height, Height(height_));
          ++allowed;
        } else {
          EXPECT_EQ(reject, Refusal(static_cast<Act>(act), static_cast<Who>(who), from));
        }
      }
    }
  }
  EXPECT_EQ(allowed, kAllowed.size());
}

TEST_F(TransitionTable, WhatAHolderMayDoNextIsWhatTheLedgerAccepts) {
  for (const Place& from : kPlaces) {
    store_ = MapStore();
    const FilingId id = Reach(from);
    const FilingRecord record = Filing(id);
    const MapStore reached = store_;
    for (const Act act : {kTakeUp, kRequest, kRefuse, kForward, kApprove}) {
      for (int who = kOwner; who <= kAuditor; ++who) {
        SCOPED_TRACE(testing::Message() << "action " << act << " by " << who << " from " << from);
        store_ = reached;
        const Actor actor = ActorOf(static_cast<Who>(who));
        const v1::Action action = ActionOf(act, id);
        EXPECT_EQ(JudgeStep(actor, action.kind_case(), record), Judge(actor, action));
      }
    }
    EXPECT_EQ(JudgeStep(owner_, v1::Action::kSupplement, record), kNotAuthorised);
  }
}

TEST_F(LifecycleTest, AnUnknownFilingIsNamedForEveryAction) {
  const FilingId id = Filled<FilingId>(0x77);
  EXPECT_EQ(Judge(office_, MakeTakeUp(id)), kUnknownFiling);
  EXPECT_EQ(Judge(office_, MakeRequestSupplement(id)), kUnknownFiling);
  EXPECT_EQ(Judge(office_, MakeRefuse(id)), kUnknownFiling);
  EXPECT_EQ(Judge(office_, MakeForward(id)), kUnknownFiling);
  EXPECT_EQ(Judge(cac_, MakeApprove(id)), kUnknownFiling);
  EXPECT_EQ(Judge(owner_, MakeSupplement(id, MakeFiling())), kUnknownFiling);
  EXPECT_EQ(Judge(owner_, MakeResubmit(id, MakeFiling())), kUnknownFiling);
}

TEST_F(LifecycleTest, OctetsThatAreNoIdNameNoFiling) {
  const FilingId id = Submit(owner_);
  for (const Bytes& octets : {Bytes(), Bytes(id.view()).substr(1), Bytes(id.view()) + "x"}) {
    v1::Action action;
    action.mutable_take_up()->set_filing_id(octets);
    EXPECT_EQ(Judge(office_, action), kUnknownFiling);
  }
}

TEST_F(LifecycleTest, OfTwoActionsOnOneFilingInOneBlockTheSecondSeesTheFirst) {
  const FilingId id = Submit(owner_);
  const ActionContext block = Context();
  EXPECT_EQ(ApplyAction(block, office_, MakeTakeUp(id), store_).reject, kAccepted);
  EXPECT_EQ(ApplyAction(block, office_, MakeTakeUp(id), store_).reject, kWrongState);
}

TEST_F(LifecycleTest, TheWholePathKeepsToTheNumberOfPutsThatIsPromised) {
  const FilingId id = Submit(owner_);
  EXPECT_EQ(store_.puts, 1);
  Accept(office_, MakeTakeUp(id));
  EXPECT_EQ(store_.puts, 3);
  Accept(office_, MakeRequestSupplement(id));
  EXPECT_EQ(store_.puts, 1);
  Accept(owner_, MakeSupplement(id, MakeFiling()));
  EXPECT_EQ(store_.puts, 1);
  Accept(office_, MakeForward(id));
  EXPECT_EQ(store_.puts, 1);
  Accept(cac_, MakeApprove(id));
  EXPECT_EQ(store_.puts, 3);
  Accept(cac_, MakePublishSet(1, {CodeOf(id)}));
  EXPECT_EQ(store_.puts, 4);
  Accept(office_, MakeBarKey(owner_.key));
  EXPECT_EQ(store_.puts, 1);
}

TEST_F(LifecycleTest, ABarredKeyMayDoNothing) {
  const FilingId id = TakenUp(owner_);
  Accept(office_, MakeRequestSupplement(id));
  Accept(office_, MakeBarKey(owner_.key));
  EXPECT_EQ(Judge(owner_, MakeSupplement(id, MakeFiling())), kKeyBarred);
  EXPECT_EQ(Judge(owner_, MakeSubmit(MakeFiling())), kKeyBarred);
  EXPECT_EQ(Judge(owner_, MakeApprove(id)), kKeyBarred);
}

TEST_F(LifecycleTest, ABarDoesNotHoldForKeysThatGenesisNames) {
  const FilingId id = Submit(owner_);
  Accept(cac_, MakeBarKey(office_.key));
  EXPECT_EQ(Judge(office_, MakeTakeUp(id)), kAccepted);
}

TEST_F(LifecycleTest, AnActionWithoutAKindIsOurBug) {
  EXPECT_DEATH(Judge(owner_, v1::Action()), "CHECK|false");
}

TEST_F(LifecycleTest, ARecordThatDoesNotDecodeStopsTheProcess) {
  const FilingId id = Submit(owner_);
  store_.records[FilingKey(id)].pop_back();
  EXPECT_DEATH(Judge(office_, MakeTakeUp(id)), "has_value");
}

}  // namespace
}  // namespace beian
