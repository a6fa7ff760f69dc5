#include "client/sdk/connection.h"

#include <fmt/format.h>

#include <cstdlib>
#include <set>

#include "client/sdk/files.h"
#include "client/sdk/text.h"
#include "client/sdk/toml_text.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr size_t kGenesisBytesMax = 1 << 20;
constexpr std::string_view kFileName = "beian.toml";
constexpr const char* kConfigVariable = "BEIAN_CONFIG";

ClientError ConfigError(std::string_view id, std::string message, std::string object,
                        std::string remedy) {
  return {std::string(id),
          std::move(message),
          std::move(object),
          std::move(remedy),
          "beian config show",
          Exit::kUsage,
          0};
}

std::optional<std::string> FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    if (comma != 0) parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return parts;
}

struct Candidate {
  fs::path path;
  std::string origin;
  bool required = false;
  std::string named_by = {};  ///< what named it, when it must be there
};

std::vector<Candidate> CandidateFiles(const ConnectionFlags& flags) {
  if (!flags.config.empty()) return {{flags.config, flags.config, true, "--config"}};
  if (const auto named = FromEnvironment(kConfigVariable)) {
    return {{*named, *named, true, kConfigVariable}};
  }
  std::vector<Candidate> candidates{{kFileName, "./beian.toml"}};
  if (const auto xdg = FromEnvironment("XDG_CONFIG_HOME")) {
    candidates.push_back({fs::path(*xdg) / "beian" / kFileName, *xdg + "/beian/beian.toml"});
  } else if (const auto home = FromEnvironment("HOME")) {
    candidates.push_back(
        {fs::path(*home) / ".config/beian" / kFileName, "~/.config/beian/beian.toml"});
  }
  candidates.push_back({"/etc/beian/beian.toml", "/etc/beian/beian.toml"});
  return candidates;
}

template <class T>
void SetOnce(Setting<T>& setting, T value, const std::string& origin) {
  if (setting.origin != "default") return;
  setting.value = std::move(value);
  setting.origin = origin;
}

/// Shows the lines of the file: any command of ours would find the same fault in it.
ClientError BadFile(const Candidate& file, std::string detail) {
  ClientError error = ConfigError(
      "config.bad_file", std::move(detail), file.path.string(),
      "Mend that line: each setting once, as name = value; nodes, genesis, key, keys and lang are "
      "known.");
  error.next = "cat -n " + file.path.string();
  return error;
}

/// What is wrong with a setting's value; empty when nothing is.
std::string WrongForm(const std::string& key, const toml::value& value) {
  if (key != "nodes") {
    return value.is_string() ? "" : fmt::format("`{}` is a text: {} = \"text\"", key, key);
  }
  const bool texts =
      value.is_array() && std::ranges::all_of(value.as_array(), &toml::value::is_string);
  return texts ? "" : "`nodes` is a list of texts: nodes = [\"http://127.0.0.1:7201\"]";
}

std::expected<void, ClientError> Adopt(const toml::value& root, const Candidate& file,
                                       Connection& connection) {
  static const std::set<std::string> known = {"nodes", "genesis", "key", "keys", "lang"};
  const fs::path folder = fs::absolute(file.path).parent_path();
  for (const auto& [key, value] : root.as_table()) {
    if (known.contains(key)) {
      const std::string wrong = WrongForm(key, value);
      if (wrong.empty()) continue;
      return std::unexpected(
          BadFile(file, fmt::format("Line {}: {}.", value.location().line(), wrong)));
    }
    const auto near = Nearest(key, known);
    ClientError error = BadFile(file, fmt::format("Line {}: unknown key `{}`.",
                                                  value.location().line(), Printable(key)));
    if (near) error.remedy = fmt::format("Did you mean `{}`?", *near);
    return std::unexpected(std::move(error));
  }
  const auto path_of = [&](const char* key) {
    return (folder / toml::find<std::string>(root, key)).lexically_normal();
  };
  if (root.contains("nodes")) {
    SetOnce(connection.nodes, toml::find<std::vector<std::string>>(root, "nodes"), file.origin);
  }
  if (root.contains("genesis")) SetOnce(connection.genesis, path_of("genesis"), file.origin);
  if (root.contains("key")) SetOnce(connection.key, path_of("key"), file.origin);
  if (root.contains("keys")) SetOnce(connection.keys, path_of("keys"), file.origin);
  if (root.contains("lang")) {
    SetOnce(connection.lang, toml::find<std::string>(root, "lang"), file.origin);
  }
  return {};
}

