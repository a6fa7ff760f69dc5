// The only source that includes toml11, which is slow to compile and throws.

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <toml.hpp>
#include <utility>

#include "ledger/base/calendar.h"
#include "ledger/base/toml_depth.h"
#include "ledger/chain/genesis.h"
#include "ledger/crypto/hash.h"
#include "ledger/filing/province.h"

namespace beian {
namespace {

/// With an ordered table, so that of two faults the same one is always shown.
using Toml = toml::basic_value<toml::discard_comments, std::map, std::vector>;

constexpr size_t kNameMax = 32;

constexpr size_t kFileBytesMax = 1 << 20;
constexpr size_t kLineBytesMax = 1'000;

bool IsName(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= kNameMax && std::ranges::all_of(text, allowed);
}

/// `2019-02-15T00:00:00.000Z`, as FormatTime writes it and in no other form.
std::optional<TimeMs> ParseTime(std::string_view text) {
  constexpr std::string_view kPattern = "2019-02-15T00:00:00.000Z";
  if (text.size() != kPattern.size()) return std::nullopt;
  const auto date = ParseDate(text.substr(0, 10));
  if (!date || date->year < 1970) return std::nullopt;
  const auto digits = [&](size_t at, size_t count) {
    unsigned value = 0;
    for (const char c : text.substr(at, count)) value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
  };
  using namespace std::chrono;
  const sys_days day{year(date->year) / month(date->month) / std::chrono::day(date->day)};
  const auto clock = hours(digits(11, 2)) + minutes(digits(14, 2)) + seconds(digits(17, 2)) +
                     milliseconds(digits(20, 3));
  const TimeMs time(static_cast<uint64_t>((day.time_since_epoch() + clock).count()));
  if (FormatTime(time) != text) return std::nullopt;  // 25:00, a letter among the digits
  return time;
}

/// Reads a parsed file and remembers the first fault; after it, values are defaults.
class GenesisReader {
 public:
  explicit GenesisReader(std::string_view file_name) : file_name_(file_name) {}

  Genesis Read(const Toml& root);
  void Fail(std::string_view id, uint64_t line, std::string_view what, std::string_view remedy);
  std::optional<GenesisError> TakeError() { return std::move(error_); }

 private:
  static uint64_t LineOf(const Toml& value) { return value.location().line(); }

  const Toml* Find(const Toml& table, const std::string& key);
  void AllowOnly(const Toml& table, std::initializer_list<std::string_view> keys);
  std::string Text(const Toml& table, const std::string& key);
  uint64_t WholeNumber(const Toml& table, const std::string& key);
  std::string Name(const Toml& table);
  PublicKey Key(const Toml& table, const std::string& key);
  PublicKey ValidatorKey(const Toml& table, const std::string& key);
  const std::vector<Toml>& Tables(const Toml& root, const std::string& key);

  void ReadHead(const Toml& root, Genesis& genesis);
  Validator ReadValidator(const Toml& table);
  RoleKey ReadOffice(const Toml& table);
  std::string ReadProvince(const Toml& table);
  void CountOffice(const Toml& table, const RoleKey& role);
  void CheckOffices(const Toml& root);

  const std::string file_name_;
  std::optional<GenesisError> error_;
  std::set<PublicKey> keys_;  ///< of all validators and offices
  std::set<std::string, std::less<>> provinces_;
  size_t cacs_ = 0;
  size_t auditors_ = 0;
};

void GenesisReader::Fail(std::string_view id, uint64_t line, std::string_view what,
                         std::string_view remedy) {
  if (error_) return;
  std::ostringstream message;
  message << file_name_ << ':' << line << ": " << what << "; " << remedy;
  error_ = GenesisError{std::string(id), message.str()};
}

const Toml* GenesisReader::Find(const Toml& table, const std::string& key) {
  const auto& entries = table.as_table();
  if (const auto found = entries.find(key); found != entries.end()) return &found->second;
  Fail("genesis.missing_key", LineOf(table), "`" + key + "` is missing", "add it");
  return nullptr;
}

void GenesisReader::AllowOnly(const Toml& table, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, value] : table.as_table()) {
    if (std::ranges::find(keys, key) != keys.end()) continue;
    Fail("genesis.unknown_key", LineOf(value), "`" + key + "` is not a key of this table",
         "remove it or mend its spelling");
  }
}

std::string GenesisReader::Text(const Toml& table, const std::string& key) {
  const Toml* value = Find(table, key);
  if (value == nullptr) return {};
  if (value->is_string()) return value->as_string().str;
  Fail("genesis.wrong_type", LineOf(*value), "`" + key + "` is not a text", "put it in quotes");
  return {};
}

uint64_t GenesisReader::WholeNumber(const Toml& table, const std::string& key) {
  const Toml* value = Find(table, key);
  if (value == nullptr) return 0;
  if (value->is_integer() && value->as_integer() >= 0) {
    return static_cast<uint64_t>(value->as_integer());
  }
  Fail("genesis.wrong_type", LineOf(*value), "`" + key + "` is not a whole number",
       "write digits without quotes");
  return 0;
}

