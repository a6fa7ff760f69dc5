#include "client/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <set>

#include "client/cli/language.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

constexpr std::string_view kExitCodes =
    "Exit codes: 0 good, 1 failed, 2 usage, 3 not found, 4 not authorised, 5 unreachable, "
    "6 not yet final, 10 not genuine, 11 could not be checked, 130 interrupted.";
constexpr std::string_view kEverywhere =
    "Every command also takes -o, --node, --genesis, --key, --lang, --config: see beian --help.";

/// Where CLI11 puts what it reads.
struct Slot {
  std::string key;
  std::vector<std::string> texts;
};

struct Tree {
  std::unique_ptr<CLI::App> root;
  std::map<const CLI::App*, const Command*> commands;
  /// By command; under null those of every command.
  std::map<const Command*, std::vector<std::unique_ptr<Slot>>> slots;
};

/// What is wrong with a number; empty when nothing is.
std::string BadNumber(const std::string& text, const Option& option) {
  constexpr size_t kDigitsMax = 18;
  const bool whole = !text.empty() && text.size() <= kDigitsMax &&
                     text.find_first_not_of("0123456789") == std::string::npos;
  const uint64_t min = option.kind == Option::Kind::kCount ? 1 : 0;
  const uint64_t number = whole ? std::strtoull(text.c_str(), nullptr, 10) : 0;
  if (whole && number >= min && number <= option.max) return {};
  return fmt::format("{} is no whole number from {} to {}", Printable(text), min, option.max);
}

/// Help whose columns are counted as a terminal shows them: 北 takes two.
class AlignedHelp : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool positional) const override {
    const std::string left =
        "  " + make_option_name(option, positional) + make_option_opts(option);
    const bool long_left = DisplayWidth(left) >= get_column_width();
    return (long_left ? left + "\n" + PadTo("", get_column_width())
                      : PadTo(left, get_column_width())) +
           make_option_desc(option) + "\n";
  }
};

void AddOptions(CLI::App& app, const std::vector<Option>& options,
                std::vector<std::unique_ptr<Slot>>& slots) {
  for (const Option& declared : options) {
    Slot& slot = *slots.emplace_back(std::make_unique<Slot>());
    slot.key = declared.key();
    std::string help(Tr(declared.help));
    if (!declared.choices.empty()) help += ": " + Joined(declared.choices, "|");
    if (!declared.takes_value()) {
      app.add_flag_callback(
          declared.names, [&slot] { slot.texts = {"true"}; }, help);
      continue;
    }
    CLI::Option* option = app.add_option(declared.names, slot.texts, help);
    // One value each time: without this an option takes the arguments that follow it as well.
    option->allow_extra_args(false);
    if (declared.kind != Option::Kind::kTexts) option->expected(1);
    const Option::Kind kind = declared.kind;
    if (kind == Option::Kind::kNumber || kind == Option::Kind::kCount) {
      option->check([&declared](const std::string& text) { return BadNumber(text, declared); });
    }
    if (!declared.default_text.empty()) {
      option->default_str(std::string(Tr(declared.default_text)));
    }
  }
}

void AddArguments(CLI::App& app, const Command& command, Tree& tree) {
  auto& slots = tree.slots[&command];
  for (const Parameter& parameter : command.parameters) {
    Slot& slot = *slots.emplace_back(std::make_unique<Slot>(Slot{parameter.name, {}}));
    CLI::Option* option =
        app.add_option(parameter.name, slot.texts, std::string(Tr(parameter.help)));
    option->required(parameter.required);
    // Without the second, the first of two parameters takes both.
    if (!parameter.many) option->expected(1)->allow_extra_args(false);
  }
  AddOptions(app, command.options, slots);
}

/// Of help; subcommands inherit them.
void TranslateHeadings(CLI::App& app) {
  app.formatter(std::make_shared<AlignedHelp>());
  for (const char* label : {"Usage", "OPTIONS", "SUBCOMMAND", "Positionals", "REQUIRED", "TEXT"}) {
    app.get_formatter()->label(label, std::string(Tr(label)));
  }
  app.option_defaults()->group(std::string(Tr("Options")));
}

/// Where a subcommand stands in its parent's help, and --help in its own.
void TranslateGroups(CLI::App& app) {
  app.group(std::string(Tr("Subcommands")));
  app.get_help_ptr()->group(std::string(Tr("Options")));
}

