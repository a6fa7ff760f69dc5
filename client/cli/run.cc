#include "client/cli/run.h"

#include <exception>

#include "client/cli/command_line.h"
#include "client/cli/interrupt.h"
#include "client/cli/language.h"

namespace beian::client {
namespace {

void Print(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

int Fail(std::FILE* stream, const ClientError& error, Format format, const Style& style) {
  Print(stream, RenderError(error, format, style));
  return static_cast<int>(error.exit);
}

/// What the arguments say about the form of errors, before they are known to be right.
GlobalFlags Foresee(const std::vector<std::string>& arguments) {
  GlobalFlags flags;
  for (size_t i = 0; i + 1 < arguments.size(); ++i) {
    if (arguments[i] == "-o" || arguments[i] == "--output") {
      flags.format = ParseFormat(arguments[i + 1]).value_or(Format::kText);
    }
    if (arguments[i] == "--lang") flags.connection.lang = arguments[i + 1];
  }
  return flags;
}

void AdoptLanguage(const Connection& connection) {
  const bool chinese = connection.lang.value.starts_with("zh");
  SetLanguage(chinese ? Language::kChinese : Language::kEnglish);
}

int RunCommand(const ParsedLine& line, Connection connection, const Streams& streams) {
  Session session(line.flags, std::move(connection));
  const CommandResult result = line.command->run(session, line.values);
  if (!result) return Fail(streams.error, result.error(), session.format(), session.error_style());
  Print(streams.out, Render(result->report, session.format(), session.out_style()));
  return static_cast<int>(Interrupted() ? Exit::kInterrupted : result->exit);
}

int RunParsed(const std::vector<std::string>& arguments, const Streams& streams) {
  const GlobalFlags foreseen = Foresee(arguments);
  // The connection file also says the language, which the help and the errors need.
  auto early = LoadConnection(foreseen.connection);
  AdoptLanguage(early ? *early : LoadWithoutFiles(foreseen.connection));
  const auto line = ParseCommandLine(arguments);
  if (!line) return Fail(streams.error, line.error(), foreseen.format, {});
  if (line->command == nullptr) {
    Print(streams.out, line->help);
    return static_cast<int>(Exit::kOk);
  }
  auto connection = LoadConnection(line->flags.connection);
  if (connection) {
    AdoptLanguage(*connection);
    return RunCommand(*line, *std::move(connection), streams);
  }
  if (!line->command->needs_connection()) {
    return RunCommand(*line, LoadWithoutFiles(line->flags.connection), streams);
  }
  return Fail(streams.error, connection.error(), line->flags.format, {});
}

}  // namespace

int Run(const std::vector<std::string>& arguments, const Streams& streams) {
  try {
    return RunParsed(arguments, streams);
  } catch (const std::exception& error) {
    // A node's answer of the wrong shape, at worst: whatever it is, it is shown and classed.
    return Fail(streams.error,
                {"client.unexpected", error.what(), "", "Run it again; give another node.",
                 "beian doctor", Exit::kFailed, 0},
                Format::kText, {});
  }
}

}  // namespace beian::client
