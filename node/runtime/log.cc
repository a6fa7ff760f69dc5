#include "node/runtime/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "ledger/base/calendar.h"

namespace beian {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kLevelNames[] = {"debug", "info", "warning", "error"};
constexpr std::string_view kCutMark = " [cut]";

std::string Bounded(std::string_view text) {
  if (text.size() <= kLogTextBytesMax) {
    return std::string(text);
  }
  return std::string(text.substr(0, kLogTextBytesMax - kCutMark.size())) + std::string(kCutMark);
}

Json ValueJson(const LogField& field) {
  return std::visit(
      [](const auto& value) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
          return Bounded(value);
        } else {
          return value;
        }
      },
      field.value);
}

uint64_t WallMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

}  // namespace

std::string_view LogLevelName(LogLevel level) {
  return kLevelNames[static_cast<size_t>(level)];
}

std::optional<LogLevel> LogLevelFromName(std::string_view name) {
  for (size_t i = 0; i < std::size(kLevelNames); ++i) {
    if (kLevelNames[i] == name) {
      return static_cast<LogLevel>(i);
    }
  }
  return std::nullopt;
}

std::string FormatLogLine(LogLevel level, std::string_view id, std::string_view text,
                          std::initializer_list<LogField> fields, uint64_t time_ms) {
  Json values = Json::object();
  for (const LogField& field : fields) {
    values[std::string(field.name)] = ValueJson(field);
  }
  const Json line = {{"time", FormatTime(TimeMs(time_ms))},
                     {"level", LogLevelName(level)},
                     {"id", Bounded(id)},
                     {"text", Bounded(text)},
                     {"fields", std::move(values)}};
  // ASCII only, so that a text can neither steer a terminal nor turn the reading direction.
  return line.dump(-1, ' ', true, Json::error_handler_t::replace);
}

/// spdlog only carries whole lines: its own pattern does not escape.
struct Log::State {
  LogLevel level;
  spdlog::sink_ptr sink;

  State(LogLevel l, spdlog::sink_ptr s) : level(l), sink(std::move(s)) {
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  }
};

Log::Log(LogLevel level)
    : state_(std::make_unique<State>(level, std::make_shared<spdlog::sinks::stderr_sink_mt>())) {}

Log::Log(LogLevel level, const std::string& file)
    : state_(std::make_unique<State>(
          level, std::make_shared<spdlog::sinks::basic_file_sink_mt>(file, false))) {}

Log::~Log() = default;

bool Log::Enabled(LogLevel level) const {
  return level >= state_->level;
}

void Log::Write(LogLevel level, std::string_view id, std::string_view text,
                std::initializer_list<LogField> fields) {
  if (!Enabled(level)) {
    return;
  }
  try {
    const std::string line = FormatLogLine(level, id, text, fields, WallMs());
    state_->sink->log(spdlog::details::log_msg("beian", spdlog::level::info, line));
    state_->sink->flush();
  } catch (const std::exception&) {
    // Standard error is full or gone: the node works on without its log.
  }
}

void Log::Debug(std::string_view id, std::string_view text,
                std::initializer_list<LogField> fields) {
  Write(LogLevel::kDebug, id, text, fields);
}
void Log::Info(std::string_view id, std::string_view text, std::initializer_list<LogField> fields) {
  Write(LogLevel::kInfo, id, text, fields);
}
void Log::Warning(std::string_view id, std::string_view text,
                  std::initializer_list<LogField> fields) {
  Write(LogLevel::kWarning, id, text, fields);
}
void Log::Error(std::string_view id, std::string_view text,
                std::initializer_list<LogField> fields) {
  Write(LogLevel::kError, id, text, fields);
}

}  // namespace beian