void BuildTree(Tree& tree) {
  tree.root = std::make_unique<CLI::App>(
      std::string(Tr("Blockchain information service filings on a ledger that proves itself.")),
      "beian");
  TranslateHeadings(*tree.root);
  tree.root->set_help_flag("-h,--help", std::string(Tr("this text")));
  tree.root->fallthrough();
  AddOptions(*tree.root, GlobalOptions(), tree.slots[nullptr]);
  std::map<std::string, CLI::App*> nouns;
  for (const Command& command : Commands()) {
    CLI::App* parent = tree.root.get();
    if (!command.verb.empty()) {
      CLI::App*& noun = nouns[command.noun];
      if (noun == nullptr) {
        noun = parent->add_subcommand(command.noun, std::string(Tr(NounHelp(command.noun))));
        noun->fallthrough();
        TranslateGroups(*noun);
      }
      parent = noun;
    }
    CLI::App* app = parent->add_subcommand(command.verb.empty() ? command.noun : command.verb,
                                           std::string(Tr(command.help)));
    app->fallthrough();
    TranslateGroups(*app);
    AddArguments(*app, command, tree);
    tree.commands[app] = &command;
  }
}

ClientError UsageError(std::string id, std::string message, std::string object,
                       const std::optional<std::string>& near, std::string next) {
  return {std::move(id),
          std::move(message),
          std::move(object),
          near ? fmt::format("Did you mean `{}`?", *near) : "See the help.",
          std::move(next),
          Exit::kUsage,
          0};
}

/// Options of every level that take a value, so that values are not taken for words.
std::set<std::string> OptionsWithValue() {
  std::set<std::string> names;
  const auto add = [&names](const std::vector<Option>& options) {
    for (const Option& option : options) {
      if (!option.takes_value()) continue;
      for (const std::string& name : option.all_names()) names.insert(name);
    }
  };
  add(GlobalOptions());
  for (const Command& command : Commands()) add(command.options);
  return names;
}

/// The first two words that are neither options nor their values.
std::vector<std::string> CommandWords(const std::vector<std::string>& arguments) {
  static const std::set<std::string> with_value = OptionsWithValue();
  std::vector<std::string> words;
  for (size_t i = 0; i < arguments.size() && words.size() < 2; ++i) {
    if (arguments[i] == "--") break;
    if (arguments[i].starts_with("-")) {
      if (with_value.contains(arguments[i])) ++i;
      continue;
    }
    words.push_back(arguments[i]);
  }
  return words;
}

/// An unknown noun or verb, if that is what is wrong.
std::optional<ClientError> CheckWords(const std::vector<std::string>& arguments) {
  const auto words = CommandWords(arguments);
  if (words.empty()) return std::nullopt;
  std::set<std::string> nouns;
  std::set<std::string> verbs;
  for (const Command& command : Commands()) {
    nouns.insert(command.noun);
    if (command.noun == words[0] && !command.verb.empty()) verbs.insert(command.verb);
  }
  const auto unknown = [](const std::string& what, const std::optional<std::string>& near,
                          const std::string& before) {
    // The suggestion stands in the command as well, which is the same in every language.
    return UsageError("usage.unknown_command", "There is no such command.", what, near,
                      near ? fmt::format("{} {} --help", before, *near) : before + " --help");
  };
  if (!nouns.contains(words[0])) return unknown(words[0], Nearest(words[0], nouns), "beian");
  if (words.size() < 2 || verbs.empty() || verbs.contains(words[1])) return std::nullopt;
  return unknown(words[0] + " " + words[1], Nearest(words[1], verbs), "beian " + words[0]);
}

const Command* FindCommand(const std::vector<std::string>& words) {
  for (const Command& command : Commands()) {
    if (words.empty() || command.noun != words[0]) continue;
    if (command.verb.empty() || (words.size() > 1 && command.verb == words[1])) return &command;
  }
  return nullptr;
}

std::string HelpCommand(const Command& command) {
  return fmt::format("beian {}{}{} --help", command.noun, command.verb.empty() ? "" : " ",
                     command.verb);
}

ClientError FromParseError(const CLI::ParseError& error,
                           const std::vector<std::string>& arguments) {
  const auto words = CommandWords(arguments);
  std::string next = "beian";
  if (!words.empty()) next += " " + words[0];
  next += " --help";
  std::vector<std::string> known = {"--help"};
  for (const Option& option : GlobalOptions()) known.push_back("--" + option.key());
  if (const Command* command = FindCommand(words)) {
    next = HelpCommand(*command);
    for (const Option& option : command->options) known.push_back("--" + option.key());
  }
  for (const std::string& argument : arguments) {
    const std::string name = argument.substr(0, argument.find('='));
    const bool is_known = std::find(known.begin(), known.end(), name) != known.end();
    if (!name.starts_with("--") || name == "--" || is_known) continue;
    if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) continue;
    return UsageError("usage.unknown_option", "There is no such option here.", name,
                      Nearest(name, known), next);
  }
  std::string what = error.what();
  return UsageError("usage.bad_arguments", PrintableLines(what), "", std::nullopt, next);
}

Values ValuesOf(const std::vector<std::unique_ptr<Slot>>& slots) {
  Values values;
  for (const auto& slot : slots) {
    if (!slot->texts.empty()) values.Add(slot->key, slot->texts);
  }
  return values;
}

