#pragma once

#include <span>
#include <string_view>

/// The texts that explanations.cc looks up.
namespace beian::client {

/// An error id with what it says in both languages. An empty English remedy is the ledger's own.
struct ExplanationEntry {
  std::string_view id;
  std::string_view english;
  std::string_view chinese;
  std::string_view english_remedy;
  std::string_view chinese_remedy;
};

/// Ascending by id.
std::span<const ExplanationEntry> ExplanationTable();

}  // namespace beian::client
