#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/target.h"

// Each target is compiled under a name of its own here. CMakeLists.txt lists them: X(block) X(...)
#define X(name) extern "C" int Fuzz_##name(const uint8_t* data, size_t size);
BEIAN_FUZZ_TARGETS
#undef X

namespace beian::fuzz {
namespace {

namespace fs = std::filesystem;

struct Target {
  std::string name;
  int (*run)(const uint8_t* data, size_t size);
};

#define X(name) {#name, &Fuzz_##name},
const std::vector<Target> kTargets = {BEIAN_FUZZ_TARGETS};
#undef X

const fs::path kCorpus = fs::path(BEIAN_SOURCE_DIR) / "tests/fuzz/corpus";

std::vector<fs::path> SeedsOf(const Target& target) {
  std::vector<fs::path> seeds;
  for (const auto& entry : fs::directory_iterator(kCorpus / target.name)) {
    seeds.push_back(entry.path());
  }
  std::ranges::sort(seeds);
  return seeds;
}

/// True when a decoder took the seed. A promise that is broken aborts, so the seed is named first.
bool Replay(const Target& target, const fs::path& seed) {
  std::printf("%s\n", seed.c_str());
  std::fflush(stdout);
  std::ifstream file(seed, std::ios::binary);
  const std::string octets(std::istreambuf_iterator<char>(file), {});
  const uint64_t before = inputs_taken;
  target.run(reinterpret_cast<const uint8_t*>(octets.data()), octets.size());
  return inputs_taken > before;
}

TEST(FuzzCorpus, TakesWhatIsWholeAndRefusesWhatIsCutShort) {
  for (const Target& target : kTargets) {
    const auto seeds = SeedsOf(target);
    EXPECT_GE(seeds.size(), 4u) << target.name;
    for (const fs::path& seed : seeds) {
      const std::string name = seed.stem().string();
      const bool whole =
          !name.ends_with("-short") && !name.ends_with("-half") && !name.ends_with("-unknown");
      EXPECT_EQ(Replay(target, seed), whole) << seed;
    }
  }
}

TEST(FuzzCorpus, HoldsNothingOfATargetThatIsGone) {
  for (const auto& entry : fs::directory_iterator(kCorpus)) {
    EXPECT_TRUE(std::ranges::any_of(kTargets, [&](const Target& target) {
      return entry.path().filename() == target.name;
    })) << entry.path();
  }
}

TEST(FuzzCorpus, EveryTargetBearsTheEmptyInput) {
  for (const Target& target : kTargets) target.run(nullptr, 0);
}

}  // namespace
}  // namespace beian::fuzz
