#include "sim/describe.h"

#include <set>

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::HasSubstr;

std::vector<Action> SomeActions() {
  const BlockPtr block = Block::Make(Child(Root(), 1), {});
  Vote vote{Nullify(3), ValidatorIndex(1), {}};
  Vote other = vote;
  other.signature.octets[5] = 1;
  return {AppendRecord{VoteRecord{vote}}, AppendRecord{VoteRecord{other}},
          AppendRecord{BlockRecord{block}}, SyncLog{}, Send{std::nullopt, vote},
          Send{ValidatorIndex(2), vote}, Send{std::nullopt, other},
          Send{std::nullopt, Certificate{Nullify(3), {}}}, Send{std::nullopt, GetBody{block->id}},
          Send{std::nullopt, Body{block}}, Send{std::nullopt, Status{}},
          Send{std::nullopt, ReentryAsk{}}, PruneLog{Epoch(0), View(4)}, Halt{"why"},
          SubmitResult{3, {{MempoolVerdict::kExpired}}}};
}

TEST(Fingerprint, TellsActionsApartDownToASignature) {
  std::set<Bytes> seen;
  for (const Action& action : SomeActions()) {
    EXPECT_TRUE(seen.insert(Fingerprint(action, 4)).second) << Line(action);
    EXPECT_EQ(Fingerprint(action, 4), Fingerprint(action, 4));
  }
}

TEST(Fingerprint, TellsEventsApart) {
  const Event a = PeerMessage{ValidatorIndex(1), Status{}, View(2)};
  const Event b = PeerMessage{ValidatorIndex(2), Status{}, View(2)};
  const Event c = PeerMessage{ValidatorIndex(1), Status{}, View(3)};
  EXPECT_EQ(std::set<Bytes>({Fingerprint(a, 4), Fingerprint(b, 4), Fingerprint(c, 4),
                             Fingerprint(Event(Tick{}), 4),
                             Fingerprint(Event(PeerUp{ValidatorIndex(1)}), 4)})
                .size(),
            5u);
}

TEST(Line, SaysWhatAReaderNeeds) {
  EXPECT_EQ(Line(Event(Tick{})), "tick");
  EXPECT_THAT(Line(Event(PeerMessage{ValidatorIndex(1), Vote{Nullify(3), ValidatorIndex(2), {}},
                                     View(9)})),
              HasSubstr("from 1 in view 9: vote of 2: nullify 3"));
  EXPECT_THAT(Line(Action(SubmitResult{3, {{MempoolVerdict::kExpired}}})),
              HasSubstr("mempool.expired"));
}

}  // namespace
}  // namespace beian::sim
