#include "sim/diagram.h"

#include <algorithm>
#include <sstream>

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<std::string> LinesOf(const Diagram& diagram) {
  std::istringstream in(diagram.Draw());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

Options Sized(size_t nodes, size_t dishonest = 0) {
  Options options;
  options.nodes = nodes;
  options.dishonest = dishonest;
  return options;
}

Traced::Turn Started() { return {"START", true}; }

void Arrives(Diagram& diagram, uint16_t from, uint16_t to, const Message& message) {
  const Event event = PeerMessage{ValidatorIndex(from), message, View(1)};
  diagram.Take({7, ValidatorIndex(to), &event});
}

TEST(Diagram, DrawsTheStoryOfAVoteAndACrash) {
  Diagram diagram(Sized(4, 1));
  for (uint16_t i = 0; i < 3; ++i) diagram.Take({i, ValidatorIndex(i), Started()});
  const Vote vote{Nullify(9), ValidatorIndex(2), {}};
  const Action append = AppendRecord{VoteRecord{vote}};
  diagram.Take({40, ValidatorIndex(2), &append});
  Arrives(diagram, 2, 0, vote);
  Arrives(diagram, 0, 1, vote);
  diagram.Take({12'345, ValidatorIndex(1), Traced::Turn{"CRASH", false}});
  Arrives(diagram, 3, 2, vote);
  EXPECT_EQ(diagram.Draw(),
            "   time ms   node 0  node 1  node 2  node 3\n"
            "         0      ^                       :     START\n"
            "         1      |       ^               :     START\n"
            "         2      |       |       ^       :     START\n"
            "        40      |       |       *       :     append vote nullify 9\n"
            "         7      |<--------------|       :     vote of 2: nullify 9\n"
            "         7      |------>|       |       :     vote of 2: nullify 9\n"
            "     12345      |       X       |       :     CRASH\n"
            "         7      |               |<------:     vote of 2: nullify 9\n"
            "  arrow: arrives; * own vote goes to its log, = commits, ^ starts, X dies, ! alarm; "
            ": is dishonest\n");
}

TEST(Diagram, FitsAHundredAndTwentyColumns) {
  const Message wide = Proposal{View(123'456'789), View(123'456'788), Child(Root(), 5), {}, {}, {}};
  for (size_t nodes : {1, 4, 7, 10, 32}) {
    Diagram diagram(Sized(nodes));
    for (uint16_t i = 1; i < nodes; ++i) Arrives(diagram, i - 1, i, wide);
    for (const std::string& line : LinesOf(diagram)) EXPECT_LE(line.size(), 120u) << line;
  }
}

TEST(Diagram, EachNameStandsOverItsColumn) {
  for (size_t nodes : {4, 7, 10, 32}) {
    Diagram diagram(Sized(nodes));
    diagram.Take({0, ValidatorIndex(static_cast<uint16_t>(nodes - 1)), Started()});
    const auto lines = LinesOf(diagram);
    const size_t mark = lines[1].find('^');
    const size_t name = lines[0].rfind(std::to_string(nodes - 1));
    EXPECT_LE(name > mark ? name - mark : mark - name, 3u) << lines[0] << "\n" << lines[1];
  }
}

TEST(Diagram, KeepsTheLastRowsAndLeavesOutWhatDecidesNothing) {
  Diagram diagram(Sized(4));
  for (uint64_t view = 1; view < 100; ++view) {
    Arrives(diagram, 0, 1, Vote{Nullify(view), ValidatorIndex(0), {}});
    Arrives(diagram, 0, 1, Status{});
    Arrives(diagram, 0, 1, TransactionBatch{});
    const Event tick = Tick{};
    diagram.Take({view, ValidatorIndex(1), &tick});
  }
  Arrives(diagram, 0, 1, Vote{Nullify(100), ValidatorIndex(0), {}});
  const auto lines = LinesOf(diagram);
  EXPECT_THAT(lines, SizeIs(42)) << "names, forty rows, legend";
  EXPECT_THAT(lines, Each(Not(HasSubstr("tick"))));
  EXPECT_THAT(lines[40], HasSubstr("nullify 100"));
}

TEST(Diagram, EndsWithTheVeryLastThing) {
  Diagram diagram(Sized(4));
  const Action send = Send{std::nullopt, Vote{Nullify(3), ValidatorIndex(1), {}}};
  diagram.Take({9, ValidatorIndex(1), &send});
  EXPECT_THAT(diagram.Draw(), HasSubstr("send all: vote of 1: nullify 3"))
      << "a send has no row of its own, but this one broke something";
  Arrives(diagram, 0, 1, Vote{Nullify(4), ValidatorIndex(0), {}});
  EXPECT_THAT(diagram.Draw(), Not(HasSubstr("send all")));
}

}  // namespace
}  // namespace beian::sim
