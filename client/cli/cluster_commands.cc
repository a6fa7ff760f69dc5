#include <fmt/format.h>
#include <signal.h>

#include <fstream>
#include <set>

#include "client/cli/actions.h"
#include "client/cli/cluster_next.h"
#include "client/cli/cluster_plan.h"
#include "client/cli/command.h"
#include "client/cli/folder_lock.h"
#include "client/cli/interrupt.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/orphans.h"
#include "client/cli/process.h"
#include "client/cli/session.h"
#include "client/sdk/files.h"
#include "client/sdk/http_client.h"
#include "client/sdk/reply.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDefaultDir = "beian-cluster";
constexpr uint64_t kUpTimeoutSeconds = 60;
constexpr uint64_t kDownTimeoutSeconds = 20;
constexpr uint64_t kPollMs = 100;
constexpr uint64_t kTellOfWaitMs = 1'000;  ///< a healthy node ends in less
constexpr uint64_t kStatusTimeoutMs = 2000;
constexpr uint64_t kLogLinesDefault = 20;
constexpr size_t kLogBytesMax = 256 << 20;
constexpr const char* kStarting = "starting";  ///< it runs, and does not listen yet
constexpr const char* kSilent = "silent";      ///< it listens, and does not answer

struct NodeState {
  std::optional<pid_t> pid;  ///< when it runs
  std::string state = "down";
  std::optional<uint64_t> height;  ///< when it says so
};

fs::path FolderOfFile(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// --dir, else the cluster whose connection file is in use, else ./beian-cluster. A connection file
/// that is named and cannot be read is an error, unless nodes still run in its folder.
std::expected<fs::path, ClientError> DirOf(const Session& session, const Values& values) {
  if (values.Has("dir")) return values.Text("dir");
  const auto connection = ReadConnection(session.flags().connection);
  if (!connection) {
    const fs::path folder = FolderOfFile(connection.error().object);
    if (OrphansOf(folder).empty()) return std::unexpected(connection.error());
    return folder;
  }
  for (const fs::path& file : connection->files) {
    if (ClusterExists(FolderOfFile(file))) return FolderOfFile(file);
  }
  return kDefaultDir;
}

/// The cluster that a command is about; it is there.
std::expected<ClusterPlan, ClientError> PlanOf(const Session& session, const Values& values) {
  BEIAN_TRY(dir, DirOf(session, values));
  if (const auto none = RefuseOrphans(dir); !none) return std::unexpected(none.error());
  return LoadPlan(dir);
}

NodeState StateOf(const ClusterNode& node) {
  NodeState state;
  state.pid = RunningPid(node);
  if (!state.pid) return state;
  HttpClient http;
  const auto reply = http.Get(node.api_url() + "/v1/status", "application/json", kStatusTimeoutMs);
  if (!reply) {
    state.state = reply.error().id == "node.timeout" ? kSilent : kStarting;
    return state;
  }
  const auto status = KeptPromise(*reply, node.api_url(), BrokenStatus);
  state.state = status ? Printable((*status)["state"].get<std::string>()) : "bad_reply";
  if (status) state.height = (*status)["committed_height"].get<uint64_t>();
  return state;
}

Json RowsOf(const ClusterPlan& plan, const std::vector<NodeState>& states) {
  Json rows = Json::array();
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    const ClusterNode& node = plan.nodes[i];
    rows.push_back({{"name", node.name},
                    {"state", states[i].state},
                    {"height", states[i].height ? Json(*states[i].height) : Json(nullptr)},
                    {"pid", states[i].pid ? Json(*states[i].pid) : Json(nullptr)},
                    {"api", node.api_url()},
                    {"peers", fmt::format("{}:{}", node.host, node.peers_port)},
                    {"operations", fmt::format("http://127.0.0.1:{}", node.operations_port)}});
  }
  return rows;
}

