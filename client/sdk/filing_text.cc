#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "client/sdk/files.h"
#include "client/sdk/filing_input.h"
#include "client/sdk/text.h"
#include "client/sdk/toml_text.h"

namespace beian::client {
namespace {

ClientError BadFile(const std::string& file_name, std::string message, std::string remedy) {
  return {"filing.bad_file",       std::move(message), file_name, std::move(remedy),
          "beian filing template", Exit::kFailed,      0};
}

ClientError BadFile(const std::string& file_name, const FieldError& error) {
  return {error.id,
          fmt::format("{}: {}", Printable(error.path), error.message),
          file_name,
          error.remedy,
          "beian filing template",
          Exit::kFailed,
          0};
}

/// What `filing get -o json` says.
bool IsOfTheLedger(const nlohmann::json& json) {
  const auto schema = json.find("schema");
  return schema != json.end() && *schema == "beian.filing.v1";
}

ClientError NoForm(const std::string& file_name) {
  return {
      std::string(kNoFormId),
      "This is a filing as the ledger holds it, and no form.",
      file_name,
      "It lacks the personal data: edit the form that was filed, or use `beian filing template`.",
      "beian filing template",
      Exit::kFailed,
      0};
}

std::string Join(const std::vector<std::string>& parts) {
  std::string joined;
  for (const std::string& part : parts) joined += (joined.empty() ? "" : ";") + part;
  return joined;
}

void Flatten(const nlohmann::json& json, const std::string& path, FilingFields& fields) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      Flatten(value, path.empty() ? key : path + "." + key, fields);
    }
  } else if (json.is_array()) {
    std::vector<std::string> parts;
    for (const auto& part : json) {
      parts.push_back(part.is_string() ? part.get<std::string>() : part.dump());
    }
    fields[path] = Join(parts);
  } else if (json.is_string()) {
    fields[path] = json.get<std::string>();
  } else if (!json.is_null()) {
    fields[path] = json.dump();
  }
}

nlohmann::json ToJson(const toml::value& value) {
  if (value.is_table()) {
    nlohmann::json json = nlohmann::json::object();
    for (const auto& [key, member] : value.as_table()) json[key] = ToJson(member);
    return json;
  }
  if (value.is_array()) {
    nlohmann::json json = nlohmann::json::array();
    for (const auto& member : value.as_array()) json.push_back(ToJson(member));
    return json;
  }
  if (value.is_boolean()) return value.as_boolean();
  if (value.is_integer()) return std::to_string(value.as_integer());
  if (value.is_string()) return value.as_string().str;
  return toml::format(value);
}

std::expected<nlohmann::json, std::string> ReadToml(const std::string& text,
                                                    const std::string& file_name) {
  const auto value = ParseToml(text, file_name);
  if (!value) return std::unexpected(value.error());
  return ToJson(*value);
}

std::expected<nlohmann::json, std::string> ReadJson(std::string_view text) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    const std::string_view before = text.substr(0, error.byte);
    return std::unexpected(UnreadableLine(text, 1 + std::ranges::count(before, '\n')));
  }
}

std::string_view FieldComment(std::string_view path) {
  static const std::map<std::string_view, std::string_view> comments = {
      {"subject.division", "GB/T 2260, six digits: where the subject is registered"},
      {"subject.name", "of the organisation; a person's name is personal data"},
      {"subject.nature", "organisation or person"},
      {"subject.credit_code", "GB 32100, 18 characters; organisations only"},
      {"subject.document", "personal data; number of a person's document, persons only"},
      {"subject.investor", "investor or supervising body"},
      {"subject.postal_address", "organisations only"},
      {"service.form", "website, app, ..."},
      {"service.site", "address of the site, or name of the client program"},
      {"service.has_information_management", "true or false"},
      {"synthetic", "fields above that are invented, as [\"service.category\", ...]"},
      {"published_code", "code that the real filing carries in public, as data"},
      {"source", "where the facts of a real filing were found"},
  };
  const auto found = comments.find(path);
  return found == comments.end() ? std::string_view() : found->second;
}

std::string_view Example(std::string_view path) {
  static const std::map<std::string_view, std::string_view> examples = {
      {"subject.division", "\"110105\""},
      {"subject.nature", "\"organisation\""},
      {"service.has_information_management", "true"},
      {"synthetic", "[]"},
  };
  const auto found = examples.find(path);
  return found == examples.end() ? std::string_view("\"\"") : found->second;
}

