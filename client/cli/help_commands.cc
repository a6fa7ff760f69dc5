#include <fmt/format.h>

#include <map>
#include <set>

#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/session.h"
#include "client/cli/version.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

/// What a shell has to know of the command line.
struct Words {
  std::map<std::string, std::vector<std::string>> verbs;    ///< by noun
  std::map<std::string, std::vector<std::string>> options;  ///< by "noun verb"
  std::vector<std::string> global;
  std::set<std::string> with_value;                         ///< names of options
  std::map<std::string, std::vector<std::string>> choices;  ///< by an option's name
};

void AddOption(const Option& option, std::vector<std::string>& list, Words& words) {
  for (const std::string& name : option.all_names()) {
    list.push_back(name);
    if (option.takes_value()) words.with_value.insert(name);
    if (!option.choices.empty()) words.choices[name] = option.choices;
  }
}

Words AllWords() {
  Words words;
  for (const Option& option : GlobalOptions()) AddOption(option, words.global, words);
  words.global.emplace_back("--help");
  for (const Command& command : Commands()) {
    std::vector<std::string>& verbs = words.verbs[command.noun];
    if (!command.verb.empty()) verbs.push_back(command.verb);
    const std::string name =
        command.verb.empty() ? command.noun : command.noun + " " + command.verb;
    for (const Option& option : command.options) AddOption(option, words.options[name], words);
  }
  return words;
}

std::vector<std::string> Nouns(const Words& words) {
  std::vector<std::string> nouns;
  for (const auto& [noun, verbs] : words.verbs) nouns.push_back(noun);
  return nouns;
}

std::vector<std::string> ListOf(const std::set<std::string>& words) {
  return {words.begin(), words.end()};
}

/// Finds noun and verb among options and their values; bash takes `=` for a word of its own.
constexpr std::string_view kBashHead = R"(_beian() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
  local noun="" verb="" list="" files=1 i
  [[ $word == "=" ]] && before="$word" && word=""
  [[ $before == "=" ]] && before="${{COMP_WORDS[COMP_CWORD-2]}}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${{COMP_WORDS[i]}}" in
      {}) [[ ${{COMP_WORDS[i+1]}} == "=" ]] && ((i++)); ((i++)) ;;
      -*|=) ;;
      *) if [[ -z $noun ]]; then noun="${{COMP_WORDS[i]}}"
         elif [[ -z $verb ]]; then verb="${{COMP_WORDS[i]}}"; fi ;;
    esac
  done
  case "$before" in
)";

constexpr std::string_view kBashTail = R"(    esac ;;
  esac
  COMPREPLY=($(compgen -W "$list" -- "$word"))
  [[ $files == 0 || $word == -* ]] || COMPREPLY+=($(compgen -f -- "$word"))
}
complete -o filenames -F _beian beian
)";

std::string Bash(const Words& words) {
  const std::string with_value = Joined(ListOf(words.with_value), "|");
  std::string text = fmt::format(fmt::runtime(kBashHead), with_value);
  for (const auto& [name, choices] : words.choices) {
    text += fmt::format("    {}) list=\"{}\"; files=0 ;;\n", name, Joined(choices, " "));
  }
  text += fmt::format("    {}) ;;\n    *)\n", with_value);
  text += fmt::format("    [[ -z $noun ]] && list=\"{}\"\n", Joined(Nouns(words), " "));
  text += fmt::format("    [[ $word == -* ]] && list=\"{}\"\n", Joined(words.global, " "));
  text += "    [[ -n $noun && -z $verb && $word != -* ]] && case \"$noun\" in\n";
  for (const auto& [noun, verbs] : words.verbs) {
    if (!verbs.empty()) text += fmt::format("      {}) list=\"{}\" ;;\n", noun, Joined(verbs, " "));
  }
  text += "    esac\n    case \"$noun $verb\" in\n";
  for (const auto& [name, options] : words.options) {
    const bool two = name.find(' ') != std::string::npos;
    text += fmt::format("      \"{}\"{}) list=\"$list {}\" ;;\n", name, two ? "" : "*",
                        Joined(options, " "));
  }
  return text + std::string(kBashTail);
}

constexpr std::string_view kFishHead = R"(function __beian_words
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip = 1
      set skip 0
      continue
    end
    switch $word
      case {}
        set skip 1
      case '-*'
      case '*'
        echo $word
    end
  end
end
function __beian_at
  set -l words (__beian_words)
  test (count $words) -ge (count $argv); and test "$words[1..(count $argv)]" = "$argv"
end
complete -c beian -n "test (count (__beian_words)) -eq 0" -a "{}"
)";

/// One option, offered where `condition` holds; empty: everywhere.
std::string FishOption(const Option& option, const std::string& condition) {
  std::string text = "complete -c beian";
  if (!condition.empty()) text += fmt::format(" -n \"{}\"", condition);
  for (const std::string& name : option.all_names()) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.choices.empty()) {
    text += fmt::format(" -x -a \"{}\"", Joined(option.choices, " "));
  } else if (option.takes_value()) {
    text += " -r";
  }
  return text + fmt::format(" -d \"{}\"\n", option.help);
}

std::string Fish(const Words& words) {
  std::string text = fmt::format(fmt::runtime(kFishHead), Joined(ListOf(words.with_value), " "),
                                 Joined(Nouns(words), " "));
  for (const auto& [noun, verbs] : words.verbs) {
    if (verbs.empty()) continue;
    text += fmt::format(
        "complete -c beian -n \"__beian_at {}; and test (count (__beian_words)) -eq 1\" -a "
        "\"{}\"\n",
        noun, Joined(verbs, " "));
  }
  for (const Option& option : GlobalOptions()) text += FishOption(option, "");
  for (const Command& command : Commands()) {
    const std::string name =
        command.verb.empty() ? command.noun : command.noun + " " + command.verb;
    for (const Option& option : command.options) text += FishOption(option, "__beian_at " + name);
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