std::string GenesisReader::Name(const Toml& table) {
  std::string name = Text(table, "name");
  if (!error_ && !IsName(name)) {
    Fail("genesis.bad_name", LineOf(table.at("name")), "`" + name + "` is not a name",
         "use 1 to 32 of a-z, 0-9 and -");
  }
  return name;
}

PublicKey GenesisReader::Key(const Toml& table, const std::string& key) {
  const std::string text = Text(table, key);
  if (error_) return {};
  const uint64_t line = LineOf(table.at(key));
  const auto octets = FromHex(text);
  const auto decoded = octets ? PublicKey::Decode(*octets) : std::nullopt;
  if (!decoded || !IsUsableKey(*decoded)) {
    Fail("genesis.bad_key", line, "`" + key + "` is not a usable public key",
         "give the hex of a scheme octet (01 Ed25519, 02 P-256) and the key");
    return {};
  }
  if (!keys_.insert(*decoded).second) {
    Fail("genesis.duplicate_key", line, "`" + key + "` stands in the file twice",
         "make a key of its own for every use");
  }
  return *decoded;
}

PublicKey GenesisReader::ValidatorKey(const Toml& table, const std::string& key) {
  PublicKey decoded = Key(table, key);
  if (!error_ && decoded.scheme != KeyScheme::kEd25519) {
    Fail("genesis.wrong_scheme", LineOf(table.at(key)), "`" + key + "` is not an Ed25519 key",
         "validators sign with Ed25519: make such a key");
  }
  return decoded;
}

const std::vector<Toml>& GenesisReader::Tables(const Toml& root, const std::string& key) {
  static const std::vector<Toml> kNone;
  const Toml* value = Find(root, key);
  if (value == nullptr) return kNone;
  if (value->is_array() && std::ranges::all_of(value->as_array(), &Toml::is_table)) {
    return value->as_array();
  }
  Fail("genesis.wrong_type", LineOf(*value), "`" + key + "` is not a list of tables",
       "write [[" + key + "]] above each");
  return kNone;
}

void GenesisReader::ReadHead(const Toml& root, Genesis& genesis) {
  if (WholeNumber(root, "format") != kGenesisFormat && !error_) {
    Fail("genesis.unknown_format", LineOf(root.at("format")), "this format is not known",
         "use a program of the release that made the file, or format = 1");
  }
  genesis.name = Name(root);
  const std::string time = Text(root, "time");
  const auto parsed = ParseTime(time);
  if (!error_ && !parsed) {
    Fail("genesis.bad_time", LineOf(root.at("time")), "`" + time + "` is not a time",
         "write it like 2019-02-15T00:00:00.000Z");
  }
  genesis.time = parsed.value_or(TimeMs());
  if (Text(root, "hash") != kGenesisHash && !error_) {
    Fail("genesis.unknown_hash", LineOf(root.at("hash")), "this hash is not known",
         "write \"sha256\"");
  }
  genesis.heartbeat_ms = WholeNumber(root, "heartbeat_ms");
  const bool in_range =
      genesis.heartbeat_ms >= kHeartbeatMsMin && genesis.heartbeat_ms <= kHeartbeatMsMax;
  if (!error_ && !in_range) {
    Fail("genesis.bad_heartbeat", LineOf(root.at("heartbeat_ms")), "the heartbeat is out of range",
         "give 1000 (a second) to 604800000 (seven days)");
  }
}

Validator GenesisReader::ReadValidator(const Toml& table) {
  AllowOnly(table, {"name", "consensus_key", "tls_key"});
  return {Name(table), ValidatorKey(table, "consensus_key"), ValidatorKey(table, "tls_key")};
}

std::string GenesisReader::ReadProvince(const Toml& table) {
  std::string province = Text(table, "province");
  const bool known = province.size() == 2 && FindProvince(province) != nullptr;
  if (!error_ && !known) {
    Fail("genesis.unknown_province", LineOf(table.at("province")),
         "`" + province + "` is no province", "give two digits of GB/T 2260, like \"11\"");
  }
  return province;
}

RoleKey GenesisReader::ReadOffice(const Toml& table) {
  const std::string word = Text(table, "role");
  for (const auto role :
       {Actor::Role::kProvincialOffice, Actor::Role::kCac, Actor::Role::kAuditor}) {
    if (word != GenesisRoleWord(role)) continue;
    const bool provincial = role == Actor::Role::kProvincialOffice;
    provincial ? AllowOnly(table, {"role", "province", "key"}) : AllowOnly(table, {"role", "key"});
    std::string province = provincial ? ReadProvince(table) : std::string();
    return {role, std::move(province), Key(table, "key")};
  }
  if (!error_) {
    Fail("genesis.unknown_role", LineOf(table.at("role")), "`" + word + "` is no role",
         "give \"province\", \"cac\" or \"auditor\"");
  }
  return {};
}