std::string_view Mark(FilingField::Needed needed) {
  switch (needed) {
    case FilingField::Needed::kNever:
      return {};
    case FilingField::Needed::kAlways:
      return "[required]";
    case FilingField::Needed::kOfOrganisations:
      return "[required of an organisation]";
    case FilingField::Needed::kOfPersons:
      return "[required of a person]";
  }
  return {};
}

using Translate = std::string_view (*)(std::string_view english);

/// A field has a title of its own only where its name is no word of the language.
std::string CommentOf(const FilingField& field, Translate translate) {
  const bool personal = field.personal && field.path != "subject.name";
  const std::string_view about = translate(FieldComment(field.path));
  std::string title(translate(field.path));
  if (title == field.path) title.clear();
  if (!title.empty() && !about.empty()) title += ":";
  std::string comment;
  for (const std::string_view part :
       {translate(Mark(field.needed)), translate(personal ? "[personal]" : ""),
        std::string_view(title), about}) {
    if (!part.empty()) comment += (comment.empty() ? "  # " : " ") + std::string(part);
  }
  return comment;
}

}  // namespace

std::string_view FilingSample(std::string_view path) {
  static const std::map<std::string_view, std::string_view> samples = {
      {"subject.division", "110105"},
      {"subject.name", "虚构示例有限公司"},
      {"subject.nature", "organisation"},
      {"subject.credit_code", "91110105999900009F"},
      {"responsible.name", "虚构联系人"},
      {"responsible.document", "SYNTHETIC"},
      {"responsible.mobile_phone", "000-1000-0000"},
      {"service.name", "虚构示例服务"},
      {"service.category", "存证"},
      {"service.form", "网站"},
      {"service.has_information_management", "true"},
  };
  const auto found = samples.find(path);
  return found == samples.end() ? std::string_view() : found->second;
}

FilingFields FlattenFields(const nlohmann::json& object) {
  FilingFields fields;
  Flatten(object, "", fields);
  return fields;
}

std::expected<FilingFields, ClientError> ParseFilingText(std::string_view text,
                                                         const std::string& file_name) {
  if (auto other = NotUtf8("filing.not_utf8", text, file_name)) {
    return std::unexpected(*std::move(other));
  }
  const size_t start = text.find_first_not_of(" \t\r\n");
  const bool is_json = start != std::string_view::npos && text[start] == '{';
  const auto json = is_json ? ReadJson(text) : ReadToml(std::string(text), file_name);
  if (!json) {
    return std::unexpected(BadFile(file_name, json.error(),
                                   is_json ? "Mend that line, or the one before it."
                                           : "Write each field as name = \"text\"."));
  }
  if (IsOfTheLedger(*json)) return std::unexpected(NoForm(file_name));
  FilingFields fields = FlattenFields(*json);
  std::vector<std::string> paths;
  for (const auto& [path, value] : fields) paths.push_back(path);
  if (const auto known = CheckPaths(paths); !known) {
    return std::unexpected(BadFile(file_name, known.error()));
  }
  return fields;
}

std::expected<FilingFields, ClientError> ReadFilingFile(const std::filesystem::path& path) {
  const auto text = ReadFile(path, kTextFileBytesMax);
  if (!text) return std::unexpected(text.error());
  return ParseFilingText(*text, path.string());
}

std::string FilingTemplate(Translate translate) {
  std::string text(
      translate("# A filing. Fill in what stands between the quotation marks; [required] fields "
                "must be.\n# Fields marked [personal] never leave this machine: the ledger gets a "
                "commitment, and the\n# text with its salt is written to a file that only you can "
                "read.\n"));
  std::string tables;
  std::string table;
  for (const FilingField& field : FilingFieldList()) {
    const size_t dot = field.path.find('.');
    const std::string part = dot == std::string::npos ? "" : field.path.substr(0, dot);
    const std::string name = dot == std::string::npos ? field.path : field.path.substr(dot + 1);
    std::string& target = part.empty() ? text : tables;
    if (!part.empty() && part != table) target += fmt::format("\n[{}]\n", part);
    if (!part.empty()) table = part;
    target += fmt::format("{} = {}{}\n", name, Example(field.path), CommentOf(field, translate));
  }
  return text + tables;
}

}  // namespace beian::client