Outcome ClusterReport(const ClusterPlan& plan, const std::vector<NodeState>& states,
                      const std::string& tail) {
  Outcome outcome;
  Report& report = outcome.report;
  report.schema = "cluster";
  report.rows = "nodes";
  report.columns = {{"name", "Node"},
                    {"state", "State", false, ShownWord<"state">},
                    {"height", "Height", true},
                    {"pid", "Pid", true},
                    {"api", "API"},
                    {"peers", "Peers"},
                    {"operations", "Operations"}};
  report.body = {{"dir", plan.dir.string()},
                 {"connection", (plan.dir / "beian.toml").string()},
                 {"genesis", (plan.dir / "genesis.toml").string()},
                 {"nodes", RowsOf(plan, states)}};
  report.text = RenderTable(report.body["nodes"], report.columns) + tail;
  return outcome;
}

std::string NextCommands(const ClusterPlan& plan) {
  const fs::path folders[] = {ProgramFolder(), fs::current_path()};
  return FirstCommands(plan, FindExample(folders));
}

std::expected<std::string, ClientError> FindBeiand(const Values& values) {
  fs::path program = values.Text("beiand");
  if (program.empty()) program = ProgramFolder() / "beiand";
  std::error_code ignored;
  if (fs::exists(program, ignored)) return fs::absolute(program).string();
  return std::unexpected(ClientError{"cluster.no_beiand", "The program of the node is not there.",
                                     program.string(), "Build it, or give --beiand FILE.", "",
                                     Exit::kNotFound, 0});
}

/// Both counts and ports from the flags; the folder that already is a cluster wins.
std::expected<ClusterPlan, ClientError> NewPlan(const fs::path& dir, const Values& values) {
  const uint64_t nodes = values.Number("count", kClusterNodesDefault);
  const uint64_t port = values.Number("base-port", kBasePortDefault);
  if (nodes < 1 || nodes > kClusterNodesMax || port < 1 || port > kBasePortMax) {
    return std::unexpected(ClientError{
        "usage.bad_number", "A cluster has 1 to 32 nodes, and its ports must fit below 65536.",
        fmt::format("-n {} --base-port {}", nodes, port), "Give other numbers.",
        "beian cluster up --help", Exit::kUsage, 0});
  }
  std::map<std::string, std::string> hosts;
  for (const std::string& text : values.Texts("host")) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return std::unexpected(ClientError{"usage.bad_host", "A host is NAME=ADDRESS.",
                                         Printable(text), "Write it like beijing=10.0.0.2.", "",
                                         Exit::kUsage, 0});
    }
    hosts[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return MakePlan(dir, nodes, static_cast<uint16_t>(port), hosts);
}

ClientError PortInUse(const ClusterPlan& plan, const ClusterNode& node, uint16_t port,
                      const Holder& holder, bool fresh) {
  ClientError error{"cluster.port_in_use",
                    fmt::format("Port {} is held by {}.", port, holder.said),
                    fmt::format("{} of {}", port, node.name),
                    fresh ? "End that process, or give --base-port P."
                          : "End that process: the ports of a cluster do not change. Or make "
                            "another.",
                    "",
                    Exit::kFailed,
                    0};
  if (const auto gone = GoneClusterOf(holder.pid)) {
    error.remedy = fmt::format("It is a node of {}, which is gone: end its nodes.",
                               gone->string());
    error.next = KillCommand(OrphansOf(*gone));
  } else {
    error.next = UpCommand(fresh ? plan.dir : OtherFolder(plan.dir), plan.nodes.size());
  }
  return error;
}

/// `fresh`: there is no cluster yet that has its ports already.
std::expected<void, ClientError> CheckPorts(const ClusterPlan& plan, bool fresh) {
  for (const ClusterNode& node : plan.nodes) {
    if (RunningPid(node)) continue;
    for (const uint16_t port : {node.peers_port, node.api_port, node.operations_port}) {
      if (const auto holder = PortHolder(port)) {
        return std::unexpected(PortInUse(plan, node, port, *holder, fresh));
      }
    }
  }
  return {};
}

