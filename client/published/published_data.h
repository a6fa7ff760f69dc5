#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/published/tsv.h"
#include "ledger/filing/province.h"
#include "ledger/filing/registration_code.h"

/// What is publicly known of the published sets: the files published-batches.tsv,
/// published-province-counts.tsv, published-filings.tsv and divisions.tsv of one folder. They are
/// described in data/README.md.
namespace beian::client {

inline constexpr uint32_t kPublishedSetMax = 1'000;
inline constexpr uint32_t kPublishedFilingsMax = 1'000;  ///< of one set: what the ledger takes

/// How many filings a set has in all.
struct PublishedSet {
  uint32_t number = 0;
  std::string published;   ///< 2019-03-30; 2022-05 when the day is not known
  uint32_t filings = 0;
};

/// How many filings of a set are of one province, or of several together.
struct PublishedCell {
  uint32_t set = 0;
  std::string name;        ///< as in the file: 北京, 浙江+上海
  std::vector<const Province*> provinces;
  uint32_t filings = 0;
};

/// A filing, or several alike, that a public report names.
struct PublishedFiling {
  uint32_t set = 0;
  std::string service_zh;  ///< one of the two may be empty, both when only the provider is known
  std::string service_en;
  std::string provider;
  const Province* province = nullptr;             ///< null: not known
  std::optional<RegistrationCode> code;
  std::string source;
  uint32_t filings = 1;    ///< that the row stands for
};

struct Division {
  std::string gb2260;      ///< six digits
  std::string name;
  std::string within;
};

struct PublishedData {
  std::vector<PublishedSet> sets;          ///< ascending by number
  std::vector<PublishedCell> cells;        ///< in the order of the file
  std::vector<PublishedFiling> filings;    ///< in the order of the file
  std::vector<Division> districts;         ///< ascending by gb2260

  /// Null when the set is not in the data.
  const PublishedSet* FindSet(uint32_t number) const;
};

/// Reads and checks the four files: forms, names of provinces, cumulative totals, that no province
/// is counted twice in a set, and that cells do not exceed their set.
/// Errors: "published.bad_data" with file, line and column; the errors of ReadFile.
std::expected<PublishedData, ClientError> LoadPublishedData(const std::filesystem::path& folder);

/// A range of sets as people write it: `1:5`, or `3` alone. "usage.bad_sets" when it is neither.
struct SetRange {
  uint32_t first = 1;
  uint32_t last = 5;
};
std::expected<SetRange, ClientError> ParseSetRange(std::string_view text);

}  // namespace beian::client
