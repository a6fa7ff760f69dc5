#include <fmt/format.h>

#include "client/cli/cluster_next.h"
#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/session.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

/// One finding about one node or setting, and what to do.
struct Diagnosis {
  std::string object;
  bool good = true;
  std::string finding;
  std::string next;
  std::string error_id = {};  ///< of which `finding` is the message
  std::string about = {};     ///< the object of that error: a file
  std::string remedy = {};
};

Diagnosis Bad(std::string object, const ClientError& error) {
  return {std::move(object), false, error.message, error.next, error.id, error.object,
          error.remedy};
}

void DiagnoseKey(Session& session, std::vector<Diagnosis>& all) {
  if (session.connection().key.value.empty()) return;
  const auto key = session.key();
  if (key) {
    all.push_back({"key", true, (*key)->public_key().id().hex(), ""});
  } else {
    all.push_back(Bad("key", key.error()));
  }
}

/// What a node says of itself, in one line; and whether it is well. `status` keeps its promise.
Diagnosis DiagnoseStatus(const std::string& node, const nlohmann::json& status,
                         const Genesis& genesis, uint64_t best) {
  if (status["chain"]["id"] != genesis.chain_id.hex()) {
    return {node, false, std::string(Tr("it serves another chain than the genesis file names")),
            "beian config show"};
  }
  const std::string state = Printable(status["state"].get<std::string>());
  const uint64_t height = status["committed_height"].get<uint64_t>();
  size_t connected = 0;
  for (const auto& peer : status["peers"]) connected += peer["connected"] == true ? 1 : 0;
  Diagnosis diagnosis{node, state == "ready",
                      fmt::format(fmt::runtime(Tr("{}, height {}, {} of {} peers connected")),
                                  Tr(state), height, connected, status["peers"].size()),
                      ""};
  for (const auto& finding : status["findings"]) {
    diagnosis.finding += "; " + Printable(finding.get<std::string>());
  }
  constexpr uint64_t kFarBehind = 16;
  if (height + kFarBehind < best) {
    diagnosis.good = false;
    diagnosis.finding += fmt::format(fmt::runtime(Tr("; {} blocks behind")), best - height);
  }
  if (state == "observer") diagnosis.next = "beian explain votelog.unknown_vote";
  if (state == "no_quorum") diagnosis.next = "beian cluster up";
  if (state == "catching_up" || state == "reentry") diagnosis.next = "beian chain status";
  return diagnosis;
}

struct Asked {
  std::string node;
  std::optional<nlohmann::json> status;
  ClientError error;
};

std::vector<Asked> AskAll(Client& client) {
  std::vector<Asked> all;
  for (const std::string& node : client.nodes()) {
    auto status = client.GetJsonFrom(node, "/v1/status", BrokenStatus);
    if (status) {
      all.push_back({node, *std::move(status), {}});
    } else {
      all.push_back({node, std::nullopt, status.error()});
    }
  }
  return all;
}

/// A node that gives no status: it is down, or it listens and is silent.
Diagnosis DiagnoseNoStatus(const Session& session, const std::string& node,
                           const ClientError& error) {
  Diagnosis diagnosis = Bad(node, error);
  diagnosis.next = "beian cluster status";
  if (error.id != "node.timeout") return diagnosis;
  diagnosis.remedy = "It is silent: its process is stopped or overloaded. End it, and start it "
                     "again with `beian cluster up`.";
  const auto pid = ProcessOf(session.connection().files, node);
  if (pid) diagnosis.next = KillSilentCommand({&*pid, 1});
  return diagnosis;
}

void DiagnoseNodes(const Session& session, Client& client, std::vector<Diagnosis>& all) {
  const std::vector<Asked> asked = AskAll(client);
  uint64_t best = 0;
  size_t reached = 0;
  for (const Asked& one : asked) {
    if (!one.status) continue;
    ++reached;
    best = std::max(best, (*one.status)["committed_height"].get<uint64_t>());
  }
  for (const Asked& one : asked) {
    if (one.status) {
      all.push_back(DiagnoseStatus(one.node, *one.status, client.genesis(), best));
    } else {
      all.push_back(DiagnoseNoStatus(session, one.node, one.error));
    }
  }
  const size_t quorum = client.genesis().validators.quorum();
  const bool all_named = asked.size() >= client.genesis().validators.size();
  if (reached >= quorum) {
    all.push_back({"quorum", true,
                   fmt::format(fmt::runtime(Tr("{} nodes answer, {} are needed")), reached, quorum),
                   ""});
  } else if (all_named) {
    all.push_back({"quorum", false,
                   fmt::format(fmt::runtime(Tr("{} nodes answer, {} are needed: nothing commits")),
                               reached, quorum),
                   "beian cluster up"});
  }
}

