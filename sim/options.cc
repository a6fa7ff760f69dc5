#include "sim/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "sim/option_fields.h"
#include "sim/random.h"

namespace beian::sim {
namespace {

constexpr uint64_t kOptionStream = 0x6f7074696f6e73;   // apart from the stream of the run itself

void DrawNetwork(Random& random, Options& options) {
  if (random.Chance(600)) options.loss_per_mille = random.Between(1, random.Chance(300) ? 300 : 80);
  if (random.Chance(500)) options.duplicate_per_mille = random.Between(1, 500);
  options.delay_min_ms = random.Between(1, 10);
  options.delay_max_ms = options.delay_min_ms + random.Between(0, random.Chance(200) ? 400 : 50);
  if (random.Chance(400)) {
    options.tail_per_mille = random.Between(1, 50);
    options.tail_ms = random.Between(100, 4'000);
  }
  if (random.Chance(500)) options.partition_every_ms = random.Between(2'000, 12'000);
}

void DrawNodes(Random& random, Options& options) {
  if (random.Chance(600)) options.crash_every_ms = random.Between(500, 8'000);
  if (random.Chance(300)) options.crash_all_every_ms = random.Between(4'000, 15'000);
  if (random.Chance(300)) options.pause_every_ms = random.Between(1'000, 8'000);
  const size_t faulty_max = (options.nodes - 1) / 3;
  if (faulty_max > 0 && random.Chance(350)) {
    options.lose_log_every_ms = random.Between(2'000, 10'000);
    options.lose_store_too = random.Chance(500);
  }
  if (random.Chance(300)) options.dead = random.Between(0, faulty_max);
  options.down_ms = random.Chance(500) ? random.Between(1, 200) : random.Between(200, 5'000);
  options.tear_steps = random.Chance(600);
  options.sync_ms_max = random.Chance(500) ? random.Between(0, 15) : 0;
  options.commit_ms_max = random.Chance(500) ? random.Between(0, 60) : 0;
  options.prune_every = random.Chance(700) ? random.Between(1, 40) : 0;
  options.clock_offset_ms = random.Chance(600) ? random.Between(1, 500) : 0;
}

struct NamedCanary {
  std::string_view name;
  std::string_view what;
};
/// In the order of Canary.
constexpr NamedCanary kCanaries[] = {
    {"none", "nothing"},
    {"sync_lies", "the disk answers a sync and keeps nothing"},
    {"send_before_sync", "the driver sends first and writes afterwards"},
    {"forget_votes", "the disk drops own votes"},
    {"forget_certificates", "the disk drops certificates"},
    {"no_reentry", "a lost log is taken for that of a new validator"},
    {"skip_commit", "the store loses a block now and then"},
    {"rotten_record", "one store holds another value under a key"},
    {"forged_signature", "a signature that nobody made arrives"},
    {"forgotten_floor", "the disk drops the floor of a re-entry"},
    {"never_heals", "a validator stays cut off when the faults are over"},
    {"chatter", "an idle cluster is given something to do"},
    {"coin", "the second run of a seed draws other delays"},
};
static_assert(std::size(kCanaries) == static_cast<size_t>(kLastCanary) + 1);

}  // namespace

std::string CanaryName(Canary canary) {
  return std::string(kCanaries[static_cast<size_t>(canary)].name);
}

std::string CanaryWhat(Canary canary) {
  return std::string(kCanaries[static_cast<size_t>(canary)].what);
}

Options DrawOptions(uint64_t seed, size_t nodes) {
  Random random(seed ^ kOptionStream);
  Options options;
  options.seed = seed;
  options.nodes = nodes;
  options.faulty_ms = random.Between(3'000, random.Chance(300) ? 60'000 : 25'000);
  DrawNetwork(random, options);
  DrawNodes(random, options);
  const size_t faulty_max = (nodes - 1) / 3;
  if (faulty_max > 0 && random.Chance(450)) {
    options.dishonest = random.Between(1, faulty_max);
    options.strategy =
        static_cast<Strategy>(random.Below(static_cast<uint64_t>(kLastStrategy) + 1));
    options.puppet_every_ms = random.Between(20, 150);
  }
  options.filings = random.Between(10, random.Chance(300) ? 200 : 60);
  options.providers = random.Between(1, std::min<size_t>(options.filings, 8));
  options.reviewed_per_mille = random.Between(0, 1000);
  options.expiry_ms_min = random.Chance(300) ? random.Between(2'000, 10'000) : 60'000;
  options.heal_silently = random.Chance(500);
  return options;
}

std::string Options::Describe() const {
  std::string text = fmt::format("seed={} nodes={}", seed, nodes);
  for (const OptionField& field : OptionFields()) text += " " + field.Text(*this);
  return text + " canary=" + CanaryName(canary);
}

}  // namespace beian::sim
