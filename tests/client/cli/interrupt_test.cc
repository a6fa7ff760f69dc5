#include "client/cli/interrupt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "client/cli/process.h"
#include "client/sdk/files.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"

namespace beian::client {
namespace {

TEST(InterruptDeathTest, TheFirstSignalIsRememberedAndTheSecondEnds) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        CatchInterrupts();
        if (Interrupted()) _exit(1);
        std::raise(SIGINT);
        if (!Interrupted()) _exit(2);
        std::raise(SIGINT);
        _exit(3);
      },
      testing::KilledBySignal(SIGINT), "");
}

/// The program at a node that brings nothing into a block; a signal comes once that node has what
/// was submitted. What it says.
std::string Cut(Desk& desk, std::vector<std::string> words, int& exit) {
  desk.node().commits = false;
  desk.node().before = [](const TestRequest&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return TestReply{0, "", "", false};
  };
  words.insert(words.begin(), {BEIAN_PROGRAM, "filing", "submit", "--key", "own", "--lang", "en",
                               "--config", desk.path("beian.toml")});
  const size_t before = desk.node().submissions;
  const auto pid = StartDetached(words, desk.path("said"));
  for (int i = 0; i < 1000 && desk.node().submissions == before; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  ::kill(*pid, SIGINT);
  int status = 0;
  EXPECT_EQ(::waitpid(*pid, &status, 0), *pid);
  exit = WEXITSTATUS(status);
  return *ReadFile(desk.path("said"), 100'000);
}

TEST(Interrupt, OfASubmissionSaysWhatGoesOnAndHowToContinue) {
  Desk desk;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  int exit = 0;
  const std::string said = Cut(desk, {file}, exit);
  EXPECT_EQ(exit, 130) << said;
  EXPECT_THAT(said, testing::HasSubstr("[client.interrupted]"));
  EXPECT_THAT(said, testing::HasSubstr("may still become final"));
  EXPECT_THAT(said, testing::HasSubstr("files nothing twice"));
  EXPECT_THAT(said, testing::HasSubstr("next: beian filing wait "));
  desk.node().commits = true;
  EXPECT_EQ(desk.Run({"filing", "submit", file, "--key", "own"}).exit, 0);
  EXPECT_EQ(desk.Json({"filing", "list"})["filings"].size(), 1u);
}

TEST(Interrupt, OfABulkSubmissionSaysThatTheSameCommandGoesOn) {
  Desk desk;
  const std::string file = desk.folder().Write("b", OrganisationJson());
  int exit = 0;
  const std::string said = Cut(desk, {"--bulk", file}, exit);
  EXPECT_EQ(exit, 130) << said;
  EXPECT_THAT(said, testing::HasSubstr("not final: 1"));
  EXPECT_THAT(said, testing::HasSubstr("Run the same command again"));
  desk.node().commits = true;
  EXPECT_EQ(desk.Run({"filing", "submit", "--bulk", file, "--key", "own"}).exit, 0);
  EXPECT_EQ(desk.Json({"filing", "list"})["filings"].size(), 1u);
}

}  // namespace
}  // namespace beian::client
