#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "client/cli/process.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/folder.h"
#include "tests/client/support/http_listener.h"
#include "tests/client/support/shell_node.h"

namespace beian::client {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

/// The number after `mark`.
uint16_t PortIn(const std::string& text, const std::string& mark) {
  const size_t at = text.rfind(mark);
  return at == std::string::npos
             ? uint16_t{0}
             : static_cast<uint16_t>(std::atoi(text.c_str() + at + mark.size()));
}

// Starting real nodes is for tests/cluster; here is what needs none.

TEST(ClusterCommand, WritesFoldersForHosts) {
  const Folder folder;
  const Ran ran = RunProgram({"cluster", "init", "-n", "4", "--dir", folder / "c", "--host",
                              "cac=10.0.0.1", "-o", "json"});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_EQ(ran.json()["nodes"].size(), 4u);
  EXPECT_EQ(RunProgram({"cluster", "init", "--dir", folder / "c"}).exit, 1);
  const Ran status = RunProgram({"cluster", "status", "--dir", folder / "c", "-o", "json"});
  EXPECT_EQ(status.exit, 5);
  EXPECT_EQ(status.json()["nodes"][0]["state"], "down");
  EXPECT_EQ(RunProgram({"cluster", "logs", "nobody", "--dir", folder / "c"}).exit, 3);
  EXPECT_EQ(RunProgram({"cluster", "down", "--dir", folder / "c"}).exit, 0);
  folder.Write("c/mine.txt", "kept");
  EXPECT_EQ(RunProgram({"cluster", "reset", "--dir", folder / "c"}).exit, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "c/keys"));
  EXPECT_TRUE(std::filesystem::exists(folder / "c/mine.txt"));
}

TEST(ClusterCommand, NamesTheProcessThatHoldsAPort) {
  const Folder folder;
  const HttpListener listener([](const TestRequest&) { return TestReply{}; });
  const Ran ran =
      RunProgram({"cluster", "up", "--dir", folder / "c", "--base-port",
                  std::to_string(listener.port()), "--beiand", "/bin/true", "--lang", "en"});
  if (listener.port() > 65'000) return;  // no room for the other ports above
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.error, HasSubstr("cluster.port_in_use"));
  EXPECT_THAT(ran.error, HasSubstr("process " + std::to_string(::getpid())));
  EXPECT_THAT(ran.error, ContainsRegex("next: beian cluster up --dir " + folder / "c" +
                                       " --base-port [0-9]+\n"));
  const uint16_t offered = PortIn(ran.error, "--base-port ");
  EXPECT_NE(offered, listener.port());
  EXPECT_FALSE(PortHolder(offered).has_value()) << offered;
  EXPECT_FALSE(std::filesystem::exists(folder / "c")) << "nothing is written before ports are free";
}

TEST(ClusterCommand, RefusesNumbersThatCannotBe) {
  const Folder folder;
  const auto up = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"cluster",    "up",       "--dir",
                                      folder / "c", "--beiand", "/bin/true"};
    words.insert(words.end(), more.begin(), more.end());
    return RunProgram(words).exit;
  };
  EXPECT_EQ(up({"-n", "0"}), 2);
  EXPECT_EQ(up({"-n", "33"}), 2);
  EXPECT_EQ(up({"--base-port", "65500"}), 2);
  EXPECT_EQ(RunProgram({"cluster", "up", "--beiand", folder / "none"}).exit, 3);
  EXPECT_EQ(RunProgram({"cluster", "status", "--dir", folder / "c"}).exit, 3);
}

