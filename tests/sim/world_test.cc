#include "sim/world.h"

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

Options Calm() {
  Options options;
  options.filings = 6;
  options.providers = 2;
  options.faulty_ms = 2'000;
  return options;
}
size_t Up(const World& world) {
  size_t up = 0;
  for (uint16_t i = 0; i < world.size(); ++i) up += world.IsUp(ValidatorIndex(i)) ? 1 : 0;
  return up;
}

TEST(World, CommitsEverythingWithoutFaults) {
  World world(FourValidators(), Calm());
  world.RunUntil(12'000);
  EXPECT_FALSE(world.failed());
  EXPECT_TRUE(world.clients().AllDone());
  EXPECT_EQ(world.statistics().faults.Of(FaultKind::kCrash), 0u);
  for (uint16_t i = 0; i < 4; ++i) {
    EXPECT_EQ(world.store(ValidatorIndex(i)).Tip().height, world.chains().height());
  }
}

TEST(World, ItsClockStandsWhereItWasTold) {
  World world(FourValidators(), Calm());
  world.RunUntil(777);
  EXPECT_EQ(world.now_ms(), 777u);
}

TEST(World, CrashedReplicasComeBack) {
  Options options = Calm();
  options.crash_all_every_ms = 500;
  options.down_ms = 50;
  World world(FourValidators(), options);
  world.RunUntil(5'000);
  EXPECT_FALSE(world.failed());
  EXPECT_GE(world.statistics().faults.Of(FaultKind::kCrash), 8u);
  EXPECT_GE(world.statistics().faults.Of(FaultKind::kCrashAll), 2u);
  world.Heal();
  world.RunUntil(6'000);
  EXPECT_EQ(Up(world), 4u);
}

TEST(World, TheDeadStayDownAndTheOthersGoOn) {
  Options options = Calm();
  options.dead = 1;
  World world(FourValidators(), options);
  world.RunUntil(2'000);
  world.Heal();
  world.RunUntil(20'000);
  EXPECT_EQ(Up(world), 3u);
  EXPECT_TRUE(world.clients().AllDone());
}

TEST(World, ALostLogIsReenteredAndCountsAmongTheFaultyUntilThen) {
  Options options = Calm();
  options.lose_log_every_ms = 400;
  World world(FourValidators(), options);
  uint64_t unreliable_max = 0;
  for (uint64_t time = 0; time < 3'000; time += 20) {
    world.RunUntil(time);
    unreliable_max = std::max<uint64_t>(unreliable_max, world.Unreliable());
  }
  world.Heal();
  world.RunUntil(20'000);
  EXPECT_FALSE(world.failed());
  EXPECT_EQ(unreliable_max, 1u) << "never more than f";
  EXPECT_EQ(world.Unreliable(), 0u);
  EXPECT_GE(world.statistics().reentries, 1u);
}

TEST(World, SignaturesOfTheSameRunAreTheSame) {
  World one(FourValidators(), Calm());
  World two(FourValidators(), Calm());
  one.RecordFingerprint();
  two.RecordFingerprint();
  one.RunUntil(3'000);
  two.RunUntil(3'000);
  EXPECT_EQ(one.fingerprint(), two.fingerprint());
  EXPECT_FALSE(one.fingerprint().IsZero());
}

}  // namespace
}  // namespace beian::sim
