#include "tests/bench/ceiling.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>

#include "node/replica/events.h"
#include "node/runtime/message_verifier.h"
#include "node/store/rocks_store.h"
#include "tests/support/memory_state.h"

namespace beian::bench {
namespace {

/// The same transactions in blocks of the size that the cluster made, executed beforehand.
std::vector<CommitBlock> Prepare(const Genesis& genesis,
                                 const std::vector<TransactionPtr>& transactions,
                                 size_t block_transactions) {
  MemoryState state;
  Header parent = RootHeader(genesis);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  TimeMs time(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  std::vector<CommitBlock> commits;
  for (size_t i = 0; i < transactions.size(); i += block_transactions) {
    const size_t count = std::min(block_transactions, transactions.size() - i);
    const auto first = transactions.begin() + static_cast<ptrdiff_t>(i);
    const std::vector<TransactionPtr> some(first, first + static_cast<ptrdiff_t>(count));
    Header header;
    header.chain_id = genesis.chain_id;
    header.view = parent.view.Next();
    header.height = parent.height.Next();
    header.parent = parent.id();
    header.time = time = time + 1;
    auto execution = Execute(genesis, state, header.time, header.height, some);
    if (!execution) Fail("the ceiling's block does not execute");
    std::vector<WireId> wire_ids;
    for (const TransactionPtr& transaction : some) wire_ids.push_back(transaction->wire_id());
    header.tx_count = static_cast<uint32_t>(count);
    header.tx_root = TransactionRoot(wire_ids);
    SetRoots(*execution, header);
    state.Apply(execution->delta);
    FinalityProof proof;
    proof.finalization.statement = {VoteKind::kFinalize, Epoch(0), header.view, parent.view,
                                    header.id()};
    for (uint16_t s = 0; s < genesis.validators.quorum(); ++s) {
      proof.finalization.signatures.emplace_back(ValidatorIndex(s), Signature{});
    }
    commits.push_back({Block::Make(header, some),
                       std::make_shared<const Execution>(std::move(*execution)), proof});
    parent = header;
  }
  return commits;
}

/// Holds the processes back until all have opened their stores: that is not what is measured.
class StartingLine {
 public:
  StartingLine() {
    if (::pipe(ready_) != 0 || ::pipe(go_) != 0) Fail("no pipes for the ceiling");
  }
  ~StartingLine() {
    for (const int end : {ready_[0], go_[0]}) ::close(end);
  }
  StartingLine(const StartingLine&) = delete;
  StartingLine& operator=(const StartingLine&) = delete;

  /// In a process that starts: false when the others did not come.
  bool Wait() {
    ::close(go_[1]);  // or its own end would hold it back
    char none = 0;
    const bool told = ::write(ready_[1], &none, 1) == 1;
    ::close(ready_[1]);  // so that one that ended is noticed
    return told && ::read(go_[0], &none, 1) == 0;
  }
  /// In the one that times: lets them go when all wait.
  void StartAll(size_t processes) {
    ::close(ready_[1]);
    char none = 0;
    for (size_t i = 0; i < processes; ++i) {
      if (::read(ready_[0], &none, 1) != 1) Fail("a process of the ceiling does not start");
    }
    ::close(go_[1]);
  }

 private:
  int ready_[2];
  int go_[2];
};

int VerifyAndStore(const Genesis& genesis, const std::vector<CommitBlock>& commits,
                   const std::string& directory, StartingLine& line) {
  auto opened = RocksStore::Open(directory, genesis, std::nullopt);
  if (!opened || opened->store == nullptr) return 1;
  MessageVerifier verifier(genesis);
  if (!line.Wait()) return 1;
  for (const CommitBlock& commit : commits) {
    for (const TransactionPtr& transaction : commit.block->transactions) {
      if (!verifier.VerifyTransaction(transaction)) return 1;
    }
    if (!opened->store->Commit(commit)) return 1;
  }
  return 0;
}

}  // namespace

double MeasureCeiling(const Target& target, const std::vector<TransactionPtr>& transactions,
                      size_t processes, size_t block_transactions) {
  const std::vector<CommitBlock> commits =
      Prepare(target.genesis, transactions, block_transactions);
  const auto root = std::filesystem::path(target.nodes[0].data_dir).parent_path() / "ceiling";
  std::filesystem::create_directories(root);
  StartingLine line;
  std::vector<pid_t> children;
  for (size_t i = 0; i < processes; ++i) {
    const pid_t child = ::fork();
    if (child == 0) _exit(VerifyAndStore(target.genesis, commits, root / std::to_string(i), line));
    children.push_back(child);
  }
  line.StartAll(processes);
  const auto start = std::chrono::steady_clock::now();
  bool good = true;
  for (pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    good &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::filesystem::remove_all(root);
  if (!good) Fail("a process of the ceiling failed");
  return static_cast<double>(transactions.size()) / seconds;
}

}  // namespace beian::bench