TEST(ClusterCommand, DoesNotIgnoreOtherPortsOrAnotherSizeOfAClusterThatIsThere) {
  const Folder folder;
  ASSERT_EQ(RunProgram({"cluster", "init", "--dir", folder / "c", "--base-port", "18700"}).exit, 0);
  const auto up = [&](const std::string& option, const std::string& value) {
    return RunProgram({"cluster", "up", "--dir", folder / "c", "--beiand", "/bin/true", option,
                       value, "--lang", "en"});
  };
  const Ran ports = up("--base-port", "18800");
  EXPECT_EQ(ports.exit, 2);
  EXPECT_THAT(ports.error, HasSubstr("cluster.other_ports"));
  EXPECT_THAT(ports.error, HasSubstr("begin at 18700"));
  EXPECT_THAT(ports.error, HasSubstr("next: beian cluster up --dir " + folder / "c" + "\n"));
  const Ran size = up("-n", "5");
  EXPECT_THAT(size.error, HasSubstr("cluster.other_size"));
  EXPECT_THAT(size.error, ContainsRegex("next: beian cluster up --dir " + folder / "c-2" +
                                        " -n 5 --base-port [0-9]+\n"));
}

TEST(ClusterCommand, OffersAnotherFolderWhereThePortsOfAClusterAreHeld) {
  const Folder folder;
  const HttpListener listener([](const TestRequest&) { return TestReply{}; });
  if (listener.port() > 65'000) return;
  ASSERT_EQ(RunProgram({"cluster", "init", "--dir", folder / "c", "--base-port",
                        std::to_string(listener.port())})
                .exit,
            0);
  const Ran ran =
      RunProgram({"cluster", "up", "--dir", folder / "c", "--beiand", "/bin/true", "--lang", "en"});
  EXPECT_THAT(ran.error, HasSubstr("cluster.port_in_use"));
  EXPECT_THAT(ran.error, ContainsRegex("next: beian cluster up --dir " + folder / "c-2" +
                                       " --base-port [0-9]+\n"))
      << "the ports of a cluster that is there do not change";
}

TEST(ClusterCommand, DeletesNothingUnlessTheFolderIsNamed) {
  const Folder folder;
  ASSERT_EQ(RunProgram({"cluster", "init", "--dir", folder / "c"}).exit, 0);
  const Ran ran =
      RunProgram({"cluster", "reset", "--config", folder / "c/beian.toml", "--lang", "en"});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.error, HasSubstr("usage.no_dir"));
  EXPECT_THAT(ran.error, HasSubstr("next: beian cluster reset --dir " + folder / "c" + "\n"));
  EXPECT_TRUE(std::filesystem::exists(folder / "c/keys"));
  EXPECT_THAT(RunProgram({"cluster", "reset", "--lang", "en"}).error,
              HasSubstr("next: beian cluster reset --dir DIR\n"));
}

TEST(ClusterCommand, HelpNamesTheFolderThatIsTaken) {
  for (const char* verb : {"up", "down", "status", "logs"}) {
    EXPECT_THAT(RunProgram({"cluster", verb, "--help", "--lang", "en"}).out,
                HasSubstr("that of the connection file in use, else beian-cluster"))
        << verb;
  }
  const std::string reset = RunProgram({"cluster", "reset", "--help", "--lang", "en"}).out;
  EXPECT_EQ(reset.find("beian-cluster"), std::string::npos) << reset;
}

TEST(ClusterCommand, SaysWhereTheClustersOwnFileIsDamagedAndWhatHelps) {
  const Folder folder;
  ASSERT_EQ(RunProgram({"cluster", "init", "--dir", folder / "c"}).exit, 0);
  folder.Write("c/cluster.json", "{\n  \"local\": true,\n  nodes\n}\n");
  const Ran broken = RunProgram({"cluster", "status", "--dir", folder / "c", "--lang", "en"});
  EXPECT_THAT(broken.error, HasSubstr("Line 3: "));
  EXPECT_THAT(broken.error, HasSubstr(folder / "c/cluster.json"));
  EXPECT_EQ(broken.error.find("json.exception"), std::string::npos) << broken.error;
  EXPECT_EQ(broken.error.find("cluster reset"), std::string::npos) << "which reads the same file";
  folder.Write("c/cluster.json", "{\"local\": true}\n");
  const Ran lacking = RunProgram({"cluster", "status", "--dir", folder / "c", "--lang", "en"});
  EXPECT_THAT(lacking.error, HasSubstr("`nodes`"));
  EXPECT_EQ(lacking.error.find("json.exception"), std::string::npos) << lacking.error;
}