/// New folders only: a node that lost its log must never be initialised again.
std::expected<void, ClientError> Initialise(const ClusterPlan& plan, const std::string& beiand) {
  for (const ClusterNode& node : plan.nodes) {
    const auto finished = RunToEnd({beiand, "--config", node.config().string(), "--init"});
    if (!finished) return std::unexpected(finished.error());
    if (finished->exit_code == 0) continue;
    return std::unexpected(ClientError{"cluster.init_failed", PrintableLines(finished->output),
                                       node.name, "Mend what the message names.",
                                       "beian cluster reset --dir " + plan.dir.string(),
                                       Exit::kFailed, 0});
  }
  return {};
}

std::string LastLines(const fs::path& file, uint64_t count) {
  const auto text = ReadFile(file, kLogBytesMax);
  if (!text) return {};
  size_t start = text->size();
  for (uint64_t lines = 0; start > 0; --start) {
    if ((*text)[start - 1] == '\n' && start != text->size() && ++lines >= count) break;
  }
  return text->substr(start);
}

/// Starts those that do not run; their names.
std::expected<std::set<std::string>, ClientError> StartNodes(const ClusterPlan& plan,
                                                             const std::string& beiand) {
  std::set<std::string> started;
  for (const ClusterNode& node : plan.nodes) {
    if (RunningPid(node)) continue;
    const auto pid = StartDetached({beiand, "--config", node.config().string()}, node.log());
    if (!pid) return std::unexpected(pid.error());
    const auto written = WriteFile(node.pid_file(), fmt::format("{}\n", *pid), kPublicFileMode);
    if (!written) return std::unexpected(written.error());
    started.insert(node.name);
  }
  return started;
}

ClientError NotUp(const ClusterPlan& plan, size_t ready, const std::vector<std::string>& silent) {
  ClientError error{"cluster.no_block",
                    fmt::format("No quorum of {} nodes is ready yet.", QuorumOf(plan.nodes.size())),
                    plan.dir.string(),
                    "Wait, or look at the logs.",
                    "beian cluster status",
                    Exit::kNotFinal,
                    0};
  if (ready >= QuorumOf(plan.nodes.size())) {
    error.id = "cluster.not_listening";
    error.message = "A quorum is ready, but a node that was started does not answer yet.";
    error.object = fmt::format("{}", fmt::join(silent, ", "));
  }
  if (Interrupted()) error.exit = Exit::kInterrupted;
  return error;
}

/// Until a quorum is ready and shows a block, each of those that were `started` answers, and the
/// rest had a moment more; or a node has ended.
std::expected<std::vector<NodeState>, ClientError> WaitForBlock(
    const ClusterPlan& plan, const std::set<std::string>& started, uint64_t timeout_ms) {
  const size_t quorum = QuorumOf(plan.nodes.size());
  const uint64_t deadline = NowMs() + timeout_ms;
  std::optional<uint64_t> quorum_since;
  while (true) {
    std::vector<NodeState> states;
    size_t ready = 0;
    std::vector<std::string> silent;
    for (const ClusterNode& node : plan.nodes) {
      states.push_back(StateOf(node));
      const bool answers = states.back().state != kStarting && states.back().state != kSilent;
      if (!answers && started.contains(node.name)) silent.push_back(node.name);
      ready += states.back().state == "ready" && states.back().height.value_or(0) > 0 ? 1 : 0;
      if (states.back().pid) continue;
      return std::unexpected(ClientError{"cluster.node_ended",
                                         "A node has ended. The last lines of its log:\n" +
                                             PrintableLines(LastLines(node.log(), 5)),
                                         node.name, "Mend what the log names, then start again.",
                                         fmt::format("beian cluster logs {}", node.name),
                                         Exit::kFailed, 0});
    }
    if (ready < quorum) quorum_since.reset();
    if (ready >= quorum && !quorum_since) quorum_since = NowMs();
    const uint64_t quorum_ms = quorum_since ? NowMs() - *quorum_since : 0;
    if (IsUp(plan.nodes.size(), ready, silent.empty(), quorum_ms)) return states;
    const bool rest_only = quorum_since && silent.empty();
    if ((!rest_only && NowMs() > deadline) || Interrupted()) {
      return std::unexpected(NotUp(plan, ready, silent));
    }
    SleepMs(kPollMs);
  }
}

