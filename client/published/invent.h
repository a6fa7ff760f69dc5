#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/published/plan.h"

/// Makes up what no report says about a filing, so that it can be seen to be made up.
namespace beian::client {

/// The credit code of an organisation that does not exist: formally right by GB 32100, but the
/// check character of the organisation code inside it (GB 11714) is wrong on purpose, so that no
/// real organisation can have it. `number` below 100,000,000.
std::string InventCreditCode(std::string_view division, uint32_t number);

class Inventor {
 public:
  /// `data` must outlive the inventor.
  explicit Inventor(const PublishedData& data);

  /// A filing that a report names, or one of several that a row stands for. A provider keeps its
  /// credit code and division within a province.
  PlannedFiling Complete(const PublishedFiling& published, const Province& province);
  /// A filing of which only the province is given.
  PlannedFiling Invent(const Province& province);

 private:
  struct Provider {
    std::string credit_code;
    std::string division;
  };
  /// The next district of a province, in turn.
  const Division& NextDistrict(const Province& province);
  Provider NewProvider(std::string division);
  void InventRest(PlannedFiling& filing, std::set<std::string> invented);

  const PublishedData& data_;
  std::map<std::pair<std::string, const Province*>, Provider> providers_;
  std::map<const Province*, size_t> districts_given_;
  uint32_t providers_made_ = 0;
  uint32_t filings_made_ = 0;
};

}  // namespace beian::client
