#include "client/cli/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>

#include "client/sdk/files.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr size_t kOutputBytesMax = 64 << 10;
constexpr int kExecFailed = 127;

std::vector<char*> Arguments(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

/// In the child: becomes the program, or ends.
[[noreturn]] void Become(const std::vector<std::string>& command, int output, int errors) {
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execv(command.front().c_str(), Arguments(command).data());
  ::_exit(kExecFailed);
}

std::string ReadProc(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The socket inode that listens on a port, from /proc/net/tcp and tcp6.
std::string ListeningInode(uint16_t port) {
  constexpr std::string_view kListen = "0A";
  const std::string suffix = fmt::format(":{:04X}", port);
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::istringstream lines(ReadProc(table));
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
      words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
          timeout >> inode;
      if (state == kListen && local.ends_with(suffix)) return inode;
    }
  }
  return {};
}

fs::path FolderOf(pid_t pid) {
  return fs::path("/proc") / std::to_string(pid);
}

/// The process that has a socket open; nothing when it may not be seen.
std::optional<Holder> ProcessOfInode(const std::string& inode) {
  const std::string wanted = fmt::format("socket:[{}]", inode);
  std::error_code error;
  for (const pid_t pid : AllProcesses()) {
    for (const auto& descriptor : fs::directory_iterator(FolderOf(pid) / "fd", error)) {
      std::error_code ignored;
      if (fs::read_symlink(descriptor.path(), ignored) != wanted) continue;
      std::string name = ReadProc(FolderOf(pid) / "comm");
      while (name.ends_with('\n')) name.pop_back();
      return Holder{pid, fmt::format("process {} ({})", pid, Printable(name))};
    }
  }
  return std::nullopt;
}

std::vector<std::string> CommandLineOf(pid_t pid) {
  std::istringstream line(ReadProc(FolderOf(pid) / "cmdline"));
  std::vector<std::string> words;
  for (std::string word; std::getline(line, word, '\0');) words.push_back(std::move(word));
  return words;
}

}  // namespace

std::vector<pid_t> AllProcesses() {
  std::vector<pid_t> all;
  std::error_code error;
  for (const auto& process : fs::directory_iterator("/proc", error)) {
    const std::string name = process.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos) all.push_back(std::stoi(name));
  }
  std::ranges::sort(all);
  return all;
}

fs::path ProgramFolder() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

std::expected<pid_t, ClientError> StartDetached(const std::vector<std::string>& command,
                                                const fs::path& log) {
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (output < 0) {
    return std::unexpected(FileError("file.cannot_write", "The log cannot be opened", log, errno));
  }
  // The writing end closes when the program has taken the child over: until then its command line
  // is ours, and IsNode would not know it.
  int started[2] = {-1, -1};
  const bool piped = ::pipe2(started, O_CLOEXEC) == 0;
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setsid();
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    Become(command, output, output);
  }
  const int number = errno;
  ::close(output);
  if (piped) {
    ::close(started[1]);
    char nothing;
    while (pid > 0 && ::read(started[0], &nothing, 1) < 0 && errno == EINTR) {
    }
    ::close(started[0]);
  }
  if (pid > 0) return pid;
  return std::unexpected(
      FileError("process.cannot_start", "The program cannot be started", command.front(), number));
}

std::expected<Finished, ClientError> RunToEnd(const std::vector<std::string>& command) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return std::unexpected(
        FileError("process.cannot_start", "No pipe can be made", command.front(), errno));
  }
  const pid_t pid = ::fork();
  if (pid == 0) Become(command, ends[1], ends[1]);
  ::close(ends[1]);
  Finished finished;
  char chunk[4096];
  for (ssize_t count = 0; (count = ::read(ends[0], chunk, sizeof(chunk))) > 0;) {
    const size_t room = kOutputBytesMax - std::min(kOutputBytesMax, finished.output.size());
    finished.output.append(chunk, std::min(room, static_cast<size_t>(count)));
  }
  ::close(ends[0]);
  int status = 0;
  if (pid < 0 || ::waitpid(pid, &status, 0) < 0) {
    return std::unexpected(
        FileError("process.cannot_start", "The program cannot be started", command.front(), errno));
  }
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

std::expected<int, ClientError> StartPiped(const std::vector<std::string>& command, int messages) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return std::unexpected(
        FileError("process.cannot_start", "No pipe can be made", command.front(), errno));
  }
  const pid_t pid = ::fork();
  if (pid == 0) Become(command, ends[1], messages);
  const int number = errno;
  ::close(ends[1]);
  if (pid > 0) return ends[0];
  ::close(ends[0]);
  return std::unexpected(
      FileError("process.cannot_start", "The program cannot be started", command.front(), number));
}


std::optional<fs::path> NodeConfigOf(pid_t pid) {
  ::waitpid(pid, nullptr, WNOHANG);  // if it is our child and has ended, let it go
  const auto words = CommandLineOf(pid);
  const auto option = std::ranges::find(words, "--config");
  if (option == words.end() || option + 1 == words.end()) return std::nullopt;
  constexpr std::ptrdiff_t kNames = 2;   // a program, or the shell of a script and the script
  const auto end = words.begin() + std::min(kNames, option - words.begin());
  const bool is_beiand = std::any_of(words.begin(), end, [](const std::string& word) {
    return fs::path(word).filename().string().find("beiand") != std::string::npos;
  });
  if (!is_beiand) return std::nullopt;
  std::error_code error;
  const fs::path folder = fs::read_symlink(FolderOf(pid) / "cwd", error);
  return (folder / *(option + 1)).lexically_normal();
}

bool IsNode(pid_t pid, const fs::path& config) {
  return NodeConfigOf(pid) == fs::absolute(config).lexically_normal();
}

std::optional<pid_t> ReadPid(const fs::path& file) {
  std::ifstream stream(file);
  pid_t pid = 0;
  if (!(stream >> pid) || pid <= 1) return std::nullopt;
  return pid;
}

std::optional<Holder> PortHolder(uint16_t port) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int bound = ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  const int number = errno;
  ::close(probe);
  if (bound == 0) return std::nullopt;
  if (number != EADDRINUSE) return Holder{0, std::strerror(number)};
  return ProcessOfInode(ListeningInode(port)).value_or(Holder{0, "a process of another user"});
}

}  // namespace beian::client
