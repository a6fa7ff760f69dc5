#include "client/cli/already_filed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"
#include "tests/client/support/small_answers.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

TEST(AlreadyFiled, RefusesTheSameServiceTwiceBeforeAnythingIsSent) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const std::vector<std::string> words = {"filing", "submit",        file,          "--key",
                                          "own",    "--disclosures", desk.path("e")};
  const size_t before = desk.node().submissions;
  const Ran twice = desk.Run(words);
  EXPECT_EQ(twice.exit, 1);
  EXPECT_THAT(twice.error, HasSubstr("filing.already_filed"));
  EXPECT_THAT(twice.error, HasSubstr(filing));
  EXPECT_THAT(twice.error, HasSubstr("not_reviewed"));
  EXPECT_EQ(desk.node().submissions, before);
  EXPECT_FALSE(std::filesystem::exists(desk.path("e"))) << "nothing is left behind";
  auto again = words;
  again.push_back("--again");
  EXPECT_EQ(desk.Run(again).exit, 0);
}

TEST(AlreadyFiled, FilesAnotherServiceOrOneThatWasRefused) {
  Desk desk;
  const std::string filing = desk.File();
  auto fields = OrganisationFields();
  const std::string same = desk.folder().Write("f.json", OrganisationJson());
  fields["service.name"] = "另一项服务";
  const std::string other = desk.folder().Write("other.json", FieldsJson(fields));
  const std::vector<std::string> words = {"filing", "submit",        "--key",
                                          "own",    "--disclosures", desk.path("e")};
  const auto submit = [&](const std::string& file) {
    auto more = words;
    more.push_back(file);
    return desk.Run(more).exit;
  };
  EXPECT_EQ(submit(other), 0);
  EXPECT_EQ(submit(same), 1);
  desk.Run({"review", "take", filing, "--key", "office-11"});
  EXPECT_EQ(submit(same), 1) << "in review";
  desk.Run({"review", "refuse", filing, "--reason", "不符", "--key", "office-11"});
  EXPECT_EQ(submit(same), 0) << "not passed";
}

TEST(AlreadyFiled, SaysWhatTheFilingThatStandsWaitsFor) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const std::vector<std::string> words = {"filing", "submit", file, "--key", "own"};
  EXPECT_THAT(desk.Run(words).error, HasSubstr("next: beian filing get " + filing));
  desk.Run({"review", "take", filing, "--key", "office-11"});
  desk.Run({"review", "request-supplement", filing, "--reason", "地址", "--key", "office-11"});
  EXPECT_THAT(desk.Run(words).error,
              HasSubstr("next: beian filing supplement " + filing + " FILE"));
}

TEST(AlreadyFiled, BelievesOnlyAProofThatAServiceIsFiledAlready) {
  Desk desk;
  nlohmann::json answer = FilingsAnswer(1);
  {
    Desk other;  // of the same key and the same organisation
    const Answer filed = other.Json({"filing", "get", other.File()})["filing"];
    for (const char* member : {"subject", "owner"}) {
      answer["filings"][0][member] = std::string(filed[member]);
    }
  }
  size_t proofs = 0;
  desk.node().before = [&](const TestRequest& request) {
    proofs += request.target.starts_with("/v1/filings/") ? 1 : 0;
    if (!request.target.starts_with("/v1/filings?")) return TestReply{0, "", "", false};
    return TestReply{200, "application/json", answer.dump(), false};
  };
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const Ran ran =
      desk.Run({"filing", "submit", file, "--key", "own", "--disclosures", desk.path("d")});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_EQ(proofs, 1u) << "the list alone would have been enough to refuse it";
}

TEST(AlreadyFiled, AsksForTheProofOfNoOtherSubjectsService) {
  Desk desk;
  desk.File(1);
  size_t proofs = 0;
  desk.node().before = [&proofs](const TestRequest& request) {
    proofs += request.target.starts_with("/v1/filings/") ? 1 : 0;
    return TestReply{0, "", "", false};
  };
  // The same name of a service, of another organisation, by the same key.
  const std::string file = desk.folder().Write("f.json", OrganisationJson(2));
  desk.Run({"filing", "submit", file, "--key", "own", "--disclosures", desk.path("d")});
  EXPECT_EQ(proofs, 0u);
}

}  // namespace
}  // namespace beian::client
