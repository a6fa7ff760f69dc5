#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

/// Every step that a filing may take, with steps of others and a rejection between them.
std::string FiledTheLongWay(const Desk& desk) {
  const std::string filing = desk.File();
  const std::string file = desk.folder().Write("again.json", OrganisationJson());
  const auto as = [&desk](std::vector<std::string> words, const std::string& key) {
    words.insert(words.end(), {"--key", key});
    return desk.Run(words).exit;
  };
  EXPECT_EQ(as({"review", "forward", filing}, "office-11"), 1) << "rejected by the ledger";
  as({"review", "take", filing}, "office-11");
  as({"review", "request-supplement", filing, "--reason", "地址"}, "office-11");
  desk.File(2);
  as({"filing", "supplement", filing, file, "--disclosures", desk.path("d"), "--again"}, "own");
  as({"review", "refuse", filing, "--reason", "不符"}, "office-11");
  as({"filing", "resubmit", filing, file, "--disclosures", desk.path("d")}, "own");
  const std::string code = desk.Approve(filing);
  as({"set", "publish", code, "--number", "1"}, "cac");
  desk.File(3);
  return filing;
}

TEST(FilingHistory, NamesEveryChangeWithWhoAndWhy) {
  Desk desk;
  const std::string filing = FiledTheLongWay(desk);
  const Answer history = desk.Json({"filing", "history", filing});
  EXPECT_EQ(history["status"], "listed");
  const char* expected[][3] = {{"submit", "provider", nullptr},
                               {"take_up", "provincial_office", nullptr},
                               {"request_supplement", "provincial_office", "地址"},
                               {"supplement", "provider", nullptr},
                               {"refuse", "provincial_office", "不符"},
                               {"resubmit", "provider", nullptr},
                               {"take_up", "provincial_office", nullptr},
                               {"forward", "provincial_office", nullptr},
                               {"approve", "cac", nullptr},
                               {"publish_set", "cac", nullptr}};
  ASSERT_EQ(history["changes"].size(), std::size(expected)) << history["changes"];
  for (size_t i = 0; i < std::size(expected); ++i) {
    const Answer change = history["changes"][i];
    EXPECT_EQ(change["action"], expected[i][0]) << change;
    EXPECT_EQ(change["role"], expected[i][1]) << change;
    if (expected[i][2] != nullptr) {
      EXPECT_EQ(change["reason"], expected[i][2]);
    }
  }
  EXPECT_EQ(history["changes"][0]["height"], 2);
  const Answer record = desk.Json({"filing", "get", filing})["filing"];
  EXPECT_EQ(history["changes"][9]["height"], record["changed_height"]);
  EXPECT_EQ(history["changes"][8]["code"], record["code"]);
  EXPECT_EQ(history["changes"][9]["set"], 1);
}

TEST(FilingHistory, SaysItForPeopleInTheirLanguage) {
  Desk desk;
  const std::string filing = FiledTheLongWay(desk);
  EXPECT_THAT(desk.Run({"filing", "history", filing}).out, HasSubstr("Beijing"));
  const Ran chinese = RunProgram(
      {"filing", "history", filing, "--config", desk.path("beian.toml"), "--lang", "zh-CN"});
  EXPECT_THAT(chinese.out, HasSubstr("受理"));
  EXPECT_THAT(chinese.out, HasSubstr("北京市"));
}

TEST(FilingHistory, IsNotShownWithoutProofs) {
  Desk desk;
  const std::string filing = desk.File();
  EXPECT_EQ(desk.Run({"filing", "history", std::string(64, 'a')}).exit, 3);
  bool blocks = false;
  desk.node().before = [&](const TestRequest& request) {
    blocks = blocks || request.target.starts_with("/v1/export");
    return TestReply{0, "", "", false};
  };
  desk.node().lie = [&](Bytes& octets) {
    if (blocks) octets[octets.size() - 5] ^= 1;  // the receipts
  };
  const Ran ran = desk.Run({"filing", "history", filing});
  EXPECT_EQ(ran.exit, 11) << ran.error;
  EXPECT_EQ(ran.out, "");
}

}  // namespace
}  // namespace beian::client
