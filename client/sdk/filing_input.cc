#include "client/sdk/filing_input.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "client/sdk/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/filing/lifecycle.h"
#include "ledger/filing/province.h"
#include "ledger/filing/text.h"

namespace beian::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kPersonalTag{"beian/personal/v1\0", 18};
constexpr std::string_view kCommitmentSuffix = "_commitment";
constexpr std::string_view kPerson = "person";
constexpr std::string_view kOrganisation = "organisation";

std::string InputName(const FieldDescriptor& field) {
  std::string name = field.name();
  if (name.ends_with(kCommitmentSuffix)) name.resize(name.size() - kCommitmentSuffix.size());
  return name;
}

FilingField::Needed NeededOf(std::string_view path) {
  if (path == "subject.credit_code") return FilingField::Needed::kOfOrganisations;
  if (path == "subject.document") return FilingField::Needed::kOfPersons;
  constexpr std::string_view kAlways[] = {"subject.division", "subject.name",
                                          "service.name",     "service.category",
                                          "service.form",     "responsible.name"};
  const bool always = std::ranges::find(kAlways, path) != std::end(kAlways);
  return always ? FilingField::Needed::kAlways : FilingField::Needed::kNever;
}

std::vector<FilingField> MakeFieldList() {
  std::vector<FilingField> list;
  const google::protobuf::Descriptor& filing = *v1::Filing::descriptor();
  for (int i = 0; i < filing.field_count(); ++i) {
    const FieldDescriptor& part = *filing.field(i);
    if (part.type() != FieldDescriptor::TYPE_MESSAGE) {
      list.push_back({part.name()});
      continue;
    }
    for (int j = 0; j < part.message_type()->field_count(); ++j) {
      const FieldDescriptor& field = *part.message_type()->field(j);
      const std::string path = part.name() + "." + InputName(field);
      const bool personal = field.type() == FieldDescriptor::TYPE_BYTES;
      const auto same = std::find_if(list.begin(), list.end(),
                                     [&](const FilingField& other) { return other.path == path; });
      if (same != list.end()) {
        same->personal = true;  // subject.name: in plain text for an organisation
      } else {
        list.push_back({path, personal, NeededOf(path)});
      }
    }
  }
  return list;
}

std::string ValueOf(const FilingFields& fields, const std::string& path) {
  const auto found = fields.find(path);
  return found == fields.end() ? std::string() : found->second;
}

FieldError Bad(std::string path, FilingReject reject, std::string message) {
  return {std::move(path), std::string(FilingRejectId(reject)), std::move(message),
          std::string(FilingRejectRemedy(reject))};
}

/// NFC of every value, so that what is signed has one form.
std::expected<FilingFields, FieldError> Normalise(const FilingFields& fields) {
  FilingFields normal;
  for (const auto& [path, value] : fields) {
    auto text = ToNfc(value);
    if (!text || !IsPlainText(*text)) {
      return std::unexpected(Bad(path, FilingReject::kBadText,
                                 "The text is not UTF-8, or holds a control or bidirectional "
                                 "character."));
    }
    normal[path] = *std::move(text);
  }
  return normal;
}

