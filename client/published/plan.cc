#include "client/published/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "client/published/invent.h"
#include "ledger/base/calendar.h"
#include "ledger/base/check.h"

namespace beian::client {
namespace {

ClientError BadSet(std::string_view id, std::string_view what, uint32_t set) {
  return {std::string(id), std::string(what), fmt::format("set {}", set),
          "Ask for sets that published-batches.tsv has with their day, like --sets 1:5.", "",
          Exit::kFailed, 0};
}

std::vector<const Province*> OpenProvinces(const PublishedData& data, uint32_t set) {
  std::vector<const Province*> open;
  for (const Province& province : Provinces()) open.push_back(&province);
  for (const PublishedCell& cell : data.cells) {
    if (cell.set != set) continue;
    for (const Province* province : cell.provinces) std::erase(open, province);
  }
  return open;
}

/// Where a filing of unknown province goes: where its provider has gone before if there is room,
/// else where most room is. `room` holds only provinces that no cell counts.
const Province& ChoosePlace(const ProvinceCounts& room, const Province* before) {
  if (before != nullptr && room.contains(before) && room.at(before) > 0) return *before;
  const Province* best = nullptr;
  for (const Province& province : Provinces()) {
    const auto found = room.find(&province);
    if (found == room.end() || found->second == 0) continue;
    if (best == nullptr || found->second > room.at(best)) best = &province;
  }
  CHECK(best != nullptr);  // SpreadSet has counted the filings without a place
  return *best;
}

PlannedSet PlanSet(const PublishedData& data, const PublishedSet& set, ProvinceCounts left,
                   std::map<std::string, const Province*>& places, Inventor& inventor) {
  PlannedSet plan{set.number, set.published, {}};
  const auto add = [&](const PublishedFiling& filing, const Province& province) {
    for (uint32_t i = 0; i < filing.filings; ++i) {
      plan.filings.push_back(inventor.Complete(filing, province));
      CHECK(left[&province] > 0);
      --left[&province];
    }
  };
  for (const PublishedFiling& filing : data.filings) {
    if (filing.set == set.number && filing.province != nullptr) add(filing, *filing.province);
  }
  for (const PublishedFiling& filing : data.filings) {
    if (filing.set != set.number || filing.province != nullptr) continue;
    ProvinceCounts room;
    for (const Province* province : OpenProvinces(data, set.number)) {
      room[province] = left[province];
    }
    const Province& place = ChoosePlace(room, places[filing.provider]);
    places[filing.provider] = &place;
    add(filing, place);
  }
  for (const Province& province : Provinces()) {
    for (; left[&province] > 0; --left[&province]) {
      plan.filings.push_back(inventor.Invent(province));
    }
  }
  CHECK(plan.filings.size() == set.filings);
  return plan;
}

}  // namespace

std::expected<std::vector<PlannedSet>, ClientError> PlanFilings(const PublishedData& data,
                                                             SetRange range) {
  // Every set from the first is planned, so that a filing is the same in every range.
  Inventor inventor(data);
  std::map<std::string, const Province*> places;
  std::vector<PlannedSet> plan;
  for (uint32_t number = 1; number <= range.last; ++number) {
    const PublishedSet* set = data.FindSet(number);
    if (set == nullptr) {
      return std::unexpected(BadSet("published.unknown_set", "Nothing is known of the set.",
                                    number));
    }
    if (!ParseDate(set->published)) {
      return std::unexpected(BadSet("published.no_day", "The day of publication is not known.",
                                    number));
    }
    auto counts = SpreadSet(data, number);
    if (!counts) return std::unexpected(counts.error());
    PlannedSet planned = PlanSet(data, *set, *std::move(counts), places, inventor);
    if (number >= range.first) plan.push_back(std::move(planned));
  }
  return plan;
}

std::string KeyFileOf(const PlannedFiling& filing) {
  return filing.fields.at("subject.credit_code") + ".pem";
}

std::string FormatPlan(const std::vector<PlannedSet>& sets) {
  std::string text;
  for (const PlannedSet& set : sets) {
    for (const PlannedFiling& filing : set.filings) {
      nlohmann::ordered_json row = nlohmann::ordered_json::object();
      for (const FilingField& field : FilingFieldList()) {
        const auto found = filing.fields.find(field.path);
        if (found != filing.fields.end() && !found->second.empty()) row[field.path] = found->second;
      }
      row["key_file"] = KeyFileOf(filing);
      text += row.dump() + "\n";
    }
  }
  return text;
}

}  // namespace beian::client
