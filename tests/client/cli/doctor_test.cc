#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"
#include "tests/client/support/small_answers.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

TEST(DoctorCommand, FindsAGoodNodeHealthy) {
  Desk desk;
  const Ran ran = desk.Run({"doctor", "--key", "own"});
  EXPECT_EQ(ran.exit, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("ready, height 1"));
}

TEST(DoctorCommand, PrescribesTheNextCommand) {
  Desk desk;
  const Ran ran = desk.Run({"doctor", "--node", desk.node().url(), "--node", "http://127.0.0.1:1"});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("[bad]"));
  EXPECT_THAT(ran.out, HasSubstr("beian cluster status"));
  EXPECT_EQ(desk.Json({"doctor", "--genesis", desk.path("none")})["healthy"], false);
}

TEST(DoctorCommand, SaysThatAQuorumAnswersToo) {
  Desk desk;
  const FakeNode second, third;
  const Ran ran = desk.Run({"doctor", "--node", desk.node().url(), "--node", second.url(), "--node",
                            third.url()});
  EXPECT_THAT(ran.out, HasSubstr("[ok]  quorum  3 nodes answer, 3 are needed\n"));
}

TEST(DoctorCommand, DoesNotSendWhoseNodeIsDownToItself) {
  Desk desk;
  for (const char* language : {"en", "zh-CN"}) {
    const Ran ran = RunProgram({"doctor", "--config", desk.path("beian.toml"), "--node",
                                "http://127.0.0.1:1", "--lang", language});
    EXPECT_THAT(ran.out, HasSubstr("beian cluster status"));
    EXPECT_THAT(ran.out, Not(HasSubstr("beian doctor")));
  }
}

TEST(DoctorCommand, NamesTheGenesisFileThatIsNotThere) {
  Desk desk;
  const Ran ran = desk.Run({"doctor", "--genesis", desk.path("none")});
  EXPECT_THAT(ran.out, HasSubstr("object: " + desk.path("none") + "\n"));
  EXPECT_THAT(ran.out, HasSubstr("remedy: The genesis file is named by --genesis"));
}

TEST(DoctorCommand, NoticesANodeOfAnotherChainAndOddAnswers) {
  Desk desk;
  desk.node().before = [](const TestRequest&) {
    return TestReply{200, "application/json", StatusAnswer().dump(), false};
  };
  EXPECT_THAT(desk.Run({"doctor"}).out, HasSubstr("another chain"));
  desk.node().before = [](const TestRequest&) {
    return TestReply{200, "application/json", R"({"peers":[3]})", false};
  };
  const Ran odd = desk.Run({"doctor"});
  EXPECT_EQ(odd.exit, 1);
  EXPECT_THAT(odd.out, HasSubstr("lacks `schema`"));
}

TEST(DoctorCommand, ExplainsErrorIds) {
  const Ran ran = RunProgram({"explain", "filing.wrong_state", "--lang", "en"});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_THAT(ran.out, HasSubstr("does not allow"));
  const Ran near = RunProgram({"explain", "filing.wrong_stat", "--lang", "en"});
  EXPECT_EQ(near.exit, 3);
  EXPECT_THAT(near.error, HasSubstr("filing.wrong_state"));
  EXPECT_THAT(RunProgram({"explain", "filing.wrong_state", "--lang", "zh-CN"}).out,
              HasSubstr("备案"));
  EXPECT_GT(RunProgram({"explain", "-o", "json"}).json()["ids"].size(), 100u);
}

}  // namespace
}  // namespace beian::client
