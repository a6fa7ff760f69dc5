#pragma once

#include <algorithm>
#include <expected>
#include <string>

#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/sdk/client.h"
#include "ledger/filing/province.h"

/// Lists as a node gives them: not verified; each object can be.
namespace beian::client {

/// A text as an argument of a template.
template <size_t kSize>
struct Literal {
  constexpr Literal(const char (&literal)[kSize]) { std::copy_n(literal, kSize, text); }
  char text[kSize] = {};
};

inline constexpr uint64_t kListCountMaxDefault = 100'000;
/// Of JSON, of all rows together, also of those that are not kept: four times what so many rows
/// of an honest node take.
inline constexpr size_t kListBytesMax = 256 << 20;

struct ListFilter {
  std::string status;    ///< "in_review"; empty: any
  std::string province;  ///< two digits; empty: any
  std::string stage;     ///< "province", "cac"; empty: any
  std::string owner;     ///< id of the owner's key; empty: any
  uint64_t set = 0;      ///< 0: any
  uint64_t count_max = kListCountMaxDefault;
  size_t bytes_max = kListBytesMax;
};
std::vector<Option> ListOptions();
ListFilter FilterOf(const Values& values);

std::expected<Json, ClientError> ListFilings(Client& client, const ListFilter& filter);
std::expected<Json, ClientError> ListSets(Client& client);

/// What people see, in their language, of a word of ours, of a province, of an error's remedy.
template <Literal kMember>
std::string ShownWord(const Json& row) {
  return std::string(Tr(row.value(kMember.text, "")));
}
std::string ShownProvince(const Json& row);
std::string ShownActions(const Json& row);  ///< of its member "actions"
std::string ShownRemedy(const Json& row);
std::string_view ProvinceName(const Province& province);

/// The rows as a report; each gets its province's names.
CommandResult FilingRows(std::string schema, Json rows);

}  // namespace beian::client
