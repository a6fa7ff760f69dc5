#pragma once

#include <expected>
#include <string>

#include "client/cli/command.h"
#include "client/sdk/client.h"

/// Lists as a node gives them: not verified; each object can be.
namespace beian::client {

inline constexpr uint64_t kListCountMaxDefault = 100'000;

struct ListFilter {
  std::string status;    ///< "in_review"; empty: any
  std::string province;  ///< two digits; empty: any
  std::string stage;     ///< "province", "cac"; empty: any
  uint64_t set = 0;      ///< 0: any
  uint64_t count_max = kListCountMaxDefault;
};
std::vector<Option> ListOptions();
ListFilter FilterOf(const Values& values);

std::expected<Json, ClientError> ListFilings(Client& client, const ListFilter& filter);
std::expected<Json, ClientError> ListSets(Client& client);

/// The rows as a report.
CommandResult FilingRows(std::string schema, Json rows);

}  // namespace beian::client