/// A value that its option does not take, though the set of its values is closed.
std::optional<ClientError> CheckChoices(const std::vector<Option>& options, const Values& values,
                                        const std::string& help) {
  for (const Option& option : options) {
    if (option.choices.empty()) continue;
    for (const std::string& value : values.Texts(option.key())) {
      if (std::ranges::find(option.choices, value) != option.choices.end()) continue;
      return UsageError(
          "usage.bad_arguments",
          fmt::format("--{} takes one of {}.", option.key(), Joined(option.choices, "|")),
          Printable(value), Nearest(value, option.choices), help);
    }
  }
  return std::nullopt;
}

GlobalFlags FlagsOf(const Values& values) {
  GlobalFlags flags;
  flags.connection = {values.Texts("node"), values.Text("genesis"), values.Text("key"),
                      values.Text("lang"), values.Text("config")};
  flags.format = ParseFormat(values.Text("output")).value_or(Format::kText);
  flags.no_colour = values.Has("no-color");
  flags.quiet = values.Has("quiet");
  return flags;
}

std::string HelpOf(const Tree& tree, const std::vector<std::string>& arguments) {
  const CLI::App* app = tree.root.get();
  std::string before;
  for (const std::string& word : CommandWords(arguments)) {
    const auto subcommands = app->get_subcommands(
        [&](const CLI::App* candidate) { return candidate->get_name() == word; });
    if (subcommands.empty()) break;
    before += (before.empty() ? "" : " ") + app->get_name();
    app = subcommands.front();
  }
  const std::string text = app->help(before);
  if (before.empty()) return text + std::string(Tr(kExitCodes)) + "\n";
  return text + std::string(Tr(kEverywhere)) + "\n";
}

}  // namespace

std::string Joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

std::vector<std::string> Option::all_names() const {
  return CLI::detail::split(names, ',');
}

std::string Option::key() const {
  const size_t start = names.find("--");
  return names.substr(start + 2);
}

const std::vector<Option>& GlobalOptions() {
  using enum Option::Kind;
  static const std::vector<Option> options = {
      {"-o,--output",
       "form of the answer",
       kText,
       "text",
       {kFormatNames.begin(), kFormatNames.end()}},
      {"--node", "URL of a node; may be repeated", kTexts},
      {"--genesis", "file of the trust root", kText},
      {"--key", "key file to sign with, or its name", kText},
      {"--lang", "language of messages", kText, "", {"en", "zh-CN"}},
      {"--config", "connection file", kText},
      {"--no-color", "no colours", kFlag},
      {"--quiet", "no messages but errors", kFlag},
  };
  return options;
}

std::string Values::Text(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() || found->second.empty() ? std::string() : found->second.front();
}

std::vector<std::string> Values::Texts(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

uint64_t Values::Number(const std::string& key, uint64_t otherwise) const {
  const std::string text = Text(key);
  return text.empty() ? otherwise : std::strtoull(text.c_str(), nullptr, 10);
}

std::expected<ParsedLine, ClientError> ParseCommandLine(const std::vector<std::string>& given) {
  std::vector<std::string> arguments = given;
  // As every program has it.
  if (CommandWords(arguments).empty()) std::ranges::replace(arguments, "--version", "version");
  if (CommandWords(arguments) == std::vector<std::string>{"help"}) {
    std::ranges::replace(arguments, "help", "--help");
  }
  Tree tree;
  BuildTree(tree);
  if (auto error = CheckWords(arguments)) return std::unexpected(*std::move(error));
  ParsedLine parsed;
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    tree.root->parse(reversed);
  } catch (const CLI::CallForHelp&) {
    parsed.help = HelpOf(tree, arguments);
    return parsed;
  } catch (const CLI::ParseError& error) {
    return std::unexpected(FromParseError(error, arguments));
  }
  const Values global = ValuesOf(tree.slots[nullptr]);
  if (auto bad = CheckChoices(GlobalOptions(), global, "beian --help")) {
    return std::unexpected(*std::move(bad));
  }
  parsed.flags = FlagsOf(global);
  for (const auto& [app, command] : tree.commands) {
    if (!app->parsed()) continue;
    parsed.command = command;
    parsed.values = ValuesOf(tree.slots[command]);
    auto bad = CheckChoices(command->options, parsed.values, HelpCommand(*command));
    if (bad) return std::unexpected(*std::move(bad));
  }
  if (parsed.command == nullptr) {
    return std::unexpected(
        UsageError("usage.no_command", "A command is missing.", "", std::nullopt,
                   CommandWords(arguments).empty()
                       ? "beian --help"
                       : fmt::format("beian {} --help", CommandWords(arguments)[0])));
  }
  return parsed;
}

}  // namespace beian::client
