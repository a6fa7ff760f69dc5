#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "beian/v1/transaction.pb.h"
#include "client/sdk/error.h"
#include "ledger/base/types.h"

namespace beian::client {

/// What a person wrote about one filing: values by dotted path ("service.name"), as text.
using FilingFields = std::map<std::string, std::string>;

/// A field of a filing as users may fill it in.
struct FilingField {
  enum class Needed : uint8_t { kNever, kAlways, kOfOrganisations, kOfPersons };

  std::string path;       ///< "responsible.mobile_phone"
  bool personal = false;  ///< only a commitment leaves this machine; of `subject`, a person's only
  Needed needed = Needed::kNever;
};
/// Every field, in the order of the messages.
const std::vector<FilingField>& FilingFieldList();

inline constexpr size_t kSaltBytes = 16;

/// One personal field with what opens its commitment: SHA-256("beian/personal/v1\0" ‖ salt ‖ u16
/// length of path ‖ path ‖ text).
struct Disclosure {
  std::string path;  ///< "responsible.name", "subject.document"
  std::string text;
  Bytes salt;  ///< 16 octets
};
Sha256Digest Commit(const Disclosure& disclosure);

struct BuiltFiling {
  v1::Filing filing;
  std::vector<Disclosure> disclosures;
};

/// What is wrong with which field; `path` is empty when it is the whole.
struct FieldError {
  std::string path;
  std::string id;
  std::string message;
  std::string remedy;
};

/// Brings every text into NFC, replaces personal data by commitments with fresh salts, and applies
/// the rules of the ledger that need no state.
std::expected<BuiltFiling, FieldError> BuildFiling(const FilingFields& fields);

/// Everything that is wrong with the fields, as far as it can be told at once; the first is the
/// error of BuildFiling. Empty when it builds.
std::vector<FieldError> FilingErrors(const FilingFields& fields);

/// Members by dotted path; lists are joined by semicolons.
FilingFields FlattenFields(const nlohmann::json& object);

/// Of what the ledger shows of a filing, which is no form: it lacks the personal data.
inline constexpr std::string_view kNoFormId = "filing.no_form";

/// Reads TOML or, when the text begins with a brace, JSON. Unknown keys are refused with the
/// nearest known one.
std::expected<FilingFields, ClientError> ParseFilingText(std::string_view text,
                                                         const std::string& file_name);
std::expected<FilingFields, ClientError> ReadFilingFile(const std::filesystem::path& path);

/// Checks that every path is known: the column names of a table, the keys of an object.
std::expected<void, FieldError> CheckPaths(const std::vector<std::string>& paths);

/// A commented TOML file to fill in, in which needed fields are marked. Comments are said in the
/// words of `translate`, which is given them in English, and fields by their path.
std::string FilingTemplate(std::string_view (*translate)(std::string_view english) =
                               [](std::string_view english) { return english; });
/// What stands under `path` in an example of an organisation's filing that builds; may be empty.
std::string_view FilingSample(std::string_view path);

/// {"schema":"beian.disclosure.v1", ...}: what the office needs besides the transaction.
std::string DisclosureJson(const TransactionId& transaction, uint16_t action,
                           const std::vector<Disclosure>& disclosures);

}  // namespace beian::client
