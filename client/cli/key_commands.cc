#include <fmt/format.h>

#include "client/cli/actions.h"
#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/session.h"
#include "client/sdk/key_file.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

std::string_view SchemeName(KeyScheme scheme) {
  return scheme == KeyScheme::kP256 ? "p256" : "ed25519";
}

Outcome KeyReport(const std::string& file, const PublicKey& key) {
  Outcome outcome;
  outcome.report.schema = "key";
  outcome.report.body = {{"file", file},
                         {"scheme", SchemeName(key.scheme)},
                         {"key_id", key.id().hex()},
                         {"public_key", ToHex(key.Encode())}};
  return outcome;
}

CommandResult NewKey(Session&, const Values& values) {
  const bool ed25519 = values.Text("scheme") == SchemeName(KeyScheme::kEd25519);
  const PrivateKey key = PrivateKey::Generate(ed25519 ? KeyScheme::kEd25519 : KeyScheme::kP256);
  const auto written = CreateKeyFile(values.Text("file"), key);
  if (!written) return std::unexpected(written.error());
  return KeyReport(values.Text("file"), key.public_key());
}

CommandResult ShowKey(Session& session, const Values& values) {
  Connection connection = session.connection();
  if (values.Has("file")) connection.key.value = values.Text("file");
  BEIAN_TRY(path, FindKey(connection));
  BEIAN_TRY(key, LoadKeyFile(path));
  Outcome outcome = KeyReport(path.string(), key.public_key());
  if (const auto genesis = session.genesis()) {
    outcome.report.body.update(ActorJson((*genesis)->ActorOf(key.public_key().id())));
  }
  return outcome;
}

std::expected<std::string, ClientError> ReasonOf(const Values& values, std::string_view verb) {
  const auto reason = ToNfc(values.Text("reason"));
  if (reason && !reason->empty()) return *reason;
  return std::unexpected(ClientError{std::string(FilingRejectId(FilingReject::kMissingReason)),
                                     "A reason is missing.", "", "Give --reason TEXT.",
                                     fmt::format("beian key {} --help", verb), Exit::kUsage, 0});
}

ClientError BadKey(const std::string& text, std::string remedy) {
  return {"usage.bad_key",
          "This names no key.",
          Printable(text),
          std::move(remedy),
          "",
          Exit::kUsage,
          0};
}

CommandResult Bar(Session& session, const Values& values) {
  const std::string text = values.Text("key-id");
  const auto id = ParseId<KeyId>(text);
  if (!id) {
    return std::unexpected(
        BadKey(text, "Give the key's id: 64 hex digits, the `owner` of its filings."));
  }
  BEIAN_TRY(reason, ReasonOf(values, "bar"));
  NamedAction named{id->hex(), {}};
  v1::BarKey& bar = *named.action.mutable_bar_key();
  bar.set_key_id(Bytes(id->view()));
  bar.set_reason(reason);
  if (values.Has("filing")) {
    BEIAN_TRY(filings, ResolveFilings(session, {values.Text("filing")}));
    if (filings.size() == 1) bar.set_filing_id(Bytes(filings.front().view()));
  }
  return SignAndSubmit(session, values, {std::move(named)});
}

CommandResult Rebind(Session& session, const Values& values) {
  const std::string text = values.Text("subject");
  const auto subject = ParseId<SubjectId>(text);
  if (!subject) {
    return std::unexpected(
        ClientError{"usage.bad_subject", "This is no subject's id.", Printable(text),
                    "Give 64 hex digits, as `beian filing get` shows them.", "", Exit::kUsage, 0});
  }
  const auto octets = FromHex(values.Text("to"));
  if (!octets || !PublicKey::Decode(*octets)) {
    return std::unexpected(
        BadKey(values.Text("to"), "Give the new public key as `beian key show` prints it."));
  }
  BEIAN_TRY(reason, ReasonOf(values, "rebind"));
  NamedAction named{subject->hex(), {}};
  v1::RebindSubject& rebind = *named.action.mutable_rebind_subject();
  rebind.set_subject_id(Bytes(subject->view()));
  rebind.set_new_key(*octets);
  rebind.set_reason(reason);
  return SignAndSubmit(session, values, {std::move(named)});
}

Command OfficeCommand(std::string verb, std::string help, Parameter object, Option option,
                      CommandResult (*run)(Session&, const Values&)) {
  std::vector<Option> options = SubmitOptionList();
  options.push_back(std::move(option));
  options.push_back({"--reason", "why, for the record", Option::Kind::kText, ""});
  return {"key", std::move(verb), std::move(help), {std::move(object)}, options, run};
}

}  // namespace

std::vector<Command> KeyCommands() {
  return {
      {"key",
       "new",
       "make a key in a new file of mode 0600",
       {{"file", "file to make"}},
       {{"--scheme",
         "p256 for clients, ed25519 for validators",
         Option::Kind::kText,
         "p256",
         {"p256", "ed25519"}}},
       NewKey},
      {"key",
       "show",
       "show the public part of a key",
       {{"file", "key file, or its name", false}},
       {},
       ShowKey},
      OfficeCommand(
          "bar", "an office bars a key that was lost or misused", {"key-id", "id of the key"},
          {"--filing", "a filing of the key in the office's province", Option::Kind::kText, ""},
          Bar),
      OfficeCommand("rebind", "an office binds a subject to a new key",
                    {"subject", "id of the subject"},
                    {"--to", "the new public key, in hex", Option::Kind::kText, ""}, Rebind),
  };
}

}  // namespace beian::client
