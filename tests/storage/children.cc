#include "tests/storage/children.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>

#include "ledger/base/check.h"
#include "tests/node/store/temp_directory.h"

namespace beian::storage {
namespace {

constexpr unsigned kCaseSecondsMax = 120;
constexpr size_t kDetailBytesMax = 240;
constexpr std::string_view kNamedEnd = "store.failure";  // what a read says before it ends all

/// A verdict where a child leaves it.
struct Slot {
  bool left;
  Outcome outcome;
  char detail[kDetailBytesMax];
};

struct Worker {
  pid_t child = -1;
  size_t next = 0;  ///< place in the list of numbers
};

/// What a child prints goes to a file, that of its last case only.
void PrintTo(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
  CHECK(descriptor >= 0);
  ::dup2(descriptor, STDOUT_FILENO);
  ::dup2(descriptor, STDERR_FILENO);
  ::close(descriptor);
}

Verdict VerdictOfDeath(int status, const std::string& last_words) {
  const std::string said = ReadTestFile(last_words);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return {Outcome::kHung, said};
  const bool aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
  if (aborted && said.find(kNamedEnd) != std::string::npos) return {Outcome::kEnded, said};
  return {Outcome::kCrashed, "status " + std::to_string(status) + ": " + said};
}

/// Copies a verdict to memory that outlives the child.
void Leave(const Verdict& verdict, Slot& slot) {
  slot.left = true;
  slot.outcome = verdict.outcome;
  const size_t length = std::min(verdict.detail.size(), kDetailBytesMax - 1);
  std::memcpy(slot.detail, verdict.detail.data(), length);
  slot.detail[length] = '\0';
}

std::string WorkFolder(const std::string& folder, size_t job) {
  return folder + "/job-" + std::to_string(job);
}

}  // namespace

void* MapShared(size_t size) {
  void* const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(memory != MAP_FAILED);
  return memory;
}

void UnmapShared(void* memory, size_t size) { ::munmap(memory, size); }

ChildEnd RunChild(const std::string& folder, const std::function<int()>& work) {
  const std::string last_words = folder + "/last-words";
  const pid_t child = ::fork();
  CHECK(child >= 0);
  if (child == 0) {
    PrintTo(last_words);
    ::alarm(kCaseSecondsMax);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) return {WEXITSTATUS(status), {}};
  return {-1, VerdictOfDeath(status, last_words)};
}

std::vector<Verdict> RunCases(const std::string& folder, const std::vector<size_t>& numbers,
                              size_t jobs, const Case& work) {
  Shared<Slot> slots(std::max<size_t>(numbers.size(), 1));
  Shared<size_t> at(jobs);  // the place that each worker is at
  std::vector<Worker> workers(jobs);
  const auto start = [&](size_t job) {
    Worker& worker = workers[job];
    worker.child = -1;
    if (worker.next >= numbers.size()) return;
    worker.child = ::fork();
    CHECK(worker.child >= 0);
    if (worker.child != 0) return;
    const std::string own = WorkFolder(folder, job);
    for (size_t place = worker.next; place < numbers.size(); place += jobs) {
      at[job] = place;
      ::alarm(kCaseSecondsMax);
      PrintTo(own + ".last-words");
      std::filesystem::remove_all(own);
      std::filesystem::create_directories(own);
      Leave(work(numbers[place], own), slots[place]);
    }
    ::_exit(0);
  };
  for (size_t job = 0; job < jobs; ++job) {
    workers[job].next = job;
    start(job);
  }
  int status = 0;
  for (pid_t ended = ::wait(&status); ended > 0; ended = ::wait(&status)) {
    for (size_t job = 0; job < jobs; ++job) {
      if (workers[job].child != ended || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) continue;
      Leave(VerdictOfDeath(status, WorkFolder(folder, job) + ".last-words"), slots[at[job]]);
      workers[job].next = at[job] + jobs;
      start(job);
    }
  }
  std::vector<Verdict> verdicts;
  for (size_t i = 0; i < numbers.size(); ++i) {
    verdicts.push_back(slots[i].left ? Verdict{slots[i].outcome, slots[i].detail}
                                     : Verdict{Outcome::kCrashed, "its process left no verdict"});
  }
  return verdicts;
}

}  // namespace beian::storage
