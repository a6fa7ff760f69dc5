#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/report.h"

namespace beian::client {

class Session;

/// A positional argument.
struct Parameter {
  std::string name;
  std::string help;
  bool required = true;
  bool many = false;
};

struct Option {
  enum class Kind {
    kFlag,
    kText,
    kNumber,  ///< whole, from 0
    kCount,   ///< whole, from 1
    kTexts,
  };
  std::string names;  ///< "-n,--count": what CLI11 takes; the long one is the key of its value
  std::string help;
  Kind kind = Kind::kText;
  std::string default_text = {};          ///< shown in help
  std::vector<std::string> choices = {};  ///< its values, for help and completion; empty: any
  uint64_t max = 999'999'999;             ///< of a number

  bool takes_value() const { return kind != Kind::kFlag; }
  std::string key() const;                     ///< "count"
  std::vector<std::string> all_names() const;  ///< "-n", "--count"
};

/// "a|b|c"
std::string Joined(const std::vector<std::string>& words, std::string_view between);

/// What was given for one command, checked for form.
class Values {
 public:
  void Add(const std::string& key, std::vector<std::string> texts) { values_[key] = texts; }
  bool Has(const std::string& key) const { return values_.contains(key); }
  /// Empty when it was not given.
  std::string Text(const std::string& key) const;
  std::vector<std::string> Texts(const std::string& key) const;
  uint64_t Number(const std::string& key, uint64_t otherwise) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

/// A command's answer, with its exit code: a verdict may be an answer and not be 0.
struct Outcome {
  Report report;
  Exit exit = Exit::kOk;
};
using CommandResult = std::expected<Outcome, ClientError>;

struct Command {
  std::string noun;
  std::string verb;  ///< empty: the noun is the whole command
  std::string help;
  std::vector<Parameter> parameters;
  std::vector<Option> options;
  CommandResult (*run)(Session& session, const Values& values) = nullptr;

  /// False for commands that help when the connection file is bad, or have no use for it.
  bool needs_connection() const;
};

/// What every command takes besides its own options, before its noun as well.
const std::vector<Option>& GlobalOptions();

/// Every command, in the order of the overview.
const std::vector<Command>& Commands();
/// One line for each noun.
std::string_view NounHelp(std::string_view noun);

/// `filing get`, `filing history`, `filing open`.
CommandResult GetFiling(Session& session, const Values& values);
CommandResult ShowHistory(Session& session, const Values& values);
CommandResult OpenFiling(Session& session, const Values& values);

std::vector<Command> ClusterCommands();
std::vector<Command> FilingCommands();
std::vector<Command> ReviewCommands();
std::vector<Command> SetCommands();
std::vector<Command> CodeCommands();
std::vector<Command> ProofCommands();
std::vector<Command> AuditCommands();
std::vector<Command> ChainCommands();
std::vector<Command> StatsCommands();
std::vector<Command> KeyCommands();
std::vector<Command> ConfigCommands();
std::vector<Command> DoctorCommands();  ///< doctor, explain
std::vector<Command> HelpCommands();    ///< completion, version

}  // namespace beian::client
