#include "client/cli/verdict.h"

#include <fmt/format.h>

#include "client/cli/actions.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/sdk/text.h"
#include "ledger/base/calendar.h"
#include "ledger/filing/province.h"

namespace beian::client {
namespace {

constexpr uint64_t kSecondsPerMinute = 60;
constexpr uint64_t kSecondsPerHour = 3600;
constexpr uint64_t kSecondsPerDay = 86'400;

std::string Signers(const RecordProof& proof, const Genesis& genesis) {
  std::string names;
  for (const auto& [index, signature] : proof.proof.finalization.signatures) {
    names += (names.empty() ? "" : ", ") + genesis.validators.at(index).name;
  }
  return names;
}

Json TrustRoot(const Session& session, const Genesis& genesis) {
  return {{"file", session.connection().genesis.value.string()},
          {"chain", genesis.name},
          {"chain_id", genesis.chain_id.hex()}};
}

/// The checks that a verified record proof stands for.
Json ChecksOf(const RecordProof& proof, const Genesis& genesis, bool present) {
  const uint64_t height = proof.header.height.value();
  return {fmt::format(fmt::runtime(Tr("the code is well formed, its check character is right"))),
          fmt::format(
              fmt::runtime(present ? Tr("the record stands under the code in the state of block {}")
                                   : Tr("nothing stands under the code in the state of block {}")),
              height),
          fmt::format(fmt::runtime(Tr("block {} is final: signed by {} of {} validators ({})")),
                      height, proof.proof.finalization.signatures.size(), genesis.validators.size(),
                      Signers(proof, genesis))};
}

Json NotChecked(const RecordProof& proof, bool offline) {
  Json list = {std::string(Tr("whether what the filing says is true")),
               fmt::format(fmt::runtime(Tr("anything after block {}: the status may have changed")),
                           proof.header.height.value())};
  if (!offline) list.push_back(std::string(Tr("whether the node showed its newest block")));
  return list;
}

std::string Listed(std::string_view title, std::string_view mark, const Json& lines) {
  std::string text = fmt::format("{}\n", title);
  for (const Json& line : lines) text += fmt::format("  {} {}\n", mark, CellText(line));
  return text;
}

std::string Foundation(const Session& session, const Genesis& genesis, const Json& checks,
                       const Json& not_checked) {
  return Listed(fmt::format(fmt::runtime(Tr("Checked against {} (chain {}, {}…):")),
                            session.connection().genesis.value.string(), genesis.name,
                            genesis.chain_id.hex().substr(0, 16)),
                Tr("[ok]"), checks) +
         Listed(Tr("Not checked:"), "-", not_checked);
}

std::string WhoAndWhat(const CheckedCode& checked) {
  const FilingRecord& record = checked.record;
  const Province* province = FindProvince(record.division);
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto add = [&](std::string_view title, const std::string& value) {
    if (!value.empty()) pairs.emplace_back(fmt::format("  {}", Tr(title)), Printable(value));
  };
  add("Code", checked.code.Display());
  add("Service", record.service_name);
  add("Provider", record.subject_name.empty() ? std::string(Tr("a person (name not published)"))
                                              : record.subject_name);
  if (province != nullptr) add("Province", std::string(ProvinceName(*province)));
  add("Status", std::string(Tr(FilingStatusId(record.status))));
  if (record.set != 0) add("Set", std::to_string(record.set));
  add("Filing", record.id.hex());
  add("Changed", FormatTime(record.changed));
  if (record.synthetic) add("Note", std::string(Tr("some fields are invented (synthetic)")));
  return RenderPairs(pairs);
}

Json AsOfJson(const Header& header) {
  return {{"height", header.height.value()},
          {"time", FormatTime(header.time)},
          {"block", header.id().hex()}};
}

std::string AsOfText(const Header& header) {
  return fmt::format(fmt::runtime(Tr("as of block {} at {} ({})")), header.height.value(),
                     FormatTime(header.time), AgeOf(header.time));
}

}  // namespace

std::string AgeOf(TimeMs time) {
  const uint64_t now = NowMs();
  if (time.value() > now) return std::string(Tr("in the future, by this machine's clock"));
  const uint64_t seconds = (now - time.value()) / kMsPerSecond;
  if (seconds < 2 * kSecondsPerMinute) {
    return fmt::format(fmt::runtime(Tr("{} s ago")), seconds);
  }
  if (seconds < 2 * kSecondsPerHour) {
    return fmt::format(fmt::runtime(Tr("{} min ago")), seconds / kSecondsPerMinute);
  }
  if (seconds < 2 * kSecondsPerDay) {
    return fmt::format(fmt::runtime(Tr("{} h ago")), seconds / kSecondsPerHour);
  }
  return fmt::format(fmt::runtime(Tr("{} days ago")), seconds / kSecondsPerDay);
}

CommandResult GenuineVerdict(Session& session, const CheckedCode& checked) {
  BEIAN_TRY(genesis, session.genesis());
  const Header& header = checked.proof.header;
  const Json checks = ChecksOf(checked.proof, *genesis, true);
  const Json not_checked = NotChecked(checked.proof, checked.node.empty());
  Outcome outcome;
  outcome.report.schema = "verdict";
  outcome.report.body = {{"verdict", "genuine"},
                         {"code", checked.code.characters()},
                         {"code_display", checked.code.Display()},
                         {"filing", FilingJson(checked.record)},
                         {"as_of", AsOfJson(header)},
                         {"trust_root", TrustRoot(session, *genesis)},
                         {"node", checked.node},
                         {"checks", checks},
                         {"not_checked", not_checked}};
  outcome.report.text = fmt::format("{} {} {}\n", Green(Tr("GENUINE:"), session.out_style()),
                                    Tr("was registered"), AsOfText(header)) +
                        WhoAndWhat(checked) + Foundation(session, *genesis, checks, not_checked);
  return outcome;
}

CommandResult AbsentVerdict(Session& session, const RegistrationCode& code,
                            const VerifiedRecord& absent) {
  BEIAN_TRY(genesis, session.genesis());
  const Json checks = ChecksOf(absent.proof, *genesis, false);
  const Json not_checked = {
      fmt::format(fmt::runtime(Tr("anything after block {}: it may have been issued since")),
                  absent.proof.header.height.value()),
      std::string(Tr("whether the node showed its newest block"))};
  Outcome outcome;
  outcome.exit = Exit::kNotFound;
  outcome.report.schema = "verdict";
  outcome.report.body = {{"verdict", "not_registered"},
                         {"code", code.characters()},
                         {"code_display", code.Display()},
                         {"as_of", AsOfJson(absent.proof.header)},
                         {"trust_root", TrustRoot(session, *genesis)},
                         {"node", absent.node},
                         {"checks", checks},
                         {"not_checked", not_checked}};
  outcome.report.text = fmt::format("{} {} {}\n", Red(Tr("NOT REGISTERED:"), session.out_style()),
                                    Tr("was never issued"), AsOfText(absent.proof.header)) +
                        RenderPairs({{fmt::format("  {}", Tr("Code")), code.Display()}}) +
                        Foundation(session, *genesis, checks, not_checked);
  return outcome;
}

CommandResult InvalidVerdict(Session& session, const ClientError& error) {
  if (error.exit != Exit::kInvalid) return std::unexpected(error);
  Outcome outcome;
  outcome.exit = Exit::kInvalid;
  outcome.report.schema = "verdict";
  outcome.report.body = {{"verdict", "invalid"},
                         {"error_id", error.id},
                         {"message", error.message},
                         {"object", error.object},
                         {"remedy", error.remedy}};
  const Explanation shown = Shown(error.id, error.message, error.remedy);
  outcome.report.text = fmt::format(
      "{} {} [{}]\n  {} {}\n  {} {}\n", Red(Tr("INVALID:"), session.out_style()), shown.message,
      error.id, Tr("object:"), Printable(error.object), Tr("remedy:"), shown.remedy);
  return outcome;
}

}  // namespace beian::client
