#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

/// What the API (node/api/openapi.yaml) promises of the JSON answers that are not proved. Whatever
/// lacks a part of it is no answer: a missing number is never shown as zero, nor a missing list as
/// an empty one.
namespace beian::client {

/// The first member that is missing or of another form, such as "filings[3].status"; nothing when
/// the promise is kept.
using Promise = std::optional<std::string> (*)(const nlohmann::json& answer);

std::optional<std::string> BrokenStatus(const nlohmann::json& answer);   ///< /v1/status
std::optional<std::string> BrokenFilings(const nlohmann::json& answer);  ///< /v1/filings
std::optional<std::string> BrokenSets(const nlohmann::json& answer);     ///< /v1/sets

}  // namespace beian::client
