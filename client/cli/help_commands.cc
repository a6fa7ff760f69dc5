#include <fmt/format.h>

#include <map>

#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/session.h"
#include "client/cli/version.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

constexpr std::string_view kGlobalOptions =
    "-o --output --node --genesis --key --lang --config --no-color --quiet --help";

/// Verbs by noun, and options by "noun verb".
struct Words {
  std::map<std::string, std::string> verbs;
  std::map<std::string, std::string> options;
};

Words AllWords() {
  Words words;
  for (const Command& command : Commands()) {
    std::string& verbs = words.verbs[command.noun];
    if (!command.verb.empty()) verbs += (verbs.empty() ? "" : " ") + command.verb;
    const std::string name =
        command.verb.empty() ? command.noun : command.noun + " " + command.verb;
    std::string& options = words.options[name];
    for (const Option& option : command.options) {
      options += (options.empty() ? "--" : " --") + option.key();
    }
  }
  return words;
}

std::string Nouns(const Words& words) {
  std::string nouns;
  for (const auto& [noun, verbs] : words.verbs) nouns += (nouns.empty() ? "" : " ") + noun;
  return nouns;
}

std::string Bash(const Words& words) {
  std::string text = fmt::format(
      "_beian() {{\n"
      "  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" noun=\"${{COMP_WORDS[1]}}\" "
      "verb=\"${{COMP_WORDS[2]}}\" list=\"\"\n"
      "  if [[ $COMP_CWORD -eq 1 ]]; then list=\"{}\"\n  else\n    case \"$noun\" in\n",
      Nouns(words));
  for (const auto& [noun, verbs] : words.verbs) {
    if (!verbs.empty()) {
      text += fmt::format("      {}) [[ $COMP_CWORD -eq 2 ]] && list=\"{}\" ;;\n", noun, verbs);
    }
  }
  text += "    esac\n    case \"$noun $verb\" in\n";
  for (const auto& [name, options] : words.options) {
    const bool two = name.find(' ') != std::string::npos;
    text += fmt::format("      \"{}\"{}) list=\"$list {}\" ;;\n", name, two ? "" : "*", options);
  }
  return text + fmt::format(
                    "    esac\n  fi\n"
                    "  [[ $word == -* ]] && list=\"$list {}\"\n"
                    "  COMPREPLY=($(compgen -W \"$list\" -- \"$word\"))\n"
                    "  [[ $word == -* ]] || COMPREPLY+=($(compgen -f -- \"$word\"))\n"
                    "}}\ncomplete -o filenames -F _beian beian\n",
                    kGlobalOptions);
}

std::string Fish(const Words& words) {
  std::string text =
      fmt::format("complete -c beian -n __fish_use_subcommand -a \"{}\"\n", Nouns(words));
  for (const auto& [noun, verbs] : words.verbs) {
    if (verbs.empty()) continue;
    text += fmt::format(
        "complete -c beian -n \"__fish_seen_subcommand_from {0}; and not "
        "__fish_seen_subcommand_from {1}\" -a \"{1}\"\n",
        noun, verbs);
  }
  for (const Command& command : Commands()) {
    const std::string word = command.verb.empty() ? command.noun : command.verb;
    for (const Option& option : command.options) {
      text += fmt::format(
          "complete -c beian -n \"__fish_seen_subcommand_from {}; and "
          "__fish_seen_subcommand_from {}\" -l {} -d \"{}\"\n",
          command.noun, word, option.key(), option.help);
    }
  }
  return text;
}

CommandResult Completion(Session&, const Values& values) {
  const std::string shell = values.Text("shell");
  const Words words = AllWords();
  Outcome outcome;
  if (shell == "bash") outcome.report.text = Bash(words);
  if (shell == "zsh")
    outcome.report.text = "autoload -U bashcompinit && bashcompinit\n" + Bash(words);
  if (shell == "fish") outcome.report.text = Fish(words);
  if (outcome.report.text.empty()) {
    return std::unexpected(ClientError{"usage.unknown_shell", "There is no completion for it.",
                                       Printable(shell), "Say bash, zsh or fish.",
                                       "beian completion --help", Exit::kUsage, 0});
  }
  outcome.report.schema = "completion";
  outcome.report.body = {{"shell", shell}, {"script", outcome.report.text}};
  return outcome;
}

CommandResult Version(Session&, const Values&) {
  Outcome outcome;
  outcome.report.schema = "version";
  outcome.report.body = {{"program", "beian"},
                         {"version", kVersion},
                         {"compiler", kCompiler},
                         {"protocol_version", Genesis::kProtocolVersion}};
  outcome.report.text = fmt::format("beian {}\n", kVersion);
  return outcome;
}

}  // namespace

std::vector<Command> HelpCommands() {
  return {
      {"completion",
       "",
       "completion for a shell",
       {{"shell", "bash, zsh or fish"}},
       {},
       Completion},
      {"version", "", "version of this program", {}, {}, Version},
  };
}

}  // namespace beian::client