/// A port that listens and never answers, as that of a process that was stopped.
class SilentPort {
 public:
  SilentPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, any, size), 0);
    EXPECT_EQ(::listen(socket_, 1), 0);
    ::getsockname(socket_, any, &size);
    port_ = ntohs(address.sin_port);
  }
  ~SilentPort() { ::close(socket_); }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  uint16_t port() const { return port_; }

 private:
  int socket_;
  uint16_t port_ = 0;
};

TEST(ClusterCommand, TellsASilentNodeFromOneThatStartsAndSaysWhatStartsItAgain) {
  const Folder folder;
  const SilentPort silent;
  ASSERT_EQ(RunProgram({"cluster", "init", "--dir", folder / "c", "--base-port",
                        std::to_string(silent.port() - 100)})
                .exit,
            0);
  std::vector<pid_t> processes;
  for (const std::string node : {"cac", "beijing"}) {
    const std::string in = "c/nodes/" + node;
    const pid_t pid =
        StartShellNode(folder, "sleep 60; true", folder / (in + "/beiand.toml"), "-" + node);
    processes.push_back(pid);
    folder.Write(in + "/node.pid", std::to_string(pid) + "\n");
  }
  const Ran text = RunProgram({"cluster", "status", "--dir", folder / "c", "--lang", "en"});
  const Ran json = RunProgram({"cluster", "status", "--dir", folder / "c", "-o", "json"});
  for (const pid_t pid : processes) ::kill(-pid, SIGKILL);
  EXPECT_EQ(text.exit, 5) << text.error;
  EXPECT_EQ(json.json()["nodes"][0]["state"], "silent");
  EXPECT_EQ(json.json()["nodes"][1]["state"], "starting");
  EXPECT_EQ(json.json()["nodes"][2]["state"], "down");
  const std::string kill = "kill -KILL " + std::to_string(processes[0]);
  const std::string up = "beian cluster up --dir " + folder / "c";
  EXPECT_EQ(json.json()["next"][0], kill);
  EXPECT_EQ(json.json()["next"][1], up);
  EXPECT_THAT(text.out, HasSubstr("Next:\n  " + kill + "\n  " + up + "\n"));
}

TEST(ClusterCommand, SaysWhichNodeKeepsItWaiting) {
  const Folder folder;
  ASSERT_EQ(RunProgram({"cluster", "init", "--dir", folder / "c"}).exit, 0);
  const pid_t pid = StartShellNode(folder, "trap '' TERM; sleep 60; true",
                                   folder / "c/nodes/cac/beiand.toml");
  folder.Write("c/nodes/cac/node.pid", std::to_string(pid) + "\n");
  testing::internal::CaptureStderr();
  const Ran ran =
      RunProgram({"cluster", "down", "--dir", folder / "c", "--timeout", "2", "--lang", "en"});
  const std::string said = testing::internal::GetCapturedStderr();
  ::kill(-pid, SIGKILL);
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(said, HasSubstr("Waiting for cac (process " + std::to_string(pid) + ")"));
}

TEST(ClusterCommand, IsAboutTheClusterOfTheConnectionFile) {
  const Folder folder;
  ASSERT_EQ(RunProgram({"cluster", "init", "--dir", folder / "c", "-o", "json"}).exit, 0);
  const Ran ran =
      RunProgram({"cluster", "status", "--config", folder / "c/beian.toml", "-o", "json"});
  EXPECT_EQ(ran.exit, 5) << ran.error;
  EXPECT_EQ(ran.json()["dir"], folder / "c");
}

}  // namespace
}  // namespace beian::client