std::string DiagnosisText(const Diagnosis& one, const Style& style) {
  const Explanation shown = Shown(one.error_id, one.finding, one.remedy);
  std::string text = fmt::format("{}  {}  {}\n", one.good ? Green(Tr("[ok]"), style)
                                                          : Red(Tr("[bad]"), style),
                                 Printable(Tr(one.object)), shown.message);
  const auto line = [&text](std::string_view title, std::string_view said) {
    if (!said.empty()) text += fmt::format("      {} {}\n", Tr(title), said);
  };
  if (!one.about.starts_with(one.object)) line("object:", Printable(one.about));
  line("remedy:", shown.remedy);
  line("next:", Printable(one.next));
  return text;
}

CommandResult Doctor(Session& session, const Values&) {
  std::vector<Diagnosis> all;
  const auto genesis = session.genesis();
  if (genesis) {
    all.push_back(
        {"genesis", true,
         fmt::format("{} {}…", (*genesis)->name, (*genesis)->chain_id.hex().substr(0, 16)), ""});
  } else {
    all.push_back(Bad("genesis", genesis.error()));
  }
  DiagnoseKey(session, all);
  if (genesis) {
    const auto client = session.client();
    if (client) {
      DiagnoseNodes(session, **client, all);
    } else {
      all.push_back(Bad("nodes", client.error()));
    }
  }
  Json rows = Json::array();
  bool good = true;
  std::string text;
  for (const Diagnosis& one : all) {
    good = good && one.good;
    rows.push_back({{"object", one.object},
                    {"healthy", one.good},
                    {"finding", one.finding},
                    {"next", one.next}});
    if (!one.about.empty()) rows.back().update({{"about", one.about}, {"remedy", one.remedy}});
    text += DiagnosisText(one, session.out_style());
  }
  Outcome outcome;
  outcome.exit = good ? Exit::kOk : Exit::kFailed;
  outcome.report.schema = "doctor";
  outcome.report.rows = "diagnoses";
  outcome.report.columns = {
      {"object", "Object"}, {"healthy", "Healthy"}, {"finding", "Finding"}, {"next", "Next"}};
  outcome.report.body = {{"healthy", good}, {"diagnoses", std::move(rows)}};
  outcome.report.text = std::move(text);
  return outcome;
}

CommandResult ExplainId(Session&, const Values& values) {
  const std::string id = values.Text("id");
  Outcome outcome;
  if (id.empty()) {
    Json rows = Json::array();
    for (const std::string& known : ExplainedIds()) {
      rows.push_back({{"id", known}, {"message", Explain(known)->message}});
    }
    outcome.report.schema = "error-ids";
    outcome.report.rows = "ids";
    outcome.report.columns = {{"id", "Error"}, {"message", "Message"}};
    outcome.report.body["ids"] = std::move(rows);
    return outcome;
  }
  const auto explanation = Explain(id);
  if (!explanation) {
    const auto near = Nearest(id, ExplainedIds());
    return std::unexpected(
        ClientError{"explain.unknown_id", "No error has that id.", Printable(id),
                    near ? fmt::format("Did you mean `{}`?", *near) : "See the list.",
                    "beian explain", Exit::kNotFound, 0});
  }
  outcome.report.schema = "explanation";
  outcome.report.body = {
      {"id", id}, {"message", explanation->message}, {"remedy", explanation->remedy}};
  outcome.report.text = fmt::format("{}\n  {}\n  {} {}\n", id, explanation->message, Tr("remedy:"),
                                    explanation->remedy);
  return outcome;
}

}  // namespace

std::vector<Command> DoctorCommands() {
  return {
      {"doctor", "", "is everything well? settings, nodes, quorum", {}, {}, Doctor},
      {"explain",
       "",
       "what an error id means; without one, all of them",
       {{"id", "error id, such as filing.wrong_state", false}},
       {},
       ExplainId},
  };
}

}  // namespace beian::client