ClientError Unreadable(const ClientError& error, const Candidate& file) {
  ClientError unreadable =
      ConfigError("config.cannot_read", error.message, error.object, error.remedy);
  unreadable.next = "ls -l " + error.object;
  if (file.named_by == kConfigVariable) {
    unreadable.remedy = "It is named by BEIAN_CONFIG; unset it, or give --config.";
    unreadable.next = "unset BEIAN_CONFIG";
  } else if (!file.named_by.empty()) {
    unreadable.remedy = "It is named by --config: give another file.";
    unreadable.next = "beian config show";
  }
  return unreadable;
}

std::expected<void, ClientError> ReadFiles(const ConnectionFlags& flags, Connection& connection) {
  for (const Candidate& file : CandidateFiles(flags)) {
    std::error_code ignored;
    if (!file.required && !fs::exists(file.path, ignored)) continue;
    const auto text = ReadFile(file.path, kTextFileBytesMax);
    if (!text) return std::unexpected(Unreadable(text.error(), file));
    const auto root = ParseToml(*text, file.path.string());
    if (!root) return std::unexpected(BadFile(file, root.error()));
    if (const auto adopted = Adopt(*root, file, connection); !adopted) return adopted;
    connection.files.push_back(file.path);
  }
  return {};
}

void ReadEnvironment(Connection& connection) {
  if (const auto nodes = FromEnvironment("BEIAN_NODES")) {
    SetOnce(connection.nodes, SplitList(*nodes), "BEIAN_NODES");
  }
  if (const auto genesis = FromEnvironment("BEIAN_GENESIS")) {
    SetOnce(connection.genesis, fs::path(*genesis), "BEIAN_GENESIS");
  }
  if (const auto key = FromEnvironment("BEIAN_KEY")) {
    SetOnce(connection.key, fs::path(*key), "BEIAN_KEY");
  }
  if (const auto keys = FromEnvironment("BEIAN_KEYS")) {
    SetOnce(connection.keys, fs::path(*keys), "BEIAN_KEYS");
  }
  if (const auto lang = FromEnvironment("BEIAN_LANG")) {
    SetOnce(connection.lang, std::string(*lang), "BEIAN_LANG");
  }
}

void ReadLocale(Connection& connection) {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const auto locale = FromEnvironment(name);
    if (!locale) continue;
    SetOnce(connection.lang, std::string(locale->starts_with("zh") ? "zh-CN" : "en"), name);
    return;
  }
  connection.lang.value = connection.lang.origin == "default" ? "en" : connection.lang.value;
}

std::expected<void, ClientError> CheckSettings(Connection& connection) {
  if (connection.nodes.value.size() > kNodesMax) {
    return std::unexpected(ConfigError("config.too_many_nodes", "At most 64 nodes may be named.",
                                       connection.nodes.origin, "Name the nodes you use."));
  }
  for (std::string& node : connection.nodes.value) {
    auto url = NormaliseNodeUrl(node);
    if (!url) {
      return std::unexpected(ConfigError("config.bad_node", "This is not the address of a node.",
                                         Printable(node), "Write it like http://127.0.0.1:7201."));
    }
    node = *std::move(url);
  }
  if (connection.lang.value != "en" && connection.lang.value != "zh-CN") {
    return std::unexpected(ConfigError("config.bad_lang", "There is no such language.",
                                       Printable(connection.lang.value), "Say en or zh-CN."));
  }
  return {};
}

constexpr size_t kPortDigitsMax = 5;
constexpr unsigned long kPortMax = 65'535;

/// host, host:port or [v6]:port.
bool IsAuthority(std::string_view authority) {
  const size_t bracket = authority.find(']');
  const size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (authority.substr(0, colon).empty()) return false;
  if (colon == std::string_view::npos) return true;
  const std::string port(authority.substr(colon + 1));
  if (port.empty() || port.size() > kPortDigitsMax) return false;
  if (port.find_first_not_of("0123456789") != std::string::npos) return false;
  const unsigned long number = std::stoul(port);
  return number > 0 && number <= kPortMax;
}

}  // namespace

