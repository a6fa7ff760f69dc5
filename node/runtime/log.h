#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace beian {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };
std::string_view LogLevelName(LogLevel level);  ///< "warning"
std::optional<LogLevel> LogLevelFromName(std::string_view name);

/// One named value of a log line. The name is a literal in snake_case, units last.
struct LogField {
  std::string_view name;
  std::variant<bool, int64_t, uint64_t, double, std::string> value;

  LogField(std::string_view n, bool v) : name(n), value(v) {}
  LogField(std::string_view n, double v) : name(n), value(v) {}
  LogField(std::string_view n, int v) : name(n), value(int64_t{v}) {}
  LogField(std::string_view n, int64_t v) : name(n), value(v) {}
  LogField(std::string_view n, uint32_t v) : name(n), value(uint64_t{v}) {}
  LogField(std::string_view n, uint64_t v) : name(n), value(v) {}
  LogField(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  LogField(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
};

inline constexpr size_t kLogTextBytesMax = 4'096;  ///< longer texts are cut, and say so

/// One JSON object on one line: time, level, id, text and the fields in an object of their own.
/// Bad UTF-8 is replaced and control characters are escaped, so a line never breaks.
std::string FormatLogLine(LogLevel level, std::string_view id, std::string_view text,
                          std::initializer_list<LogField> fields, uint64_t time_ms);

/// The process' log. Any thread; lines never mix. Keys and personal data are never passed to it.
class Log {
 public:
  /// Lines of `level` and above to standard error.
  explicit Log(LogLevel level);
  /// To a file that is appended to, for tests and tools.
  Log(LogLevel level, const std::string& file);
  ~Log();

  void Debug(std::string_view id, std::string_view text,
             std::initializer_list<LogField> fields = {});
  void Info(std::string_view id, std::string_view text,
            std::initializer_list<LogField> fields = {});
  void Warning(std::string_view id, std::string_view text,
               std::initializer_list<LogField> fields = {});
  void Error(std::string_view id, std::string_view text,
             std::initializer_list<LogField> fields = {});
  bool Enabled(LogLevel level) const;

 private:
  void Write(LogLevel level, std::string_view id, std::string_view text,
             std::initializer_list<LogField> fields);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beian
