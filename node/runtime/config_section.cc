#include "node/runtime/config_section.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace beian {
namespace {

constexpr size_t kHostBytesMax = 253;

bool IsHost(std::string_view host) {
  return !host.empty() && host.size() <= kHostBytesMax &&
         host.find_first_not_of(
             "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:%_") ==
             std::string_view::npos;
}

bool IsAddress(const std::string& host) {
  in6_addr octets{};
  return inet_pton(AF_INET, host.c_str(), &octets) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &octets) == 1;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

}  // namespace

std::string Endpoint::ToString() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<Endpoint> ParseEndpoint(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) {
    host = host.substr(1, host.size() - 2);
  }
  uint16_t port = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool number = parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size();
  const bool ipv6 = host.find(':') != std::string_view::npos;
  if (!number || port == 0 || !IsHost(host) || bracketed != ipv6) {
    return std::nullopt;
  }
  return Endpoint{std::string(host), port};
}

void ConfigReport::Add(const toml::value* at, std::string id, const std::string& what,
                       const std::string& remedy) {
  if (error_) {
    return;
  }
  std::string place = file_;
  if (at != nullptr && at->location().line() != 0) {
    place += ":" + std::to_string(at->location().line());
  }
  error_ = ConfigError{std::move(id), place + ": " + what + "; " + remedy};
}

ConfigSection::ConfigSection(const toml::value& root, std::string name, ConfigReport& report)
    : report_(report), name_(std::move(name)) {
  const auto& tables = root.as_table();
  const auto it = tables.find(name_);
  if (it == tables.end()) {
    return;
  }
  if (!it->second.is_table()) {
    report_.Add(&it->second, "config.bad_type", name_ + " is not a table",
                "write it as [" + name_ + "]");
    return;
  }
  table_ = &it->second;
}

const toml::value* ConfigSection::Find(const std::string& key) {
  known_.push_back(key);
  if (table_ == nullptr) {
    return nullptr;
  }
  const auto it = table_->as_table().find(key);
  return it == table_->as_table().end() ? nullptr : &it->second;
}

std::optional<std::string> ConfigSection::Text(const std::string& key) {
  const toml::value* value = Find(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_string() || value->as_string().str.empty()) {
    report_.Add(value, "config.bad_type", Name(key) + " is not a text", "write it in quotes");
    return std::nullopt;
  }
  return value->as_string().str;
}

std::string ConfigSection::RequiredText(const std::string& key, const std::string& remedy) {
  auto text = Text(key);
  if (!text) {
    report_.Add(table_, "config.missing_key", Name(key) + " is missing", remedy);
    return {};
  }
  return *text;
}

uint64_t ConfigSection::NumberOr(const std::string& key, uint64_t otherwise, uint64_t min,
                                 uint64_t max) {
  const toml::value* value = Find(key);
  if (value == nullptr) {
    return otherwise;
  }
  const std::string range = "from " + std::to_string(min) + " to " + std::to_string(max);
  if (!value->is_integer()) {
    report_.Add(value, "config.bad_type", Name(key) + " is not a whole number",
                "write a number " + range + " without quotes");
    return otherwise;
  }
  const int64_t number = value->as_integer();
  if (number < 0 || static_cast<uint64_t>(number) < min || static_cast<uint64_t>(number) > max) {
    report_.Add(value, "config.bad_value", Name(key) + " is " + std::to_string(number),
                "write a number " + range);
    return otherwise;
  }
  return static_cast<uint64_t>(number);
}

std::optional<Endpoint> ConfigSection::Listen(const std::string& key) {
  const auto text = Text(key);
  if (!text) {
    return std::nullopt;
  }
  auto endpoint = ParseEndpoint(*text);
  if (!endpoint || !IsAddress(endpoint->host)) {
    const toml::value* value = Find(key);
    report_.Add(value, "config.bad_value", Name(key) + " is not an IP address and a port",
                "write it like \"127.0.0.1:7101\" or \"[::1]:7101\"");
    return std::nullopt;
  }
  return endpoint;
}

std::map<std::string, Endpoint> ConfigSection::Endpoints(const std::string& key) {
  std::map<std::string, Endpoint> endpoints;
  const toml::value* table = Find(key);
  if (table == nullptr) {
    return endpoints;
  }
  if (!table->is_table()) {
    report_.Add(table, "config.bad_type", Name(key) + " is not a table",
                "write it as [" + Name(key) + "]");
    return endpoints;
  }
  for (const auto& [name, value] : table->as_table()) {
    auto endpoint = value.is_string() ? ParseEndpoint(value.as_string().str) : std::nullopt;
    if (!endpoint) {
      report_.Add(&value, "config.bad_value", Name(key) + "." + name + " is not a host and a port",
                  "write it like \"10.0.0.2:7101\"");
      return endpoints;
    }
    endpoints.emplace(name, *endpoint);
  }
  return endpoints;
}

void ConfigSection::Finish() {
  if (table_ == nullptr) {
    return;
  }
  for (const auto& [key, value] : table_->as_table()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      report_.Add(&value, "config.unknown_key", "there is no key " + Name(key),
                  "keys of [" + name_ + "]: " + Joined(known_));
    }
  }
}

}  // namespace beian