/// A size and ports that were given, and the cluster that is there has others.
std::expected<void, ClientError> RefuseOther(const ClusterPlan& plan, const Values& values) {
  const uint64_t asked = values.Number("count", plan.nodes.size());
  if (asked != plan.nodes.size()) {
    return std::unexpected(ClientError{
        "cluster.other_size", fmt::format("This cluster has {} nodes.", plan.nodes.size()),
        plan.dir.string(), "Leave -n out, or make another in another folder.",
        UpCommand(OtherFolder(plan.dir), std::min<size_t>(asked, kClusterNodesMax)), Exit::kUsage,
        0});
  }
  const uint64_t port = plan.nodes.front().peers_port;
  if (values.Number("base-port", port) != port) {
    return std::unexpected(ClientError{
        "cluster.other_ports", fmt::format("The ports of this cluster begin at {}.", port),
        plan.dir.string(), "Leave --base-port out, or make another in another folder.",
        "beian cluster up --dir " + plan.dir.string(), Exit::kUsage, 0});
  }
  return {};
}

struct StartedCluster {
  ClusterPlan plan;
  bool fresh = false;
  std::set<std::string> nodes;  ///< names of those that did not run before
};

/// Makes the cluster when it is not there, and starts what does not run: one command at a time.
std::expected<StartedCluster, ClientError> Start(const Session& session, const fs::path& dir,
                                                 const Values& values, const std::string& beiand) {
  const auto lock = FolderLock::Take(session, dir);
  if (!lock) return std::unexpected(lock.error());
  if (const auto none = RefuseOrphans(dir); !none) return std::unexpected(none.error());
  const bool fresh = !ClusterExists(dir);
  BEIAN_TRY(plan, fresh ? NewPlan(dir, values) : LoadPlan(dir));
  if (const auto same = RefuseOther(plan, values); !same) return std::unexpected(same.error());
  if (const auto free = CheckPorts(plan, fresh); !free) return std::unexpected(free.error());
  if (fresh) {
    if (const auto made = WriteCluster(plan, NowMs()); !made) return std::unexpected(made.error());
    if (const auto made = Initialise(plan, beiand); !made) return std::unexpected(made.error());
  }
  CatchInterrupts();
  BEIAN_TRY(nodes, StartNodes(plan, beiand));
  return StartedCluster{std::move(plan), fresh, std::move(nodes)};
}

CommandResult Up(Session& session, const Values& values) {
  BEIAN_TRY(beiand, FindBeiand(values));
  BEIAN_TRY(dir, DirOf(session, values));
  BEIAN_TRY(started, Start(session, dir, values, beiand));
  session.Say(Tr("Waiting for a quorum and the first block..."));
  BEIAN_TRY(states, WaitForBlock(started.plan, started.nodes,
                                 values.Number("timeout", kUpTimeoutSeconds) * kMsPerSecond));
  return ClusterReport(started.plan, states,
                       started.fresh ? NextCommands(started.plan) : UseCommand(started.plan));
}

