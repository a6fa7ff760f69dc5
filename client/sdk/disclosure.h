#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/sdk/filing_input.h"

/// Personal data that was kept back when a filing was submitted, and the commitments in its place.
namespace beian::client {

/// What was kept of one action's personal data.
struct KeptDisclosures {
  TransactionId transaction;
  uint16_t action = 0;
  std::vector<Disclosure> fields;
  size_t row = 0;          ///< of the bulk file; 0: it was in none
  bool abandoned = false;  ///< the result file says that it was refused, or signs the row anew
};

/// Reads a disclosure file (DisclosureJson), or the result file of a bulk submission, which holds
/// those of many. Nothing in them is checked.
/// Errors: "disclosure.bad_file".
std::expected<std::vector<KeptDisclosures>, ClientError> ParseDisclosures(
    std::string_view text, const std::string& file_name);

/// The commitments of a filing, 32 octets each, by the path of what they stand for: a person's
/// "subject.name", "responsible.document".
std::map<std::string, Bytes> CommitmentsOf(const v1::Filing& filing);

}  // namespace beian::client
