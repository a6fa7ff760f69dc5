#include <fmt/format.h>

#include <filesystem>

#include "client/cli/actions.h"
#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/session.h"
#include "client/cli/verdict.h"
#include "client/sdk/certificate.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"
#include "ledger/filing/province.h"

namespace beian::client {
namespace {

constexpr const char* kLookup = "beian code lookup TEXT";

/// A verdict about a text that is no code at all.
Outcome BadForm(Session& session, const std::string& text, CodeError error,
                std::string_view schema) {
  Outcome outcome;
  outcome.exit = Exit::kInvalid;
  outcome.report.schema = schema;
  const Explanation english = *ExplainInEnglish(CodeErrorId(error));
  const Explanation shown = *Explain(CodeErrorId(error));
  outcome.report.body = {{"verdict", "malformed"},         {"input", text},
                         {"error_id", CodeErrorId(error)}, {"message", english.message},
                         {"remedy", english.remedy},       {"next", kLookup}};
  outcome.report.text =
      fmt::format("{}\n  {}\n  {} {} [{}]\n  {} {}\n  {} {}\n",
                  Red(Tr("NOT A REGISTRATION CODE"), session.out_style()), Printable(text),
                  shown.message, Tr("No code of this form is ever issued."), CodeErrorId(error),
                  Tr("remedy:"), shown.remedy, Tr("next:"), kLookup);
  return outcome;
}

CommandResult CheckCode(Session& session, const Values& values) {
  const std::string text = values.Text("code");
  const auto code = RegistrationCode::Parse(text);
  if (!code) return BadForm(session, text, code.error(), "code-form");
  const Province* province = FindProvince(code->division());
  Outcome outcome;
  outcome.report.schema = "code-form";
  outcome.report.body = {{"verdict", "well_formed"},        {"code", code->characters()},
                         {"code_display", code->Display()}, {"division", code->division()},
                         {"province", province->name_zh},   {"sequence", code->sequence()}};
  outcome.report.text =
      fmt::format("{}\n", Green(Tr("WELL FORMED"), session.out_style())) +
      RenderPairs({{fmt::format("  {}", Tr("Code")), code->Display()},
                   {fmt::format("  {}", Tr("Province")),
                    fmt::format("{} {}", province->name_zh, province->name_en)},
                   {fmt::format("  {}", Tr("Sequence")), std::to_string(code->sequence())}}) +
      fmt::format("{}\n  {}\n", Tr("Not checked:"),
                  Tr("whether it was ever issued: run `beian code verify`"));
  return outcome;
}

/// What fails before there is a verdict says nothing about the code.
ClientError Unchecked(ClientError error) {
  if (error.exit != Exit::kUsage) error.exit = Exit::kUnchecked;
  return error;
}

CommandResult VerifyOffline(Session& session, const Values& values) {
  const auto genesis = session.genesis();
  if (!genesis) return std::unexpected(Unchecked(genesis.error()));
  const std::string file = values.Text("offline");
  const auto text = ReadFile(file, kCertificateBytesMax);
  if (!text) return std::unexpected(Unchecked(text.error()));
  const auto certificate = VerifyCertificateFile(*text, file, **genesis);
  if (!certificate) return InvalidVerdict(session, certificate.error());
  const std::string asked = values.Text("code");
  if (!asked.empty()) {
    const auto code = RegistrationCode::Parse(asked);
    if (!code) return BadForm(session, asked, code.error(), "verdict");
    if (*code != certificate->code) {
      return InvalidVerdict(
          session, {"verify.wrong_object", "The certificate is of another code.", Printable(asked),
                    "Get the certificate of this code.", "", Exit::kInvalid, 0});
    }
  }
  return GenuineVerdict(session, {certificate->code, certificate->record, certificate->proof, ""});
}

/// A text that is no code, and the name of a file.
ClientError FileForCode(const std::string& file) {
  return {"usage.no_code",
          "This is the name of a file, and no code.",
          Printable(file),
          "A certificate is checked with --offline.",
          fmt::format("beian code verify --offline {}", Printable(file)),
          Exit::kUsage,
          0};
}

CommandResult VerifyCode(Session& session, const Values& values) {
  if (values.Has("offline")) return VerifyOffline(session, values);
  const std::string text = values.Text("code");
  if (text.empty()) {
    return std::unexpected(ClientError{"usage.no_code", "No code is named.", "",
                                       "Give a code, or --offline CERTIFICATE.",
                                       "beian code verify --help", Exit::kUsage, 0});
  }
  const auto code = RegistrationCode::Parse(text);
  std::error_code ignored;
  if (!code && std::filesystem::is_regular_file(text, ignored)) {
    return std::unexpected(FileForCode(text));
  }
  if (!code) return BadForm(session, text, code.error(), "verdict");
  const auto client = session.client();
  if (!client) return std::unexpected(Unchecked(client.error()));
  const auto verified = (*client)->GetCode(*code);
  if (!verified) return std::unexpected(Unchecked(verified.error()));
  if (!verified->record) return AbsentVerdict(session, *code, *verified);
  const auto record = FilingRecord::Decode(*verified->record);
  if (!record || record->code != *code) {
    return InvalidVerdict(session, {"verify.bad_record", "The record is not one of that code.",
                                    code->Display(), "Ask another node.", "", Exit::kInvalid, 0});
  }
  return GenuineVerdict(session, {*code, *record, verified->proof, verified->node});
}

CommandResult WriteCertificate(Session& session, const Values& values) {
  const auto code = RegistrationCode::Parse(values.Text("code"));
  if (!code) return BadForm(session, values.Text("code"), code.error(), "verdict");
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(verified, client->GetCode(*code));
  if (!verified.record) {
    auto absent = AbsentVerdict(session, *code, verified);
    if (!absent) return absent;
    absent->report.body["file"] = nullptr;
    absent->report.text += fmt::format(
        "{}\n", Tr("No certificate was written: there is no such registration."));
    return absent;
  }
  std::string file = values.Text("file");
  if (file.empty()) file = fmt::format("{}.certificate.json", code->characters());
  const auto written =
      WriteFile(file, FormatCertificate(*code, verified, client->genesis()), kPublicFileMode);
  if (!written) return std::unexpected(written.error());
  Outcome outcome;
  outcome.report.schema = "certificate-file";
  outcome.report.body = {{"file", file},
                         {"code", code->characters()},
                         {"height", verified.proof.header.height.value()}};
  outcome.report.text =
      fmt::format("{} {}\n  {} beian code verify --offline {}\n",
                  Green(Tr("certificate written:"), session.out_style()), file, Tr("next:"), file);
  return outcome;
}

/// Case-folded NFC, so that 区块链 and Fabric are found however they are typed.
std::string Folded(std::string_view text) {
  std::string folded = ToNfc(text).value_or(std::string(text));
  for (char& c : folded) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return folded;
}

CommandResult LookUp(Session& session, const Values& values) {
  BEIAN_TRY(client, session.client());
  const std::string text = values.Text("text");
  const auto code = RegistrationCode::Parse(text);
  const std::string wanted = Folded(code ? std::string(code->characters()) : text);
  Json found = Json::array();
  for (const FilingStatus status : {FilingStatus::kListed, FilingStatus::kFiled}) {
    ListFilter filter;
    filter.status = FilingStatusId(status);
    BEIAN_TRY(rows, ListFilings(*client, filter));
    for (auto& row : rows) {
      const std::string names =
          Folded(row.value("service_name", "") + "\n" + row.value("subject_name", "") + "\n" +
                 row.value("code", ""));
      if (names.find(wanted) != std::string::npos) found.push_back(std::move(row));
    }
  }
  const bool none = found.empty();
  auto outcome = FilingRows("codes", std::move(found));
  if (none) {
    session.Say(Tr("No registered service has that text in its code, name or provider."));
    outcome->exit = Exit::kNotFound;
  }
  return outcome;
}

}  // namespace

std::vector<Command> CodeCommands() {
  const Parameter code{"code", "the 20 characters, or the full form"};
  return {
      {"code",
       "verify",
       "is this code genuine? against the ledger, or a certificate",
       {{"code", code.help, false}},
       {{"--offline", "certificate file, checked without any node", Option::Kind::kText, ""}},
       VerifyCode},
      {"code", "check", "the form of a code only", {code}, {}, CheckCode},
      {"code",
       "lookup",
       "search codes by service or provider",
       {{"text", "part of a name or code"}},
       {},
       LookUp},
      {"code",
       "certificate",
       "write a certificate that anyone can check without a node",
       {code, {"file", "file to write", false}},
       {},
       WriteCertificate},
  };
}

}  // namespace beian::client
