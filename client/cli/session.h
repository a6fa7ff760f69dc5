#pragma once

#include <expected>
#include <memory>
#include <optional>

#include "client/cli/report.h"
#include "client/sdk/client.h"
#include "client/sdk/connection.h"
#include "ledger/crypto/keys.h"

namespace beian::client {

/// What every command accepts.
struct GlobalFlags {
  ConnectionFlags connection;
  Format format = Format::kText;
  bool no_colour = false;
  bool quiet = false;
};

/// What one run of the program has at hand. Files are read when a command first needs them.
class Session {
 public:
  Session(GlobalFlags flags, Connection connection);

  const GlobalFlags& flags() const { return flags_; }
  const Connection& connection() const { return connection_; }
  Format format() const { return flags_.format; }
  /// Colours for standard output and standard error, each only on a terminal.
  Style out_style() const { return {out_colour_}; }
  Style error_style() const { return {error_colour_}; }
  /// True when progress may be shown on standard error.
  bool shows_progress() const { return progress_; }

  std::expected<const Genesis*, ClientError> genesis();
  std::expected<Client*, ClientError> client();
  std::expected<const PrivateKey*, ClientError> key();

  /// A line on standard error, unless --quiet.
  void Say(std::string_view line) const;

 private:
  GlobalFlags flags_;
  Connection connection_;
  bool out_colour_ = false;
  bool error_colour_ = false;
  bool progress_ = false;
  std::unique_ptr<Genesis> genesis_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<PrivateKey> key_;
};

/// Unwraps or returns the error from the calling function.
#define BEIAN_TRY(name, expression)                                  \
  auto name##_result = (expression);                                 \
  if (!name##_result) return std::unexpected(name##_result.error()); \
  auto& name = *name##_result

}  // namespace beian::client
