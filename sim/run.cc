#include "sim/run.h"

#include <fmt/format.h>

namespace beian::sim {
namespace {

constexpr uint64_t kSettleStepMs = 250;
constexpr uint64_t kSettleMsMax = 150'000;
constexpr uint64_t kIdleMs = 65'000;
constexpr uint64_t kQuietMs = 8'000;            // last relays and finalizations die away
constexpr uint64_t kMessagesPerBlockMax = 20;   // of each pair of validators, status not counted
constexpr uint64_t kQuestionsPerPairMax = 5;    // a boast of heights may still be looked into

void AddFinding(World& world, std::string invariant, std::string what) {
  world.findings().Add(std::move(invariant), std::move(what));
}

/// Every running replica has everything, and blocks have been made since `before`.
bool Settled(const World& world, Height before) {
  const Height top = world.chains().height();
  if (top <= before) return false;
  for (uint16_t i = 0; i < world.size(); ++i) {
    const ValidatorIndex node(i);
    if (world.IsUp(node) && world.store(node).Tip().height != top) return false;
  }
  return true;
}

std::string WhereTheyAre(const World& world) {
  std::string text;
  for (uint16_t i = 0; i < world.size(); ++i) {
    const ValidatorIndex node(i);
    if (!world.IsUp(node)) {
      text += fmt::format(" [{} down]", i);
      continue;
    }
    const ReplicaStatus status = world.status(node);
    text += fmt::format(" [{} view {} final {} height {} stored {} pending {}{}{}]", i,
                        status.view.value(), status.final_view.value(),
                        status.final_height.value(), world.store(node).Tip().height.value(),
                        status.pending_transactions, status.muted ? " mute" : "",
                        status.below_floor ? " below its floor" : "");
  }
  return text;
}

/// I14. Returns how long it took.
uint64_t RunLiveness(World& world) {
  const uint64_t healed = world.now_ms();
  const Height before = world.chains().height();
  world.Heal();
  while (!world.failed()) {
    world.RunUntil(world.now_ms() + kSettleStepMs);
    const bool done = Settled(world, before) && world.clients().AllDone() &&
                      world.Unreliable() == 0;
    if (done) return world.now_ms() - healed;
    if (world.now_ms() < healed + kSettleMsMax) continue;
    AddFinding(world, "I14",
               fmt::format("{} ms after the faults ended: height {} then, {} now;{};{}",
                           kSettleMsMax, before.value(), world.chains().height().value(),
                           WhereTheyAre(world), world.clients().Unfinished()));
  }
  return 0;
}

View TopView(const World& world) {
  View top;
  for (uint16_t i = 0; i < world.size(); ++i) {
    const ValidatorIndex node(i);
    if (world.IsUp(node)) top = std::max(top, world.status(node).view);
  }
  return top;
}

/// I12: a block in a heartbeat at most, no views without one, and little talk.
void RunIdle(World& world, const Options& options) {
  world.SilencePuppets();   // they may talk, and show a block each second
  world.RunUntil(world.now_ms() + kQuietMs);
  const uint64_t blocks_before = world.chains().height().value();
  const View view_before = TopView(world);
  const Statistics before = world.statistics();
  for (uint64_t i = 0; i < 10; ++i) {
    if (options.canary == Canary::kChatter) world.clients().AddFiling(world.now_ms());
    world.RunUntil(world.now_ms() + kIdleMs / 10);
  }
  if (world.failed()) return;
  const uint64_t blocks = world.chains().height().value() - blocks_before;
  const uint64_t blocks_max = kIdleMs / options.timing.heartbeat + 1;
  if (blocks > blocks_max) {
    AddFinding(world, "I12", fmt::format("{} blocks in {} idle ms", blocks, kIdleMs));
  }
  const uint64_t views = TopView(world) - view_before;
  if (views > (blocks_max + 1) * (options.nodes + 2) / 3) {   // each with f that are away before it
    AddFinding(world, "I12", fmt::format("{} views in {} idle ms", views, kIdleMs));
  }
  const uint64_t pairs = options.nodes * options.nodes;
  const uint64_t talk = (world.statistics().messages - world.statistics().statuses) -
                        (before.messages - before.statuses);
  if (talk > (blocks + 1) * pairs * kMessagesPerBlockMax) {
    AddFinding(world, "I12", fmt::format("{} messages in {} idle ms", talk, kIdleMs));
  }
  const uint64_t questions = world.statistics().questions - before.questions;
  if (questions > pairs * kQuestionsPerPairMax) {
    AddFinding(world, "I12", fmt::format("{} questions in {} idle ms", questions, kIdleMs));
  }
}

void CheckStores(World& world) {
  const Header tip = world.chains().At(world.chains().height());
  for (uint16_t i = 0; i < world.size(); ++i) {
    const ValidatorIndex node(i);
    if (!world.IsUp(node)) continue;
    const MemoryStore& store = world.store(node);
    if (store.Tip().height != tip.height) continue;   // a heartbeat block on its way
    world.registry().CheckStore(fmt::format("validator {}", i), store, tip);
  }
}

}  // namespace

Outcome RunSeed(const Chain& chain, const RunRequest& request) {
  World world(chain, request.options, request.trace);
  if (request.fingerprint) world.RecordFingerprint();
  Outcome outcome;
  world.RunUntil(request.options.faulty_ms);
  if (!world.failed()) outcome.settled_ms = RunLiveness(world);
  if (!world.failed()) CheckStores(world);
  if (!world.failed()) RunIdle(world, request.options);
  outcome.findings = world.findings().all();
  outcome.statistics = world.statistics();
  outcome.blocks = world.chains().height().value();
  outcome.transactions = world.registry().transactions();
  outcome.filings = world.registry().filings();
  outcome.codes = world.registry().codes();
  outcome.virtual_ms = world.now_ms();
  outcome.fingerprint = world.fingerprint();
  return outcome;
}

Outcome RunTwice(const Chain& chain, const RunRequest& request) {
  Outcome first = RunSeed(chain, {request.options, true, request.trace});
  if (!first.findings.empty()) return first;
  Options again = request.options;
  if (again.canary == Canary::kCoin) ++again.delay_max_ms;
  const Outcome second = RunSeed(chain, {again, true});
  if (first.fingerprint == second.fingerprint) return first;
  first.findings.push_back(
      {"I13", fmt::format("the same seed took another way: {} steps, then {}",
                          first.statistics.events, second.statistics.events)});
  return first;
}

}  // namespace beian::sim
