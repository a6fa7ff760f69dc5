#include "ledger/chain/state.h"

#include <gtest/gtest.h>

#include "tests/support/filled_digest.h"
#include "tests/support/memory_state.h"

namespace beian {
namespace {

class Overlay : public testing::Test {
 protected:
  Overlay() {
    StateDelta below;
    below.records = {{FilledDigest<MapKey>(1), "one"}, {FilledDigest<MapKey>(2), "two"}};
    below.pages = {{"", "root"}, {"\1", "page"}};
    below.transactions = {FilledDigest<TransactionId>(1)};
    below.log.Append({});
    parent_.Apply(below);
    delta_.records = {{FilledDigest<MapKey>(2), "TWO"}, {FilledDigest<MapKey>(3), "three"}};
    delta_.pages = {{"", "ROOT"}};
    delta_.transactions = {FilledDigest<TransactionId>(2)};
    delta_.log = parent_.Log();
    delta_.log.Append({});
  }

  MemoryState parent_;
  StateDelta delta_;
};

TEST_F(Overlay, ShowsTheBlockBeforeItsParent) {
  const StateOverlay overlay(&parent_, &delta_);
  EXPECT_EQ(overlay.Record(FilledDigest<MapKey>(1)), "one");
  EXPECT_EQ(overlay.Record(FilledDigest<MapKey>(2)), "TWO");
  EXPECT_EQ(overlay.Record(FilledDigest<MapKey>(3)), "three");
  EXPECT_EQ(overlay.Record(FilledDigest<MapKey>(4)), std::nullopt);
  EXPECT_EQ(overlay.Page(""), "ROOT");
  EXPECT_EQ(overlay.Page("\1"), "page");
  EXPECT_EQ(overlay.Page("\2"), std::nullopt);
  EXPECT_TRUE(overlay.HasTransaction(FilledDigest<TransactionId>(1)));
  EXPECT_TRUE(overlay.HasTransaction(FilledDigest<TransactionId>(2)));
  EXPECT_FALSE(overlay.HasTransaction(FilledDigest<TransactionId>(3)));
  EXPECT_EQ(overlay.Log(), delta_.log);
}

TEST_F(Overlay, ShowsTheSameOnceItsDeltaIsApplied) {
  StateOverlay overlay(&parent_, &delta_);
  MemoryState applied = parent_;
  applied.Apply(delta_);
  for (uint8_t i = 1; i <= 4; ++i) {
    EXPECT_EQ(overlay.Record(FilledDigest<MapKey>(i)), applied.Record(FilledDigest<MapKey>(i)));
    EXPECT_EQ(overlay.HasTransaction(FilledDigest<TransactionId>(i)),
              applied.HasTransaction(FilledDigest<TransactionId>(i)));
  }
  EXPECT_EQ(overlay.Log(), applied.Log());
}

TEST_F(Overlay, ReadsTheNewParentAfterRebase) {
  StateOverlay overlay(&parent_, &delta_);
  const MemoryState empty;
  overlay.Rebase(&empty);
  EXPECT_EQ(overlay.Record(FilledDigest<MapKey>(1)), std::nullopt);
  EXPECT_EQ(overlay.Record(FilledDigest<MapKey>(2)), "TWO");
}

}  // namespace
}  // namespace beian
