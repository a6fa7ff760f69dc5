#include "tests/scenarios/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <sstream>

#include "tests/node/replica/lockstep.h"

namespace beian {
namespace {

constexpr uint64_t kExpiryMs = 500'000;   // longer than any script runs

struct Pattern {
  Verb verb;
  std::string_view text;
};
constexpr std::array<Pattern, 18> kPatterns{{
    {Verb::kSubmit, "submit NUMBER to NODES"},
    {Verb::kSubmitTwice, "submit-twice to NODES | NODES"},
    {Verb::kRun, "run NUMBER"},
    {Verb::kPartition, "partition NODES | NODES"},
    {Verb::kHeal, "heal"},
    {Verb::kCrash, "crash NODES"},
    {Verb::kStart, "start NODES"},
    {Verb::kLoseLog, "lose-log NODES"},
    {Verb::kLoseStore, "lose-store NODES"},
    {Verb::kForget, "forget NODES"},
    {Verb::kExpectCommitted, "expect committed NUMBER on NODES"},
    {Verb::kExpectAcknowledged, "expect acknowledged on NODES"},
    {Verb::kExpectNoProgress, "expect no-progress NUMBER"},
    {Verb::kExpectLeader, "expect leader NUMBER"},
    {Verb::kExpectNullified, "expect nullified NUMBER"},
    {Verb::kExpectMuted, "expect muted NODES"},
    {Verb::kExpectVoting, "expect voting NODES"},
    {Verb::kExpectSameChain, "expect same-chain"},
}};

std::vector<std::string> Words(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::optional<uint64_t> ParseNumber(std::string_view word, uint64_t max) {
  uint64_t number = 0;
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  const bool plain = error == std::errc() && stop == end && fmt::to_string(number) == word;
  if (!plain || number > max) return std::nullopt;
  return number;
}

/// `taken`: nodes that the line has named already.
std::optional<std::vector<uint16_t>> ParseNodes(std::string_view word, std::set<uint16_t>& taken) {
  std::vector<uint16_t> nodes;
  while (true) {
    const size_t comma = word.find(',');
    const auto node = ParseNumber(word.substr(0, comma), kScenarioNodes - 1);
    if (!node || !taken.insert(static_cast<uint16_t>(*node)).second) return std::nullopt;
    nodes.push_back(static_cast<uint16_t>(*node));
    if (comma == std::string_view::npos) return nodes;
    word.remove_prefix(comma + 1);
  }
}

/// The pattern whose fixed words `words` begin with: `expect leader`, `run`.
const Pattern* FindPattern(const std::vector<std::string>& words) {
  for (const Pattern& pattern : kPatterns) {
    const std::vector<std::string> shape = Words(pattern.text);
    const size_t fixed = shape.front() == "expect" ? 2 : 1;
    if (words.size() >= fixed && std::equal(shape.begin(), shape.begin() + fixed, words.begin())) {
      return &pattern;
    }
  }
  return nullptr;
}

std::expected<Command, std::string> ParseCommand(const std::vector<std::string>& words) {
  const Pattern* pattern = FindPattern(words);
  if (pattern == nullptr) return std::unexpected("there is no such command");
  const std::vector<std::string> shape = Words(pattern->text);
  const auto wrong = std::unexpected(fmt::format("the form is `{}`", pattern->text));
  if (words.size() != shape.size()) return wrong;
  Command command;
  command.verb = pattern->verb;
  command.text = fmt::format("{}", fmt::join(words, " "));
  std::set<uint16_t> taken;
  for (size_t i = 0; i < words.size(); ++i) {
    if (shape[i] == "NUMBER") {
      const auto number = ParseNumber(words[i], kScenarioNumberMax);
      if (!number) return std::unexpected(fmt::format("`{}` is no number to use here", words[i]));
      command.number = *number;
    } else if (shape[i] == "NODES") {
      auto nodes = ParseNodes(words[i], taken);
      if (!nodes) return std::unexpected(fmt::format("`{}` is no list of nodes here", words[i]));
      (command.nodes.empty() ? command.nodes : command.others) = *std::move(nodes);
    } else if (shape[i] != words[i]) {
      return wrong;
    }
  }
  if (command.verb == Verb::kPartition && taken.size() != kScenarioNodes) {
    return std::unexpected("a node stands on neither side");
  }
  return command;
}

bool IsExpectation(const Command& command) { return command.text.starts_with("expect"); }

/// The cluster under a script. Functions of commands give what went wrong, or nothing.
class Run {
 public:
  using Problem = std::optional<std::string>;

  Problem Do(const Command& command) {
    Problem problem = Dispatch(command);
    Observe();
    return problem;
  }
  Problem Finish() const {
    for (size_t i = 0; i < kScenarioNodes; ++i) {
      const auto& halted = cluster_.nodes[i].halted;
      if (halted) return fmt::format("node {} halted: {}", i, *halted);
    }
    return SameChain();
  }

 private:
  Problem Dispatch(const Command& command) {
    switch (command.verb) {
      case Verb::kSubmit: return Submit(command);
      case Verb::kSubmitTwice: return SubmitTwice(command);
      case Verb::kRun: return Wait(command.number);
      case Verb::kPartition: return Partition(command);
      case Verb::kHeal: return Heal();
      case Verb::kCrash: return Crash(command.nodes);
      case Verb::kStart: return Start(command.nodes);
      case Verb::kLoseLog: return LoseLog(command.nodes);
      case Verb::kLoseStore: return LoseStore(command.nodes);
      case Verb::kForget: return Forget(command.nodes);
      case Verb::kExpectCommitted: return CommittedOn(command);
      case Verb::kExpectAcknowledged: return AcknowledgedOn(command.nodes);
      case Verb::kExpectNoProgress: return NoProgress(command.number);
      case Verb::kExpectLeader: return Leader(command.number);
      case Verb::kExpectNullified: return Nullified(command.number);
      case Verb::kExpectMuted: return Muted(command.nodes, true);
      case Verb::kExpectVoting: return Muted(command.nodes, false);
      case Verb::kExpectSameChain: return SameChain();
    }
    return "unreachable";
  }

  bool IsUp(uint16_t node) const { return cluster_.nodes[node].replica != nullptr; }
  Problem Need(const std::vector<uint16_t>& nodes, bool up) const {
    for (uint16_t node : nodes) {
      if (IsUp(node) != up) return fmt::format("node {} is {}", node, up ? "down" : "up");
    }
    return std::nullopt;
  }

  // Commands

  TransactionPtr Make(uint64_t client) {
    TransactionPtr made = MakeSubmit(cluster_.fixture.genesis, MakeClientKey(client),
                                     cluster_.now.wall + kExpiryMs, client);
    submitted_.insert(made->id());
    return made;
  }
  Problem Submit(const Command& command) {
    if (const Problem down = Need(command.nodes, true)) return down;
    for (uint64_t i = 0; i < command.number; ++i) {
      cluster_.Submit(command.nodes[i % command.nodes.size()], {Make(++clients_)});
    }
    return std::nullopt;
  }
  Problem SubmitTwice(const Command& command) {
    if (const Problem down = Need(command.nodes, true)) return down;
    if (const Problem down = Need(command.others, true)) return down;
    ++clients_;
    const TransactionPtr first = Make(clients_);
    const TransactionPtr second = Make(clients_);
    const bool twins = first->id() == second->id() && first->wire_id() != second->wire_id();
    if (!twins) return "the two are not one body with two signatures";
    for (uint16_t node : command.nodes) cluster_.Submit(node, {first});
    for (uint16_t node : command.others) cluster_.Submit(node, {second});
    return std::nullopt;
  }
  Problem Wait(uint64_t ms) {
    cluster_.Wait(ms);
    return std::nullopt;
  }
  Problem Partition(const Command& command) {
    const std::set<uint16_t> side(command.nodes.begin(), command.nodes.end());
    cluster_.lost = [side](uint16_t from, uint16_t to, const Message&) {
      return side.contains(from) != side.contains(to);
    };
    return std::nullopt;
  }
  Problem Heal() {
    cluster_.lost = [](uint16_t, uint16_t, const Message&) { return false; };
    return std::nullopt;
  }
  /// All are gone before the first that stays hears of it.
  Problem Crash(const std::vector<uint16_t>& nodes) {
    if (const Problem down = Need(nodes, true)) return down;
    for (uint16_t node : nodes) cluster_.nodes[node].replica.reset();
    for (uint16_t node : nodes) cluster_.Stop(node);
    return std::nullopt;
  }
  Problem Start(const std::vector<uint16_t>& nodes) {
    if (const Problem up = Need(nodes, false)) return up;
    for (uint16_t node : nodes) cluster_.Start(node);
    return std::nullopt;
  }
  /// What `beiand` writes into a new log when the old one is gone.
  Problem LoseLog(const std::vector<uint16_t>& nodes) {
    if (const Problem up = Need(nodes, false)) return up;
    const Genesis& genesis = cluster_.fixture.genesis;
    const Header root = RootHeader(genesis);
    for (uint16_t node : nodes) {
      cluster_.nodes[node].log = {EpochRecord{root.epoch, genesis.validators.hash(), root.id()},
                                  ReentryRecord{root.epoch}};
    }
    return std::nullopt;
  }
  Problem LoseStore(const std::vector<uint16_t>& nodes) {
    if (const Problem up = Need(nodes, false)) return up;
    for (uint16_t node : nodes) {
      cluster_.nodes[node].state = MemoryState();
      cluster_.nodes[node].tip_proof.reset();
      cluster_.nodes[node].committed.clear();   // Start then sets the tip to the root
    }
    return std::nullopt;
  }
  Problem Forget(const std::vector<uint16_t>& nodes) {
    if (const Problem up = LoseStore(nodes)) return up;
    for (uint16_t node : nodes) cluster_.nodes[node].log.clear();   // Start then makes a new one
    return std::nullopt;
  }

  // Expectations

  Problem CommittedOn(const Command& command) const {
    for (uint16_t node : command.nodes) {
      uint64_t count = 0;
      for (const CommitBlock& commit : cluster_.nodes[node].committed) {
        const auto& transactions = commit.block->transactions;
        for (size_t i = 0; i < transactions.size(); ++i) {
          const bool ours = submitted_.contains(transactions[i]->id());
          if (ours && commit.execution->results[i].AnyAccepted()) ++count;
        }
      }
      if (count != command.number) return fmt::format("node {} has {}", node, count);
    }
    return std::nullopt;
  }
  Problem AcknowledgedOn(const std::vector<uint16_t>& nodes) const {
    if (acknowledged_.empty()) return "nothing has been committed anywhere";
    for (uint16_t node : nodes) {
      const auto lacks = std::ranges::count_if(acknowledged_, [&](const TransactionId& id) {
        return !cluster_.nodes[node].state.HasTransaction(id);
      });
      if (lacks > 0) {
        return fmt::format("node {} lacks {} of {}", node, lacks, acknowledged_.size());
      }
    }
    return std::nullopt;
  }
  Problem NoProgress(uint64_t ms) {
    std::vector<size_t> before;
    for (const Lockstep::Node& node : cluster_.nodes) before.push_back(node.committed.size());
    cluster_.Wait(ms);
    for (size_t i = 0; i < kScenarioNodes; ++i) {
      const size_t blocks = cluster_.nodes[i].committed.size() - before[i];
      if (blocks > 0) return fmt::format("node {} committed {} blocks", i, blocks);
    }
    return std::nullopt;
  }
  Problem Leader(uint64_t expected) const {
    std::optional<ReplicaStatus> foremost;
    for (const Lockstep::Node& node : cluster_.nodes) {
      if (!node.replica) continue;
      const ReplicaStatus status = node.replica->status();
      if (!foremost || status.view > foremost->view) foremost = status;
    }
    if (!foremost) return "all are down";
    if (foremost->leader == ValidatorIndex(expected)) return std::nullopt;
    return fmt::format("it is {}", foremost->leader.value());
  }
  /// A block stands in a view of its own, so the views that exceed the heights gave none.
  Problem Nullified(uint64_t expected) const {
    Header tip;
    for (const Lockstep::Node& node : cluster_.nodes) {
      if (node.tip.height > tip.height) tip = node.tip;
    }
    const uint64_t found = tip.view.value() - tip.height.value();
    if (found == expected) return std::nullopt;
    return fmt::format("found {}", found);
  }
  Problem Muted(const std::vector<uint16_t>& nodes, bool expected) const {
    if (const Problem down = Need(nodes, true)) return down;
    for (uint16_t node : nodes) {
      const bool muted = cluster_.nodes[node].replica->status().muted;
      if (muted != expected) return fmt::format("node {} is {}", node, muted ? "muted" : "voting");
    }
    return std::nullopt;
  }
  Problem SameChain() const { return fork_; }

  /// After each command, since a store that is lost later has told its clients all the same.
  void Observe() {
    for (size_t i = 0; i < kScenarioNodes; ++i) {
      for (const CommitBlock& commit : cluster_.nodes[i].committed) {
        const Height height = commit.block->header.height;
        const BlockId& id = blocks_.try_emplace(height, commit.block->id).first->second;
        if (id != commit.block->id) {
          fork_ = fmt::format("node {} has another block at height {}", i, height.value());
        }
        for (const TransactionPtr& one : commit.block->transactions) {
          acknowledged_.insert(one->id());
        }
      }
    }
  }

  Lockstep cluster_{kScenarioNodes};
  uint64_t clients_ = 0;
  std::set<TransactionId> submitted_;
  std::set<TransactionId> acknowledged_;   ///< committed by any node at any time
  std::map<Height, BlockId> blocks_;       ///< likewise
  Problem fork_;
};

}  // namespace

std::expected<Scenario, std::string> ParseScenario(std::string_view file, std::string_view text) {
  Scenario scenario;
  scenario.file = std::string(file);
  std::istringstream in{std::string(text)};
  size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::vector<std::string> words = Words(std::string_view(line).substr(0, line.find('#')));
    if (words.empty()) continue;
    auto command = ParseCommand(words);
    if (!command) {
      return std::unexpected(fmt::format("{}:{}: {}: {}", file, number, fmt::join(words, " "),
                                         command.error()));
    }
    command->line = number;
    scenario.commands.push_back(*std::move(command));
  }
  if (std::ranges::none_of(scenario.commands, IsExpectation)) {
    return std::unexpected(fmt::format("{}:{}: the script expects nothing", file, number));
  }
  return scenario;
}

std::optional<std::string> RunScenario(const Scenario& scenario) {
  Run run;
  for (const Command& command : scenario.commands) {
    if (const auto problem = run.Do(command)) {
      return fmt::format("{}:{}: {}: {}", scenario.file, command.line, command.text, *problem);
    }
  }
  if (const auto problem = run.Finish()) {
    return fmt::format("{}:{}: the end: {}", scenario.file, scenario.commands.back().line,
                       *problem);
  }
  return std::nullopt;
}

}  // namespace beian
