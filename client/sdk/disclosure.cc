#include "client/sdk/disclosure.h"

#include <google/protobuf/descriptor.h>

#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "ledger/json/json.h"

namespace beian::client {
namespace {

constexpr std::string_view kDisclosureSchema = "beian.disclosure.v1";
constexpr std::string_view kBulkSchema = "beian.bulk-results.v1";
constexpr std::string_view kCommitmentEnding = "_commitment";

std::string MemberText(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// `fields` is the member that holds them. Nothing when one is missing or of another form.
std::optional<KeptDisclosures> ReadKept(const Json& json, const char* fields) {
  const auto id = FromHex(MemberText(json, "transaction"));
  const auto list = json.find(fields);
  if (!id || id->size() != TransactionId::kSize || list == json.end() || !list->is_array()) {
    return std::nullopt;
  }
  KeptDisclosures kept;
  kept.transaction = TransactionId::FromBytes(*id);
  if (const auto action = json.find("action"); action != json.end()) {
    if (!action->is_number_unsigned()) return std::nullopt;
    if (action->get<uint64_t>() > std::numeric_limits<uint16_t>::max()) return std::nullopt;
    kept.action = action->get<uint16_t>();
  }
  for (const Json& field : *list) {
    const auto salt = FromBase64(field.is_object() ? MemberText(field, "salt") : "");
    if (!salt || salt->size() != kSaltBytes) return std::nullopt;   // else a longer text opens it
    if (MemberText(field, "path").empty()) return std::nullopt;
    kept.fields.push_back({MemberText(field, "path"), MemberText(field, "text"), *salt});
  }
  return kept;
}

size_t RowOf(const Json& json) {
  const auto row = json.find("row");
  return row != json.end() && row->is_number_unsigned() ? row->get<size_t>() : 0;
}

/// The last line may end early, when its writer was killed; nothing else may be unreadable, since
/// what is not read is not compared.
enum class BulkLine : uint8_t { kSigned, kEndsFormer, kOther, kBad };
BulkLine KindOf(const Json& json, std::string_view line) {
  if (!json.is_object() || HasMemberTwice(line)) return BulkLine::kBad;
  const std::string state = MemberText(json, "state");
  if (state == "signed") return BulkLine::kSigned;
  if (state == "rejected") return BulkLine::kEndsFormer;
  const bool known = state == "committed" || state == "expired" || state == "pending" ||
                     state == "unknown" || MemberText(json, "schema") == kBulkSchema;
  return known ? BulkLine::kOther : BulkLine::kBad;
}

/// One line for each row that was signed; the others hold nothing.
std::optional<std::vector<KeptDisclosures>> ReadBulk(std::string_view text) {
  std::vector<KeptDisclosures> all;
  std::map<std::string, size_t> latest;  // by digest, the last that was signed
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const Json json = ParseJson(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (end == std::string_view::npos && !json.is_object()) break;
    const BulkLine kind = KindOf(json, line);
    if (kind == BulkLine::kBad) return std::nullopt;
    if (kind == BulkLine::kOther) continue;
    const std::string digest = MemberText(json, "digest");
    const auto former = latest.find(digest);
    if (former != latest.end()) all[former->second].abandoned = true;
    if (kind != BulkLine::kSigned) continue;
    auto kept = ReadKept(json, "disclosures");
    if (!kept) return std::nullopt;
    kept->row = RowOf(json);
    if (!digest.empty()) latest[digest] = all.size();
    all.push_back(*std::move(kept));
  }
  return all;
}

std::optional<std::vector<KeptDisclosures>> ReadAny(std::string_view text) {
  const Json whole = ParseJson(text);
  if (whole.is_object() && MemberText(whole, "schema") == kDisclosureSchema) {
    auto kept = ReadKept(whole, "fields");
    if (!kept || kept->fields.empty() || HasMemberTwice(text)) return std::nullopt;
    return std::vector<KeptDisclosures>{*std::move(kept)};
  }
  const Json heading = ParseJson(text.substr(0, text.find('\n')));
  if (!heading.is_object() || MemberText(heading, "schema") != kBulkSchema) return std::nullopt;
  return ReadBulk(text);
}

}  // namespace

std::expected<std::vector<KeptDisclosures>, ClientError> ParseDisclosures(
    std::string_view text, const std::string& file_name) {
  auto all = ReadAny(text);
  if (all) return *std::move(all);
  return std::unexpected(ClientError{
      "disclosure.bad_file", "The file holds no personal data that was kept of a filing.",
      file_name,
      "Give the .disclosure.json that a submission wrote, or the result file of a bulk submission.",
      "beian filing open --help", Exit::kFailed, 0});
}

std::map<std::string, Bytes> CommitmentsOf(const v1::Filing& filing) {
  std::map<std::string, Bytes> commitments;
  for (const google::protobuf::Message* part :
       {static_cast<const google::protobuf::Message*>(&filing.subject()),
        static_cast<const google::protobuf::Message*>(&filing.responsible())}) {
    const auto& type = *part->GetDescriptor();
    const std::string before = part == &filing.subject() ? "subject." : "responsible.";
    for (int i = 0; i < type.field_count(); ++i) {
      const auto& field = *type.field(i);
      if (field.type() != google::protobuf::FieldDescriptor::TYPE_BYTES) continue;
      const std::string octets = part->GetReflection()->GetString(*part, &field);
      if (octets.empty()) continue;
      std::string name = field.name();
      if (name.ends_with(kCommitmentEnding)) name.resize(name.size() - kCommitmentEnding.size());
      commitments[before + name] = octets;
    }
  }
  return commitments;
}

}  // namespace beian::client
