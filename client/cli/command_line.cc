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
  bool flag = false;
};

struct Tree {
  std::unique_ptr<CLI::App> root;
  std::map<const CLI::App*, const Command*> commands;
  std::map<const Command*, std::vector<std::unique_ptr<Slot>>> slots;
  ConnectionFlags connection;
  std::string format = "text";
  bool no_colour = false;
  bool quiet = false;
};

void AddGlobalOptions(Tree& tree) {
  CLI::App& root = *tree.root;
  root.add_option("-o,--output", tree.format,
                  fmt::format("{}: {}", Tr("form of the answer"), kFormatNames))
      ->check(CLI::IsMember({"text", "table", "json", "ndjson", "csv"}));
  root.add_option("--node", tree.connection.nodes,
                  std::string(Tr("URL of a node; may be repeated")))
      ->allow_extra_args(false);
  root.add_option("--genesis", tree.connection.genesis, std::string(Tr("file of the trust root")));
  root.add_option("--key", tree.connection.key,
                  std::string(Tr("key file to sign with, or its name")));
  root.add_option("--lang", tree.connection.lang, std::string(Tr("en or zh-CN")));
  root.add_option("--config", tree.connection.config, std::string(Tr("connection file")));
  root.add_flag("--no-color", tree.no_colour, std::string(Tr("no colours")));
  root.add_flag("--quiet", tree.quiet, std::string(Tr("no messages but errors")));
}

void AddArguments(CLI::App& app, const Command& command, Tree& tree) {
  auto& slots = tree.slots[&command];
  for (const Parameter& parameter : command.parameters) {
    Slot& slot = *slots.emplace_back(std::make_unique<Slot>(Slot{parameter.name, {}, false}));
    CLI::Option* option =
        app.add_option(parameter.name, slot.texts, std::string(Tr(parameter.help)));
    option->required(parameter.required);
    // Without the second, the first of two parameters takes both.
    if (!parameter.many) option->expected(1)->allow_extra_args(false);
  }
  for (const Option& declared : command.options) {
    Slot& slot = *slots.emplace_back(std::make_unique<Slot>());
    slot.key = declared.key();
    slot.flag = declared.kind == Option::Kind::kFlag;
    const std::string help(Tr(declared.help));
    if (slot.flag) {
      app.add_flag_callback(
          declared.names, [&slot] { slot.texts = {"true"}; }, help);
      continue;
    }
    CLI::Option* option = app.add_option(declared.names, slot.texts, help);
    if (declared.kind == Option::Kind::kTexts) {
      option->allow_extra_args(false);  // each takes one value and may be repeated
    } else {
      option->expected(1);
    }
    if (declared.kind == Option::Kind::kNumber) option->check(CLI::NonNegativeNumber);
    if (!declared.default_text.empty()) option->default_str(declared.default_text);
  }
}

void BuildTree(Tree& tree) {
  tree.root = std::make_unique<CLI::App>(
      std::string(Tr("Blockchain information service filings on a ledger that proves itself.")),
      "beian");
  tree.root->set_help_flag("-h,--help", std::string(Tr("this text")));
  tree.root->fallthrough();
  AddGlobalOptions(tree);
  std::map<std::string, CLI::App*> nouns;
  for (const Command& command : Commands()) {
    CLI::App* parent = tree.root.get();
    if (!command.verb.empty()) {
      CLI::App*& noun = nouns[command.noun];
      if (noun == nullptr) {
        noun = parent->add_subcommand(command.noun, std::string(Tr(NounHelp(command.noun))));
        noun->fallthrough();
      }
      parent = noun;
    }
    CLI::App* app = parent->add_subcommand(command.verb.empty() ? command.noun : command.verb,
                                           std::string(Tr(command.help)));
    app->fallthrough();
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
  std::set<std::string> names = {"-o",    "--output", "--node",  "--genesis",
                                 "--key", "--lang",   "--config"};
  for (const Command& command : Commands()) {
    for (const Option& option : command.options) {
      if (option.kind == Option::Kind::kFlag) continue;
      for (const std::string& name : CLI::detail::split(option.names, ',')) names.insert(name);
    }
  }
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
  if (!nouns.contains(words[0])) {
    return UsageError("usage.unknown_command", "There is no such command.", words[0],
                      Nearest(words[0], nouns), "beian --help");
  }
  if (words.size() < 2 || verbs.empty() || verbs.contains(words[1])) return std::nullopt;
  return UsageError("usage.unknown_command", "There is no such command.", words[0] + " " + words[1],
                    Nearest(words[1], verbs), fmt::format("beian {} --help", words[0]));
}

const Command* FindCommand(const std::vector<std::string>& words) {
  for (const Command& command : Commands()) {
    if (words.empty() || command.noun != words[0]) continue;
    if (command.verb.empty() || (words.size() > 1 && command.verb == words[1])) return &command;
  }
  return nullptr;
}

ClientError FromParseError(const CLI::ParseError& error,
                           const std::vector<std::string>& arguments) {
  const auto words = CommandWords(arguments);
  std::string next = "beian";
  if (!words.empty()) next += " " + words[0];
  next += " --help";
  std::vector<std::string> known = {"--output", "--node",     "--genesis", "--key", "--lang",
                                    "--config", "--no-color", "--quiet",   "--help"};
  if (const Command* command = FindCommand(words)) {
    next = fmt::format("beian {}{}{} --help", command->noun, command->verb.empty() ? "" : " ",
                       command->verb);
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

std::string Option::key() const {
  const size_t start = names.find("--");
  return names.substr(start + 2);
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

std::expected<ParsedLine, ClientError> ParseCommandLine(const std::vector<std::string>& arguments) {
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
  parsed.flags = {tree.connection, *ParseFormat(tree.format), tree.no_colour, tree.quiet};
  const std::string& lang = tree.connection.lang;
  if (!lang.empty() && lang != "en" && lang != "zh-CN") {
    return std::unexpected(ClientError{"config.bad_lang", "There is no such language.",
                                       Printable(lang), "Say en or zh-CN.", "beian --help",
                                       Exit::kUsage, 0});
  }
  for (const auto& [app, command] : tree.commands) {
    if (!app->parsed()) continue;
    parsed.command = command;
    for (const auto& slot : tree.slots[command]) {
      if (!slot->texts.empty()) parsed.values.Add(slot->key, slot->texts);
    }
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
