#include "tests/storage/table.h"

#include <fmt/format.h>

#include <numeric>

#include "ledger/json/json.h"

namespace beian::storage {
namespace {

constexpr size_t kJsonIndent = 2;

uint64_t Sum(const std::array<uint64_t, kOutcomes>& counts) {
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

void PrintRow(const std::string& name, const std::array<uint64_t, kOutcomes>& counts) {
  fmt::print("{:24} {:>8}", name, Sum(counts));
  for (const uint64_t count : counts) fmt::print(" {:>8}", count);
  fmt::print("\n");
}

}  // namespace

void Table::Add(const std::string& row, const std::string& which, const Verdict& verdict) {
  ++rows_[row][static_cast<size_t>(verdict.outcome)];
  if (IsGood(verdict.outcome)) return;
  bad_.push_back(
      fmt::format("{}, {}: {}: {}", row, which, OutcomeName(verdict.outcome), verdict.detail));
}

void Table::Print() const {
  fmt::print("{:24} {:>8}", "hurt", "tried");
  for (size_t i = 0; i < kOutcomes; ++i) fmt::print(" {:>8}", OutcomeName(Outcome(i)));
  fmt::print("\n");
  std::array<uint64_t, kOutcomes> all{};
  for (const auto& [name, counts] : rows_) {
    PrintRow(name, counts);
    for (size_t i = 0; i < kOutcomes; ++i) all[i] += counts[i];
  }
  PrintRow("all", all);
  for (size_t i = 0; i < bad_.size() && i < kBadShown; ++i) fmt::print("BAD {}\n", bad_[i]);
}

Bytes Table::Json() const {
  beian::Json rows = beian::Json::array();
  for (const auto& [name, counts] : rows_) {
    beian::Json row{{"hurt", name}, {"tried", Sum(counts)}};
    for (size_t i = 0; i < kOutcomes; ++i) row[std::string(OutcomeName(Outcome(i)))] = counts[i];
    rows.push_back(std::move(row));
  }
  return PrintJson({{"schema", "beian-storage-campaign/v1"}, {"rows", std::move(rows)}},
                   kJsonIndent);
}

}  // namespace beian::storage