/// Says of a node that has not ended soon that it is waited for.
void StopNodes(const Session& session, const ClusterPlan& plan, uint64_t timeout_ms) {
  std::vector<std::pair<pid_t, const ClusterNode*>> running;
  for (const ClusterNode& node : plan.nodes) {
    const auto pid = RunningPid(node);
    if (!pid) continue;
    ::kill(*pid, SIGTERM);
    running.emplace_back(*pid, &node);
  }
  const uint64_t start = NowMs();
  const uint64_t deadline = start + timeout_ms;
  for (const auto& [pid, node] : running) {
    bool told = false;
    while (IsNode(pid, node->config()) && NowMs() < deadline) {
      SleepMs(kPollMs);
      if (told || NowMs() < start + kTellOfWaitMs) continue;
      told = true;
      session.Say(fmt::format(fmt::runtime(Tr("Waiting for {} (process {}), at most {} s...")),
                              node->name, pid, timeout_ms / kMsPerSecond));
    }
    if (IsNode(pid, node->config())) ::kill(pid, SIGKILL);
    std::error_code ignored;
    fs::remove(node->pid_file(), ignored);
  }
}

CommandResult Down(Session& session, const Values& values) {
  BEIAN_TRY(plan, PlanOf(session, values));
  const auto lock = FolderLock::Take(session, plan.dir);
  if (!lock) return std::unexpected(lock.error());
  StopNodes(session, plan, values.Number("timeout", kDownTimeoutSeconds) * kMsPerSecond);
  return ClusterReport(plan, std::vector<NodeState>(plan.nodes.size()), "");
}

CommandResult Status(Session& session, const Values& values) {
  BEIAN_TRY(plan, PlanOf(session, values));
  std::vector<NodeState> states;
  std::vector<pid_t> silent;
  size_t up = 0;
  for (const ClusterNode& node : plan.nodes) {
    const NodeState& state = states.emplace_back(StateOf(node));
    if (state.state == kSilent) {
      silent.push_back(*state.pid);
    } else {
      up += state.pid ? 1 : 0;
    }
  }
  const auto next = RestartCommands(plan, up, silent);
  const std::string tail =
      next.empty() ? "" : fmt::format("\n{}\n  {}\n", Tr("Next:"), fmt::join(next, "\n  "));
  Outcome outcome = ClusterReport(plan, states, tail);
  outcome.report.body["next"] = next;
  if (up < QuorumOf(plan.nodes.size())) outcome.exit = Exit::kUnreachable;
  return outcome;
}

CommandResult Logs(Session& session, const Values& values) {
  BEIAN_TRY(plan, PlanOf(session, values));
  Outcome outcome;
  outcome.report.schema = "logs";
  outcome.report.rows = "lines";
  outcome.report.columns = {{"node", "Node"}, {"line", "Line"}};
  Json rows = Json::array();
  bool found = !values.Has("node");
  for (const ClusterNode& node : plan.nodes) {
    if (values.Has("node") && values.Text("node") != node.name) continue;
    found = true;
    std::istringstream lines(LastLines(node.log(), values.Number("lines", kLogLinesDefault)));
    for (std::string line; std::getline(lines, line);) {
      outcome.report.text += fmt::format("{}  {}\n", PadTo(node.name, 12), Printable(line));
      rows.push_back({{"node", node.name}, {"line", line}});
    }
  }
  outcome.report.body["lines"] = std::move(rows);
  if (found) return outcome;
  return std::unexpected(ClientError{
      "cluster.no_node", "The cluster has no such node.", Printable(values.Text("node")),
      "See their names.", "beian cluster status --dir " + plan.dir.string(), Exit::kNotFound, 0});
}

/// What deletes is told what: no setting from elsewhere may choose it.
ClientError NoDirNamed(const fs::path& likely) {
  const bool there = ClusterExists(likely);
  return {"usage.no_dir",
          "The folder of the cluster that is to be deleted is not named.",
          "",
          "Give --dir DIR: the chain and the keys in it are gone for ever.",
          "beian cluster reset --dir " + (there ? fs::absolute(likely).string() : "DIR"),
          Exit::kUsage,
          0};
}

