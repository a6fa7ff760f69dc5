#include <cstdio>
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

int Fail(const ClientError& error, Format format, const Style& style) {
  Print(stderr, RenderError(error, format, style));
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

int RunCommand(const ParsedLine& line, Connection connection) {
  Session session(line.flags, std::move(connection));
  const CommandResult result = line.command->run(session, line.values);
  if (!result) return Fail(result.error(), session.format(), session.error_style());
  Print(stdout, Render(result->report, session.format(), session.out_style()));
  return static_cast<int>(Interrupted() ? Exit::kInterrupted : result->exit);
}

int Run(const std::vector<std::string>& arguments) {
  const GlobalFlags foreseen = Foresee(arguments);
  // The connection file also says the language, which the help and the errors need.
  auto early = LoadConnection(foreseen.connection);
  if (early) AdoptLanguage(*early);
  const auto line = ParseCommandLine(arguments);
  if (!line) return Fail(line.error(), foreseen.format, {});
  if (line->command == nullptr) {
    Print(stdout, line->help);
    return static_cast<int>(Exit::kOk);
  }
  auto connection = LoadConnection(line->flags.connection);
  if (connection) {
    AdoptLanguage(*connection);
    return RunCommand(*line, *std::move(connection));
  }
  if (!line->command->needs_connection()) return RunCommand(*line, Connection{});
  return Fail(connection.error(), line->flags.format, {});
}

}  // namespace
}  // namespace beian::client

int main(int argc, char** argv) {
  using beian::client::Exit;
  try {
    return beian::client::Run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s [client.unexpected]\n", error.what());
    return static_cast<int>(Exit::kFailed);
  }
}
