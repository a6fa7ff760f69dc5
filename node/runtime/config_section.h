#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <toml.hpp>
#include <vector>

#include "node/runtime/config.h"

namespace beian {

/// Collects the first error of a file; what comes after it is not looked at.
class ConfigReport {
 public:
  explicit ConfigReport(std::string file) : file_(std::move(file)) {}
  /// `at` may be null: the message then names the file alone.
  void Add(const toml::value* at, std::string id, const std::string& what,
           const std::string& remedy);
  const std::optional<ConfigError>& error() const { return error_; }

 private:
  std::string file_;
  std::optional<ConfigError> error_;
};

/// One table of the file. A read names its key, so that Finish can refuse every other one.
class ConfigSection {
 public:
  /// The table `name` of `root`, or an empty one when it is missing.
  ConfigSection(const toml::value& root, std::string name, ConfigReport& report);

  std::optional<std::string> Text(const std::string& key);
  std::string RequiredText(const std::string& key, const std::string& remedy);
  uint64_t NumberOr(const std::string& key, uint64_t otherwise, uint64_t min, uint64_t max);
  /// An IP address and a port, to listen on.
  std::optional<Endpoint> Listen(const std::string& key);
  std::map<std::string, Endpoint> Endpoints(const std::string& key);
  /// Refuses keys that no read has named. Call last.
  void Finish();

  const toml::value* Find(const std::string& key);
  std::string Name(const std::string& key) const { return name_ + "." + key; }

 private:
  ConfigReport& report_;
  std::string name_;
  const toml::value* table_ = nullptr;
  std::vector<std::string> known_;
};

}  // namespace beian
