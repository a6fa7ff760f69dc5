#include "client/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace beian::client {
namespace {

using testing::HasSubstr;

TEST(CommandLine, FindsTheCommandWithItsArguments) {
  const auto line =
      ParseCommandLine({"filing", "supplement", "id", "file.toml", "--dry-run", "--timeout", "7",
                        "-o", "json", "--node", "a", "--node", "b"});
  ASSERT_TRUE(line.has_value()) << line.error().message;
  EXPECT_EQ(line->command->verb, "supplement");
  EXPECT_EQ(line->values.Text("filing"), "id");
  EXPECT_EQ(line->values.Text("file"), "file.toml");
  EXPECT_TRUE(line->values.Has("dry-run"));
  EXPECT_EQ(line->values.Number("timeout", 60), 7u);
  EXPECT_EQ(line->values.Number("other", 60), 60u);
  EXPECT_EQ(line->flags.format, Format::kJson);
  EXPECT_EQ(line->flags.connection.nodes, (std::vector<std::string>{"a", "b"}));
}

TEST(CommandLine, TakesGlobalOptionsBeforeTheCommandToo) {
  const auto line = ParseCommandLine({"-o", "csv", "--lang", "zh-CN", "chain", "status"});
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->flags.format, Format::kCsv);
  EXPECT_EQ(line->flags.connection.lang, "zh-CN");
}

TEST(CommandLine, EveryCommandTakesEveryForm) {
  for (const Command& command : Commands()) {
    for (const char* form : {"text", "table", "json", "ndjson", "csv"}) {
      std::vector<std::string> words = {command.noun};
      if (!command.verb.empty()) words.push_back(command.verb);
      for (const Parameter& parameter : command.parameters) words.push_back(parameter.name);
      words.insert(words.end(), {"-o", form});
      const auto line = ParseCommandLine(words);
      ASSERT_TRUE(line.has_value()) << command.noun << " " << command.verb;
      EXPECT_EQ(line->command, &command);
    }
  }
}

TEST(CommandLine, EveryCommandHasHelpOfItsOwn) {
  std::set<std::string> names;
  for (const Command& command : Commands()) {
    std::vector<std::string> words = {command.noun};
    if (!command.verb.empty()) words.push_back(command.verb);
    EXPECT_TRUE(names.insert(command.noun + " " + command.verb).second);
    EXPECT_NE(command.run, nullptr);
    words.push_back("--help");
    const auto line = ParseCommandLine(words);
    ASSERT_TRUE(line.has_value());
    EXPECT_EQ(line->command, nullptr);
    EXPECT_THAT(line->help, HasSubstr(command.help));
    EXPECT_THAT(line->help, HasSubstr("beian " + command.noun));
  }
  EXPECT_THAT(ParseCommandLine({"--help"})->help, HasSubstr("Exit codes"));
}

TEST(CommandLine, NamesTheNearestCommandAndOption) {
  const auto error = [](std::vector<std::string> words) {
    const auto line = ParseCommandLine(words);
    EXPECT_FALSE(line.has_value());
    EXPECT_EQ(line.error().exit, Exit::kUsage);
    return line ? ClientError{} : line.error();
  };
  EXPECT_THAT(error({"fling"}).remedy, HasSubstr("`filing`"));
  EXPECT_THAT(error({"filing", "sumbit"}).remedy, HasSubstr("`submit`"));
  EXPECT_EQ(error({"fling"}).next, "beian filing --help");
  EXPECT_EQ(error({"filing", "sumbit"}).next, "beian filing submit --help");
  EXPECT_EQ(error({"filing", "qqqqqq"}).next, "beian filing --help");
  EXPECT_THAT(error({"filing", "submit", "--bluk", "x"}).remedy, HasSubstr("`--bulk`"));
  EXPECT_EQ(error({}).id, "usage.no_command");
  EXPECT_EQ(error({"filing"}).next, "beian filing --help");
  EXPECT_EQ(error({"filing", "get"}).id, "usage.bad_arguments");
  EXPECT_EQ(error({"filing", "get", "a", "b"}).id, "usage.bad_arguments");
  EXPECT_EQ(error({"chain", "status", "-o", "xml"}).id, "usage.bad_arguments");
  EXPECT_EQ(error({"filing", "list", "--limit", "many"}).id, "usage.bad_arguments");
}