std::optional<std::string> NormaliseNodeUrl(std::string_view text) {
  std::string url(text);
  if (url.find("://") == std::string::npos) url = "http://" + url;
  if (!url.starts_with("http://") && !url.starts_with("https://")) return std::nullopt;
  const size_t host = url.find("://") + 3;
  while (url.size() > host && url.ends_with('/')) url.pop_back();
  const std::string_view rest = std::string_view(url).substr(host);
  const bool plain = !rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != '?' && c != '#' && c != '"' && c != '@';
  });
  if (!plain || !IsAuthority(rest.substr(0, rest.find('/')))) return std::nullopt;
  return url;
}

namespace {

Connection FromFlagsAndEnvironment(const ConnectionFlags& flags) {
  Connection connection;
  if (!flags.nodes.empty()) SetOnce(connection.nodes, flags.nodes, "--node");
  if (!flags.genesis.empty()) SetOnce(connection.genesis, fs::path(flags.genesis), "--genesis");
  if (!flags.key.empty()) SetOnce(connection.key, fs::path(flags.key), "--key");
  if (!flags.lang.empty()) SetOnce(connection.lang, flags.lang, "--lang");
  ReadEnvironment(connection);
  return connection;
}

}  // namespace

Connection LoadWithoutFiles(const ConnectionFlags& flags) {
  Connection connection = FromFlagsAndEnvironment(flags);
  ReadLocale(connection);
  return connection;
}

std::expected<Connection, ClientError> ReadConnection(const ConnectionFlags& flags) {
  Connection connection = FromFlagsAndEnvironment(flags);
  if (const auto read = ReadFiles(flags, connection); !read) return std::unexpected(read.error());
  ReadLocale(connection);
  return connection;
}

std::expected<Connection, ClientError> LoadConnection(const ConnectionFlags& flags) {
  auto connection = ReadConnection(flags);
  if (!connection) return connection;
  if (const auto good = CheckSettings(*connection); !good) return std::unexpected(good.error());
  return connection;
}

std::expected<Genesis, ClientError> LoadGenesis(const Connection& connection) {
  const fs::path& path = connection.genesis.value;
  if (path.empty()) {
    return std::unexpected(ClientError{
        "config.no_genesis", "No genesis file is named: without it nothing can be checked.", "",
        "Give --genesis FILE, or name a connection file that has it: export BEIAN_CONFIG=FILE. Get "
        "the genesis file from an authority you trust.",
        "beian config show", Exit::kUnchecked, 0});
  }
  const auto text = ReadFile(path, kGenesisBytesMax);
  if (!text) {
    ClientError error = text.error();
    error.remedy = fmt::format("The genesis file is named by {}: name it right, or get it again.",
                               connection.genesis.origin);
    error.next = "beian config show";
    error.exit = Exit::kUnchecked;
    return std::unexpected(std::move(error));
  }
  auto genesis = ParseGenesis(path.string(), *text);
  if (!genesis) {
    return std::unexpected(ClientError{genesis.error().id, PrintableLines(genesis.error().message),
                                       path.string(), "Get the genesis file again.", "",
                                       Exit::kUnchecked, 0});
  }
  return *std::move(genesis);
}

namespace {

std::expected<fs::path, ClientError> UnknownName(const fs::path& folder, const std::string& name) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".pem") names.push_back(entry.path().stem().string());
  }
  const auto near = Nearest(name, names);
  return std::unexpected(ClientError{
      "key.no_such_name", "No key of that name is in the folder of keys.", Printable(name),
      near ? fmt::format("Did you mean `{}`?", *near)
           : fmt::format("Name one of {}, or give the path of a key file.", folder.string()),
      "ls " + folder.string(), Exit::kNotFound, 0});
}

}  // namespace

std::expected<fs::path, ClientError> FindKey(const Connection& connection) {
  const fs::path& named = connection.key.value;
  if (named.empty()) {
    return std::unexpected(ClientError{"config.no_key", "No key is named to sign with.", "",
                                       "Give --key FILE, or name a connection file that has it: "
                                       "export BEIAN_CONFIG=FILE.",
                                       "beian key new my-key.pem", Exit::kUsage, 0});
  }
  std::error_code ignored;
  if (fs::exists(named, ignored) || connection.keys.value.empty() || named.has_parent_path()) {
    return named;
  }
  const fs::path in_folder = connection.keys.value / (named.string() + ".pem");
  if (fs::exists(in_folder, ignored)) return in_folder;
  if (named.has_extension()) return named;
  return UnknownName(connection.keys.value, named.string());
}

}  // namespace beian::client