void GenesisReader::CountOffice(const Toml& table, const RoleKey& role) {
  const bool provincial = role.role == Actor::Role::kProvincialOffice;
  const bool cac = role.role == Actor::Role::kCac;
  const bool auditor = role.role == Actor::Role::kAuditor;
  if ((provincial && !provinces_.insert(role.province).second) || (cac && ++cacs_ > 1)) {
    Fail("genesis.duplicate_office", LineOf(table), "this office stands in the file twice",
         "remove one of the two");
  }
  if (auditor && ++auditors_ > kAuditorsMax) {
    Fail("genesis.too_many_auditors", LineOf(table), "there are more than 16 auditors",
         "remove some");
  }
}

void GenesisReader::CheckOffices(const Toml& root) {
  for (const Province& province : Provinces()) {
    if (provinces_.contains(province.gb2260)) continue;
    Fail("genesis.missing_office", LineOf(root),
         "the office of " + std::string(province.name_en) + " is missing",
         "add an [[office]] with province = \"" + std::string(province.gb2260) + "\"");
  }
  if (cacs_ == 0) {
    Fail("genesis.missing_office", LineOf(root), "the CAC is missing",
         "add an [[office]] with role = \"cac\"");
  }
}

Genesis GenesisReader::Read(const Toml& root) {
  Genesis genesis;
  AllowOnly(root, {"format", "name", "time", "hash", "heartbeat_ms", "validator", "office"});
  ReadHead(root, genesis);
  const auto& validators = Tables(root, "validator");
  if (!error_ && (validators.empty() || validators.size() > kValidatorsMax)) {
    Fail("genesis.bad_validator_count", LineOf(root), "there must be 1 to 35 validators",
         "add or remove [[validator]] tables");
  }
  std::vector<Validator> members;
  std::set<std::string> names;
  for (const Toml& table : validators) {
    members.push_back(ReadValidator(table));
    if (!error_ && !names.insert(members.back().name).second) {
      Fail("genesis.duplicate_validator", LineOf(table.at("name")),
           "two validators are called `" + members.back().name + "`", "rename one of the two");
    }
  }
  for (const Toml& table : Tables(root, "office")) {
    genesis.roles.push_back(ReadOffice(table));
    CountOffice(table, genesis.roles.back());
  }
  CheckOffices(root);
  if (!error_) genesis.validators = ValidatorSet(std::move(members));
  return genesis;
}

/// Keeps toml11 from what it would take too long or too much stack for.
void CheckSize(std::string_view text, GenesisReader& reader) {
  if (text.size() > kFileBytesMax) {
    reader.Fail("genesis.too_large", 1, "the file has more than 1 MiB", "it is no genesis file");
    return;
  }
  uint64_t line = 1;
  size_t line_bytes = 0;
  for (const char c : text) {
    line_bytes = c == '\n' ? 0 : line_bytes + 1;
    if (c == '\n') ++line;
    if (line_bytes > kLineBytesMax) {
      reader.Fail("genesis.bad_syntax", line, "the line is too long",
                  "keep lines under 1,000 octets");
      return;
    }
  }
  if (const auto deep = TomlTooDeepAt(text)) {
    reader.Fail("genesis.bad_syntax", *deep, "there are too many brackets or dots",
                "keep to 500 brackets in all, and 100 dots in a key");
  }
}

/// The first line of what toml11 says, without its prefix.
std::string Headline(std::string_view what) {
  constexpr std::string_view kPrefix = "[error] ";
  what = what.substr(0, what.find('\n'));
  if (what.starts_with(kPrefix)) what.remove_prefix(kPrefix.size());
  return std::string(what);
}

std::optional<Toml> ParseToml(std::string_view text, const std::string& file_name,
                              GenesisReader& reader) {
  constexpr std::string_view kRemedy = "mend the TOML syntax there";
  try {
    std::istringstream stream{std::string(text)};
    return toml::parse<toml::discard_comments, std::map, std::vector>(stream, file_name);
  } catch (const toml::exception& error) {
    reader.Fail("genesis.bad_syntax", error.location().line(), Headline(error.what()), kRemedy);
  } catch (const std::exception& error) {
    reader.Fail("genesis.bad_syntax", 1, Headline(error.what()), kRemedy);
  }
  return std::nullopt;
}

}  // namespace

std::expected<Genesis, GenesisError> ParseGenesis(std::string_view file_name,
                                                  std::string_view text) {
  GenesisReader reader(file_name);
  CheckSize(text, reader);
  if (auto error = reader.TakeError()) return std::unexpected(*std::move(error));
  const auto root = ParseToml(text, std::string(file_name), reader);
  if (auto error = reader.TakeError()) return std::unexpected(*std::move(error));
  Genesis genesis = reader.Read(*root);
  if (auto error = reader.TakeError()) return std::unexpected(*std::move(error));
  genesis.chain_id = DigestCast<ChainId>(Sha256(text));
  for (const RoleKey& role : genesis.roles) {
    const KeyId id = role.key.id();
    genesis.actors_.emplace(id, Actor{role.role, role.province, id});
  }
  return genesis;
}

}  // namespace beian
