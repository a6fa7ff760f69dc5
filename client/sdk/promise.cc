#include "client/sdk/promise.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "ledger/chain/block.h"
#include "ledger/filing/record.h"

namespace beian::client {
namespace {

struct Member {
  const char* name;
  bool (*good)(const nlohmann::json& value);
};

bool IsText(const nlohmann::json& value) {
  return value.is_string();
}
bool IsNumber(const nlohmann::json& value) {
  return value.is_number_unsigned() && value.get<uint64_t>() <= kWireNumberMax;
}
bool IsId(const nlohmann::json& value) {
  if (!value.is_string()) return false;
  const auto octets = FromHex(value.get_ref<const std::string&>());
  return octets && octets->size() == FilingId::kSize;
}
bool IsTruth(const nlohmann::json& value) {
  return value.is_boolean();
}
bool IsList(const nlohmann::json& value) {
  return value.is_array();
}
bool IsObject(const nlohmann::json& value) {
  return value.is_object();
}
bool IsTextOrNull(const nlohmann::json& value) {
  return value.is_string() || value.is_null();
}
bool IsStatus(const nlohmann::json& value) {
  return value.is_string() && FilingStatusFromId(value.get_ref<const std::string&>()).has_value();
}
bool IsStage(const nlohmann::json& value) {
  return value.is_string() && StageFromId(value.get_ref<const std::string&>()).has_value();
}

constexpr Member kStatus[] = {{"state", IsText},          {"version", IsText},
                              {"uptime_ms", IsNumber},    {"chain", IsObject},
                              {"view", IsNumber},         {"leader", IsText},
                              {"final_height", IsNumber}, {"committed_height", IsNumber},
                              {"peers", IsList},          {"pending_transactions", IsNumber},
                              {"findings", IsList}};
constexpr Member kChain[] = {{"name", IsText}, {"id", IsText}};
constexpr Member kPeer[] = {{"name", IsText}, {"connected", IsTruth}};
constexpr Member kFiling[] = {
    {"id", IsId},             {"status", IsStatus},        {"public_status", IsText},
    {"stage", IsStage},       {"division", IsText},        {"province", IsText},
    {"subject", IsText},      {"subject_name", IsText},    {"service_name", IsText},
    {"owner", IsText},        {"synthetic", IsTruth},      {"content_transaction", IsText},
    {"submitted", IsText},    {"submitted_ms", IsNumber},  {"changed", IsText},
    {"changed_ms", IsNumber}, {"changed_height", IsNumber}};
constexpr Member kFiled[] = {{"code", IsText}};
constexpr Member kListed[] = {{"code", IsText}, {"set", IsNumber}};
constexpr Member kSet[] = {{"number", IsNumber},
                           {"published_on", IsText},
                           {"filings", IsNumber},
                           {"codes_digest", IsText}};
constexpr Member kPage[] = {{"next", IsTextOrNull}};

std::optional<std::string> BrokenMember(const nlohmann::json& object,
                                        std::span<const Member> members, const std::string& path) {
  if (!object.is_object()) return path;
  for (const Member& member : members) {
    const auto found = object.find(member.name);
    if (found != object.end() && member.good(*found)) continue;
    return path.empty() ? member.name : fmt::format("{}.{}", path, member.name);
  }
  return std::nullopt;
}

/// The first broken element of the list that `answer` must have.
template <class Broken>
std::optional<std::string> BrokenElement(const nlohmann::json& answer, const char* list,
                                         Broken broken) {
  const auto found = answer.find(list);
  if (found == answer.end() || !found->is_array()) return list;
  for (size_t i = 0; i < found->size(); ++i) {
    if (auto path = broken((*found)[i], fmt::format("{}[{}]", list, i))) return path;
  }
  return std::nullopt;
}

std::optional<std::string> BrokenFiling(const nlohmann::json& filing, const std::string& path) {
  if (auto broken = BrokenMember(filing, kFiling, path)) return broken;
  const auto status = FilingStatusFromId(filing["status"].get_ref<const std::string&>());
  if (status == FilingStatus::kFiled) return BrokenMember(filing, kFiled, path);
  if (status == FilingStatus::kListed) return BrokenMember(filing, kListed, path);
  return std::nullopt;
}

std::optional<std::string> BrokenSchema(const nlohmann::json& answer, std::string_view schema) {
  if (!answer.is_object()) return "schema";
  const auto found = answer.find("schema");
  if (found != answer.end() && *found == schema) return std::nullopt;
  return "schema";
}

}  // namespace

std::optional<std::string> BrokenStatus(const nlohmann::json& answer) {
  if (auto broken = BrokenSchema(answer, "beian.status.v1")) return broken;
  if (auto broken = BrokenMember(answer, kStatus, "")) return broken;
  if (auto broken = BrokenMember(answer["chain"], kChain, "chain")) return broken;
  const auto text = [](const nlohmann::json& finding, const std::string& path) {
    return IsText(finding) ? std::nullopt : std::optional(path);
  };
  if (auto broken = BrokenElement(answer, "findings", text)) return broken;
  return BrokenElement(answer, "peers", [](const nlohmann::json& peer, const std::string& path) {
    return BrokenMember(peer, kPeer, path);
  });
}

std::optional<std::string> BrokenFilings(const nlohmann::json& answer) {
  if (auto broken = BrokenSchema(answer, "beian.filings.v1")) return broken;
  if (auto broken = BrokenMember(answer, kPage, "")) return broken;
  return BrokenElement(answer, "filings", BrokenFiling);
}

std::optional<std::string> BrokenSets(const nlohmann::json& answer) {
  if (auto broken = BrokenSchema(answer, "beian.sets.v1")) return broken;
  if (auto broken = BrokenMember(answer, kPage, "")) return broken;
  return BrokenElement(answer, "sets", [](const nlohmann::json& set, const std::string& path) {
    return BrokenMember(set, kSet, path);
  });
}

}  // namespace beian::client