CommandResult Reset(Session& session, const Values& values) {
  if (!values.Has("dir")) {
    return std::unexpected(NoDirNamed(DirOf(session, values).value_or(kDefaultDir)));
  }
  BEIAN_TRY(plan, PlanOf(session, values));
  const auto lock = FolderLock::Take(session, plan.dir);
  if (!lock) return std::unexpected(lock.error());
  StopNodes(session, plan, kDownTimeoutSeconds * kMsPerSecond);
  std::error_code error;
  // Only what we made: the folder may hold files of its user.
  for (const char* name : {"nodes", "keys", "genesis.toml", "beian.toml", "cluster.json"}) {
    fs::remove_all(plan.dir / name, error);
    if (error) break;
  }
  if (error) {
    return std::unexpected(
        FileError("file.cannot_delete", "The cluster cannot be deleted", plan.dir, error.value()));
  }
  fs::remove(plan.dir, error);
  Outcome outcome;
  outcome.report.schema = "cluster-reset";
  outcome.report.body = {{"dir", plan.dir.string()}, {"deleted", true}};
  outcome.report.text = fmt::format("{} {}\n", Tr("deleted:"), plan.dir.string());
  return outcome;
}

CommandResult Init(Session& session, const Values& values) {
  // Never beside the connection file in use: that cluster is there already.
  const fs::path dir = values.Has("dir") ? fs::path(values.Text("dir")) : fs::path(kDefaultDir);
  const auto lock = FolderLock::Take(session, dir);
  if (!lock) return std::unexpected(lock.error());
  if (ClusterExists(dir)) {
    return std::unexpected(ClientError{
        "cluster.exists", "There is a cluster in this folder.", dir.string(), "Give another --dir.",
        "beian cluster status --dir " + dir.string(), Exit::kFailed, 0});
  }
  BEIAN_TRY(plan, NewPlan(dir, values));
  if (const auto made = WriteCluster(plan, NowMs()); !made) return std::unexpected(made.error());
  return ClusterReport(
      plan, std::vector<NodeState>(plan.nodes.size()),
      fmt::format("\n{}\n  beiand --config beiand.toml --init\n  beiand --config beiand.toml\n",
                  Tr("Copy nodes/NAME to its host; there, once, then at every start:")));
}

}  // namespace

std::vector<Command> ClusterCommands() {
  const Option dir{"--dir", "folder of the cluster", Option::Kind::kText,
                   "that of the connection file in use, else beian-cluster"};
  const Option dir_to_delete{"--dir", "folder of the cluster; must be named", Option::Kind::kText};
  const Option dir_to_make{"--dir", "folder of the cluster", Option::Kind::kText,
                           std::string(kDefaultDir)};
  const Option count{"-n,--count", "nodes, 1 to 32", Option::Kind::kCount, "4"};
  const Option port{"--base-port", "first port; API 100, operations 200 above",
                    Option::Kind::kCount, "7100"};
  const Option beiand{"--beiand", "program of the node; default: beside this one",
                      Option::Kind::kText, ""};
  const Option timeout{"--timeout", "seconds to wait", Option::Kind::kNumber, ""};
  return {
      {"cluster",
       "up",
       "make and start a cluster on this machine",
       {},
       {count, dir, port, beiand, timeout},
       Up},
      {"cluster", "down", "stop the nodes; data stay", {}, {dir, timeout}, Down},
      {"cluster", "status", "state of every node", {}, {dir}, Status},
      {"cluster",
       "logs",
       "last lines of the nodes' logs",
       {{"node", "only this node", false}},
       {dir, {"--lines", "lines of each node", Option::Kind::kCount, "20"}},
       Logs},
      {"cluster",
       "reset",
       "stop the nodes and delete the cluster with its data",
       {},
       {dir_to_delete},
       Reset},
      {"cluster",
       "init",
       "write the folders of a cluster without starting it",
       {},
       {count,
        dir_to_make,
        port,
        {"--host", "NAME=ADDRESS, for nodes on hosts of their own", Option::Kind::kTexts, ""}},
       Init},
  };
}

}  // namespace beian::client