std::optional<bool> ParseYesNo(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "1", "是", "有"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"", "false", "no", "0", "否", "无"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

/// Fills one message from the fields under its name and collects what is to be disclosed.
class PartBuilder {
 public:
  PartBuilder(const FilingFields& fields, BuiltFiling& built, bool person)
      : fields_(fields), built_(built), person_(person) {}

  std::optional<FieldError> Fill(const std::string& part, Message* message) {
    const google::protobuf::Descriptor& type = *message->GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      if (auto error = FillField(part + "." + InputName(*type.field(i)), *type.field(i), message)) {
        return error;
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<FieldError> FillField(const std::string& path, const FieldDescriptor& field,
                                      Message* message) {
    const auto& reflection = *message->GetReflection();
    const std::string value = ValueOf(fields_, path);
    const bool of_person_only = path == "subject.name" || path == "subject.document";
    switch (field.type()) {
      case FieldDescriptor::TYPE_BYTES:
        if (of_person_only && !person_) {
          if (path == "subject.document" && !value.empty()) {
            return Bad(path, FilingReject::kBadSubject, "Only a person has a document here.");
          }
          return std::nullopt;
        }
        reflection.SetString(message, &field, CommitTo(path, value));
        return std::nullopt;
      case FieldDescriptor::TYPE_BOOL: {
        const auto parsed = ParseYesNo(value);
        if (!parsed) return Bad(path, FilingReject::kBadText, "Say true or false.");
        reflection.SetBool(message, &field, *parsed);
        return std::nullopt;
      }
      case FieldDescriptor::TYPE_ENUM:
        reflection.SetEnumValue(
            message, &field, person_ ? v1::SUBJECT_NATURE_PERSON : v1::SUBJECT_NATURE_ORGANISATION);
        return std::nullopt;
      default:
        if (!(path == "subject.name" && person_)) reflection.SetString(message, &field, value);
        return std::nullopt;
    }
  }

  std::string CommitTo(const std::string& path, const std::string& text) {
    Disclosure disclosure{path, text, RandomBytes(kSaltBytes)};
    const Sha256Digest commitment = Commit(disclosure);
    built_.disclosures.push_back(std::move(disclosure));
    return Bytes(commitment.view());
  }

  const FilingFields& fields_;
  BuiltFiling& built_;
  const bool person_;
};

/// Ascending, each once, by the names of the messages; separated by commas or semicolons.
std::set<std::string> SplitPaths(std::string_view text, bool person) {
  std::set<std::string> paths;
  std::string path;
  for (const char c : std::string(text) + ";") {
    if (c == ' ') continue;
    if (c != ',' && c != ';') {
      path += c;
      continue;
    }
    const bool commitment = path == "subject.document" || (person && path == "subject.name");
    if (!path.empty()) paths.insert(commitment ? path + std::string(kCommitmentSuffix) : path);
    path.clear();
  }
  return paths;
}

/// The fields that the ledger needs, named here because its own answer does not say which is bad.
std::vector<FieldError> CheckNeeded(const FilingFields& fields, bool person) {
  std::vector<FieldError> errors;
  const auto of_nature =
      person ? FilingField::Needed::kOfPersons : FilingField::Needed::kOfOrganisations;
  for (const FilingField& field : FilingFieldList()) {
    const bool needed = field.needed == FilingField::Needed::kAlways || field.needed == of_nature;
    if (!needed || !ValueOf(fields, field.path).empty()) continue;
    errors.push_back({field.path, "filing.missing_field", "This field must be filled in.",
                      "Fill it in; `beian filing template` says what belongs there."});
  }
  const std::string division = ValueOf(fields, "subject.division");
  if (!division.empty() && !IsDivision(division)) {
    errors.push_back(Bad("subject.division", FilingReject::kBadDivision, "This is no division."));
  }
  const std::string credit_code = ValueOf(fields, "subject.credit_code");
  if (!person && !credit_code.empty() && !IsCreditCode(credit_code)) {
    errors.push_back(
        Bad("subject.credit_code", FilingReject::kBadCreditCode, "This is no credit code."));
  }
  for (const auto& [path, value] : fields) {
    const bool name =
        path.ends_with("name") || path == "service.category" || path == "service.form";
    const size_t bytes_max = name ? kNameBytesMax : kTextBytesMax;
    if (path != "synthetic" && value.size() > bytes_max) {
      errors.push_back(
          Bad(path, FilingReject::kBadText,
              fmt::format("The text has {} octets; {} are allowed.", value.size(), bytes_max)));
    }
  }
  return errors;
}

}  // namespace

const std::vector<FilingField>& FilingFieldList() {
  static const std::vector<FilingField> list = MakeFieldList();
  return list;
}

Sha256Digest Commit(const Disclosure& disclosure) {
  ByteWriter writer;
  writer.Short(disclosure.path);
  return Sha256({kPersonalTag, disclosure.salt, writer.bytes(), disclosure.text});
}

std::expected<void, FieldError> CheckPaths(const std::vector<std::string>& paths) {
  std::vector<std::string> known;
  for (const FilingField& field : FilingFieldList()) known.push_back(field.path);
  for (const std::string& path : paths) {
    if (std::find(known.begin(), known.end(), path) != known.end()) continue;
    const auto near = Nearest(path, known);
    return std::unexpected(FieldError{
        path, "filing.unknown_field", "There is no such field.",
        near ? fmt::format("Did you mean `{}`?", *near) : "See `beian filing template`."});
  }
  return {};
}

std::expected<BuiltFiling, FieldError> BuildFiling(const FilingFields& input) {
  const auto fields = Normalise(input);
  if (!fields) return std::unexpected(fields.error());
  const std::string nature = ValueOf(*fields, "subject.nature");
  if (nature != kPerson && nature != kOrganisation && !nature.empty()) {
    return std::unexpected(
        Bad("subject.nature", FilingReject::kBadSubject, "Say organisation or person."));
  }
  const bool person = nature == kPerson;
  if (auto errors = CheckNeeded(*fields, person); !errors.empty()) {
    return std::unexpected(std::move(errors.front()));
  }
  BuiltFiling built;
  PartBuilder builder(*fields, built, person);
  v1::Filing& filing = built.filing;
  if (auto error = builder.Fill("subject", filing.mutable_subject()))
    return std::unexpected(*error);
  if (auto error = builder.Fill("responsible", filing.mutable_responsible())) {
    return std::unexpected(*error);
  }
  if (auto error = builder.Fill("service", filing.mutable_service()))
    return std::unexpected(*error);
  for (const std::string& path : SplitPaths(ValueOf(*fields, "synthetic"), person)) {
    filing.add_synthetic(path);
  }
  filing.set_published_code(ValueOf(*fields, "published_code"));
  filing.set_source(ValueOf(*fields, "source"));
  const FilingReject reject = CheckContent(filing);
  if (reject == FilingReject::kAccepted) return built;
  const std::string path = reject == FilingReject::kBadSynthetic ? "synthetic"
                           : reject == FilingReject::kBadCode    ? "published_code"
                                                                 : "";
  return std::unexpected(Bad(path, reject, "The filing breaks a rule of the ledger."));
}

std::vector<FieldError> FilingErrors(const FilingFields& input) {
  const auto built = BuildFiling(input);
  if (built) return {};
  // The fields are looked at one by one once it is known what kind of filing it is.
  const auto fields = Normalise(input);
  const std::string nature = fields ? ValueOf(*fields, "subject.nature") : std::string();
  const bool known = nature == kPerson || nature == kOrganisation || nature.empty();
  if (!fields || !known) return {built.error()};
  auto errors = CheckNeeded(*fields, nature == kPerson);
  if (errors.empty()) errors.push_back(built.error());
  return errors;
}

std::string DisclosureJson(const TransactionId& transaction, uint16_t action,
                           const std::vector<Disclosure>& disclosures) {
  nlohmann::ordered_json json = {{"schema", "beian.disclosure.v1"},
                                 {"transaction", transaction.hex()},
                                 {"action", action},
                                 {"fields", nlohmann::ordered_json::array()}};
  for (const Disclosure& disclosure : disclosures) {
    json["fields"].push_back({{"path", disclosure.path},
                              {"text", disclosure.text},
                              {"salt", ToBase64(disclosure.salt)}});
  }
  return json.dump(2) + "\n";
}

}  // namespace beian::client
