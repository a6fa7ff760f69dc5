#include "client/cli/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>

#include "client/sdk/files.h"
#include "tests/client/support/folder.h"
#include "tests/client/support/http_listener.h"
#include "tests/client/support/shell_node.h"

namespace beian::client {
namespace {

TEST(Process, RunsAProgramToItsEnd) {
  const auto finished = RunToEnd({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_TRUE(finished.has_value());
  EXPECT_EQ(finished->exit_code, 3);
  EXPECT_EQ(finished->output, "out\nerr\n");
  EXPECT_EQ(RunToEnd({"/no/such/program"})->exit_code, 127);
}

/// Whether something becomes true within ten seconds.
bool Becomes(const std::function<bool()>& true_now) {
  for (int i = 0; i < 500; ++i) {
    if (true_now()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

TEST(Process, StartsOneThatOutlivesTheCommandAndLogs) {
  const Folder folder;
  const auto pid = StartDetached({"/bin/sh", "-c", "echo started; sleep 60; :"}, folder / "log");
  ASSERT_TRUE(pid.has_value());
  EXPECT_EQ(::getsid(*pid), *pid) << "a terminal that closes would end it";
  EXPECT_FALSE(IsNode(*pid, "beiand.toml")) << "it is another program";
  EXPECT_TRUE(Becomes([&] { return *ReadFile(folder / "log", 100) == "started\n"; }));
  ::kill(-*pid, SIGKILL);  // it leads a group of its own
  EXPECT_TRUE(Becomes([&] { return ::kill(*pid, 0) != 0 || ::waitpid(*pid, nullptr, 0) > 0; }));
}

TEST(Process, ANodeIsKnownByItsProgramAndItsConfigurationAlone) {
  const Folder folder;
  const std::string config = folder / "n/beiand.toml";
  const pid_t pid = StartShellNode(folder, "sleep 60; :", config);
  EXPECT_TRUE(IsNode(pid, config)) << "known from the moment that the call returns";
  EXPECT_FALSE(IsNode(pid, config + ".bak"));
  EXPECT_FALSE(IsNode(pid, folder / "n"));
  ::kill(-pid, SIGKILL);
  EXPECT_TRUE(Becomes([&] { return !IsNode(pid, config); }));
}

TEST(Process, GivesTheOutputOfAProgramAsAStream) {
  const auto output = StartPiped({"/bin/echo", "hello"});
  ASSERT_TRUE(output.has_value());
  char text[6] = "";
  EXPECT_EQ(::read(*output, text, 5), 5);
  EXPECT_STREQ(text, "hello");
  ::close(*output);
}

TEST(Process, ReadsIdsOfRealProcessesOnly) {
  const Folder folder;
  EXPECT_EQ(ReadPid(folder.Write("p", "4711\n")), 4711);
  for (const char* text : {"", "x", "0", "1", "-5"}) {
    EXPECT_EQ(ReadPid(folder.Write("p", text)), std::nullopt) << text;
  }
}

TEST(Process, NamesWhoHoldsAPort) {
  uint16_t port = 0;
  {
    const HttpListener listener([](const TestRequest&) { return TestReply{}; });
    port = listener.port();
    const auto holder = PortHolder(port);
    ASSERT_TRUE(holder.has_value());
    EXPECT_THAT(holder->said, testing::HasSubstr(std::to_string(::getpid())));
    EXPECT_EQ(holder->pid, ::getpid());
  }
  EXPECT_FALSE(PortHolder(port).has_value());
}

TEST(Process, MessagesOfAPipedProgramGoWhereTheyAreSent) {
  std::FILE* messages = std::tmpfile();
  const auto output = StartPiped({"/bin/sh", "-c", "echo out; echo note >&2"}, ::fileno(messages));
  ASSERT_TRUE(output.has_value());
  std::string text(16, '\0');
  text.resize(static_cast<size_t>(::read(*output, text.data(), text.size())));
  EXPECT_EQ(text, "out\n");
  while (::read(*output, text.data(), text.size()) > 0) continue;
  ::close(*output);
  std::rewind(messages);
  char note[16] = "";
  EXPECT_STREQ(std::fgets(note, sizeof(note), messages), "note\n");
  std::fclose(messages);
}

}  // namespace
}  // namespace beian::client
