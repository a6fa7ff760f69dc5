#include "tests/scenarios/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace beian {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(BEIAN_SOURCE_DIR) / "tests/scenarios";

std::vector<std::string> Files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const bool script = entry.path().extension() == ".txt" &&
                        entry.path().filename() != "CMakeLists.txt";
    if (script) files.push_back(entry.path().filename());
  }
  std::ranges::sort(files);
  return files;
}

std::string Outcome(std::string_view file, std::string_view text) {
  const auto scenario = ParseScenario(file, text);
  return scenario ? RunScenario(*scenario).value_or("") : scenario.error();
}

class ScenarioFile : public testing::TestWithParam<std::string> {};

TEST_P(ScenarioFile, GoesAsItSays) {
  std::ifstream in(kFolder / GetParam());
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(Outcome("tests/scenarios/" + GetParam(), text), "");
}

INSTANTIATE_TEST_SUITE_P(Each, ScenarioFile, testing::ValuesIn(Files()), [](const auto& parameter) {
  std::string name = std::filesystem::path(parameter.param).stem();
  std::ranges::replace(name, '-', '_');
  return name;
});

struct Report {
  const char* name;
  const char* text;
  const char* outcome;
};
void PrintTo(const Report& report, std::ostream* out) { *out << report.name; }

class ScenarioReport : public testing::TestWithParam<Report> {};

TEST_P(ScenarioReport, NamesTheFileTheLineAndTheFault) {
  EXPECT_EQ(Outcome("a.txt", GetParam().text), GetParam().outcome);
}

std::string NameOf(const testing::TestParamInfo<Report>& parameter) { return parameter.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Malformed, ScenarioReport,
    testing::Values(
        Report{"unknown", "# a comment\n\njump 3 # high\n",
               "a.txt:3: jump 3: there is no such command"},
        Report{"unknown_expectation", "expect luck",
               "a.txt:1: expect luck: there is no such command"},
        Report{"bare_expect", "expect", "a.txt:1: expect: there is no such command"},
        Report{"short_line", "run", "a.txt:1: run: the form is `run NUMBER`"},
        Report{"long_line", "heal 1", "a.txt:1: heal 1: the form is `heal`"},
        Report{"other_word", "submit 1 at 2",
               "a.txt:1: submit 1 at 2: the form is `submit NUMBER to NODES`"},
        Report{"number", "run 1s", "a.txt:1: run 1s: `1s` is no number to use here"},
        Report{"negative", "run -1", "a.txt:1: run -1: `-1` is no number to use here"},
        Report{"leading_zero", "run 010", "a.txt:1: run 010: `010` is no number to use here"},
        Report{"too_long", "run 600001", "a.txt:1: run 600001: `600001` is no number to use here"},
        Report{"no_node", "crash 4", "a.txt:1: crash 4: `4` is no list of nodes here"},
        Report{"comma", "crash 1,", "a.txt:1: crash 1,: `1,` is no list of nodes here"},
        Report{"twice", "crash 1,1", "a.txt:1: crash 1,1: `1,1` is no list of nodes here"},
        Report{"both_sides", "partition 0,1 | 1,2,3",
               "a.txt:1: partition 0,1 | 1,2,3: `1,2,3` is no list of nodes here"},
        Report{"no_side", "partition 0,1 | 2",
               "a.txt:1: partition 0,1 | 2: a node stands on neither side"},
        Report{"expects_nothing", "run 10\nheal\n", "a.txt:2: the script expects nothing"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Failing, ScenarioReport,
    testing::Values(
        Report{"committed", "submit 2 to 0\nrun 100\nexpect committed 3 on 0,1\n",
               "a.txt:3: expect committed 3 on 0,1: node 0 has 2"},
        Report{"acknowledged",
               "crash 3\nsubmit 2 to 0\nrun 100\nexpect acknowledged on 0\n"
               "expect acknowledged on 3\n",
               "a.txt:5: expect acknowledged on 3: node 3 lacks 2 of 2"},
        Report{"vacuous", "expect acknowledged on 0",
               "a.txt:1: expect acknowledged on 0: nothing has been committed anywhere"},
        Report{"no_progress", "run 100\nexpect no-progress 60000",
               "a.txt:2: expect no-progress 60000: node 0 committed 2 blocks"},
        Report{"leader", "run 100\nexpect leader 0", "a.txt:2: expect leader 0: it is 1"},
        Report{"nullified", "run 100\nexpect nullified 1", "a.txt:2: expect nullified 1: found 0"},
        Report{"muted", "expect muted 2", "a.txt:1: expect muted 2: node 2 is voting"},
        Report{"voting", "crash 0,2\nlose-log 2\nstart 2\nexpect voting 2",
               "a.txt:4: expect voting 2: node 2 is muted"},
        Report{"same_chain",
               "run 100\ncrash 0,1,2,3\nforget 0,1,2,3\nrun 10\nstart 0,1,2\nexpect same-chain\n",
               "a.txt:6: expect same-chain: node 2 has another block at height 1"},
        Report{"same_chain_at_the_end",
               "expect voting 0\nrun 100\ncrash 0,1,2,3\nforget 0,1,2,3\nrun 10\nstart 0,1,2\n",
               "a.txt:6: the end: node 2 has another block at height 1"},
        Report{"up_already", "start 1\nexpect same-chain", "a.txt:1: start 1: node 1 is up"},
        Report{"down_already", "crash 1\ncrash 0,1\nexpect same-chain",
               "a.txt:2: crash 0,1: node 1 is down"},
        Report{"runs_on_its_log", "lose-log 1\nexpect same-chain",
               "a.txt:1: lose-log 1: node 1 is up"}),
    NameOf);

}  // namespace
}  // namespace beian