TEST(CommandLine, RefusesMoreArgumentsThanACommandTakes) {
  for (const Command& command : Commands()) {
    const bool many = std::ranges::any_of(command.parameters, &Parameter::many);
    if (many) continue;
    std::vector<std::string> words = {command.noun};
    if (!command.verb.empty()) words.push_back(command.verb);
    for (const Parameter& parameter : command.parameters) words.push_back(parameter.name);
    words.emplace_back("surplus");
    const auto line = ParseCommandLine(words);
    EXPECT_FALSE(line.has_value()) << command.noun << " " << command.verb;
    if (!line) {
      EXPECT_EQ(line.error().exit, Exit::kUsage) << command.noun << " " << command.verb;
      EXPECT_THAT(line.error().message, HasSubstr("surplus")) << line.error().message;
    }
    words.insert(words.end() - 1, "--");
    EXPECT_FALSE(ParseCommandLine(words).has_value()) << command.noun << " " << command.verb;
  }
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"surplus", "--help"}, {"--node", "a", "surplus", "chain", "status"}}) {
    EXPECT_FALSE(ParseCommandLine(words).has_value()) << words[0];
  }
}

TEST(CommandLine, AnOptionWithAClosedSetOfValuesTakesNoOther) {
  for (const Command& command : Commands()) {
    std::vector<std::string> words = {command.noun};
    if (!command.verb.empty()) words.push_back(command.verb);
    for (const Parameter& parameter : command.parameters) words.push_back(parameter.name);
    for (const Option& option : command.options) {
      if (option.choices.empty()) continue;
      auto good = words;
      good.insert(good.end(), {"--" + option.key(), option.choices.back()});
      EXPECT_TRUE(ParseCommandLine(good).has_value()) << option.names;
      auto bad = words;
      bad.insert(bad.end(), {"--" + option.key(), option.choices.back() + "x"});
      const auto line = ParseCommandLine(bad);
      ASSERT_FALSE(line.has_value()) << command.noun << " " << command.verb << option.names;
      EXPECT_EQ(line.error().exit, Exit::kUsage);
      EXPECT_THAT(line.error().message, HasSubstr(Joined(option.choices, "|")));
    }
  }
  const auto status = ParseCommandLine({"filing", "list", "--status", "lsted"});
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().remedy, HasSubstr("`listed`"));
  EXPECT_FALSE(ParseCommandLine({"filing", "list", "--province", "99"}).has_value());
  EXPECT_FALSE(ParseCommandLine({"key", "new", "f", "--scheme", "rsa"}).has_value());
}

TEST(CommandLine, TakesWholeNumbersOnly) {
  const auto exit = [](const std::string& option, const std::string& value) {
    const auto line = ParseCommandLine({"filing", "submit", "f", option, value});
    return line ? Exit::kOk : line.error().exit;
  };
  for (const char* bad : {"nan", "inf", "-1", "1.5", "1e3", "0x10", "", "12345678901234567890"}) {
    EXPECT_EQ(exit("--timeout", bad), Exit::kUsage) << bad;
    EXPECT_EQ(exit("--batch", bad), Exit::kUsage) << bad;
  }
  EXPECT_EQ(exit("--timeout", "0"), Exit::kOk);
  EXPECT_EQ(exit("--batch", "0"), Exit::kUsage);
  EXPECT_EQ(exit("--connections", "0"), Exit::kUsage);
  EXPECT_EQ(exit("--connections", "4"), Exit::kOk);
}

TEST(CommandLine, ANumberBeyondItsOptionsRangeIsToldTheRange) {
  const auto error = [](const std::string& option, const std::string& value) {
    const auto line = ParseCommandLine({"filing", "submit", "f", option, value});
    return line ? "" : line.error().message;
  };
  EXPECT_EQ(error("--connections", "32"), "");
  EXPECT_THAT(error("--connections", "33"), HasSubstr("33 is no whole number from 1 to 32"));
  EXPECT_THAT(error("--batch", "257"), HasSubstr("from 1 to 256"));
  EXPECT_THAT(error("--timeout", "1000000000"), HasSubstr("from 0 to 999999999"));
}

TEST(CommandLine, AnOptionTakesOneValueAndLeavesTheNextArgument) {
  const auto line = ParseCommandLine({"filing", "submit", "--disclosures", "d", "f.toml"});
  ASSERT_TRUE(line.has_value()) << line.error().message;
  EXPECT_EQ(line->values.Text("disclosures"), "d");
  EXPECT_EQ(line->values.Texts("files"), std::vector<std::string>{"f.toml"});
}

TEST(CommandLine, WordsAfterOptionsAreNotTakenForCommands) {
  const auto line = ParseCommandLine({"--key", "filing", "chain", "status"});
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->command->noun, "chain");
}

}  // namespace
}  // namespace beian::client
