#include "sim/option_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace beian::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(OptionFields, EachIsSetByItsNameAndToldInDescribe) {
  for (const OptionField& field : OptionFields()) {
    Options options;
    const std::string before = options.Describe();
    const bool strategy = field.name == "strategy";
    const uint64_t other = field.Get(options) == 1 ? 0 : 1;
    const std::string text = strategy ? "twins" : std::to_string(other);
    ASSERT_TRUE(SetOption(options, std::string(field.name) + "=" + text)) << field.name;
    EXPECT_NE(options.Describe(), before) << field.name;
    EXPECT_EQ(field.Text(options), std::string(field.name) + "=" + text);
  }
}

TEST(OptionFields, NoTwoHaveOneName) {
  std::set<std::string_view> names;
  for (const OptionField& field : OptionFields()) names.insert(field.name);
  EXPECT_EQ(names.size(), OptionFields().size());
}

TEST(SetOption, TellsAnUnknownNameFromABadValue) {
  Options options;
  EXPECT_EQ(SetOption(options, "luck=1").error(), OptionError::kUnknownName);
  EXPECT_EQ(SetOption(options, "filings").error(), OptionError::kUnknownName);
  for (const char* bad : {"filings=", "filings=-1", "filings=1x", "filings=1000000001",
                          "tear_steps=2", "strategy=ostrich", "strategy=1"}) {
    EXPECT_EQ(SetOption(options, bad).error(), OptionError::kBadValue) << bad;
  }
}

TEST(SetOptions, StandOverWhatTheSeedDraws) {
  Options options = DrawOptions(3, 7);
  EXPECT_TRUE(SetOptions(options, std::vector<std::string>{"filings=500", "strategy=twins"}));
  EXPECT_EQ(options.filings, 500u);
  EXPECT_EQ(options.strategy, Strategy::kTwins);
  EXPECT_EQ(options.faulty_ms, DrawOptions(3, 7).faulty_ms);
}

TEST(SetOptions, RefuseThoseThatContradictEachOther) {
  Options options = DrawOptions(3, 4);
  EXPECT_TRUE(SetOptions(options, std::vector<std::string>{"delay_min_ms=8", "delay_max_ms=9"}));
  EXPECT_FALSE(SetOptions(options, std::vector<std::string>{"delay_min_ms=9", "delay_max_ms=8"}));
  EXPECT_FALSE(SetOptions(options, std::vector<std::string>{"luck=1"}));
}

TEST(Consistent, RefusesWhatARunCannotBear) {
  for (const char* bad : {"delay_min_ms=30", "loss_per_mille=1001", "providers=0", "filings=0",
                          "faulty_ms=0"}) {
    Options options;
    EXPECT_TRUE(Consistent(options));
    ASSERT_TRUE(SetOption(options, bad));
    EXPECT_FALSE(Consistent(options)) << bad;
  }
}

TEST(Consistent, HoldsForWhatSeedsDraw) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    EXPECT_TRUE(Consistent(DrawOptions(seed, 7))) << seed;
  }
}

TEST(RunCommand, NamesOnlyWhatDiffersFromTheSeedsDraw) {
  Options options = DrawOptions(5, 7);
  EXPECT_THAT(Overrides(options), IsEmpty());
  EXPECT_EQ(RunCommand(options), "beian-sim run --nodes 7 --seeds 5:6");
  options.filings = 777;
  options.canary = Canary::kChatter;
  EXPECT_THAT(Overrides(options), ElementsAre("filings=777"));
  EXPECT_EQ(RunCommand(options),
            "beian-sim run --nodes 7 --seeds 5:6 --canary chatter --set filings=777");
}

}  // namespace
}  // namespace beian::sim
