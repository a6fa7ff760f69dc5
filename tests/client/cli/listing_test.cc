#include "client/cli/listing.h"

#include <gtest/gtest.h>

#include "client/sdk/client.h"
#include "tests/client/support/fake_node.h"

namespace beian::client {
namespace {

TEST(Listing, ReadsEveryPageEvenAfterAnEmptyOne) {
  FakeNode node;
  std::vector<std::string> targets;
  node.before = [&](const TestRequest& request) {
    targets.push_back(request.target);
    const size_t page = targets.size();
    nlohmann::json json = {{"filings", nlohmann::json::array()},
                           {"next", "c" + std::to_string(page)}};
    if (page != 2) json["filings"] = {{{"id", std::to_string(page)}, {"stage", "cac"}}, "odd"};
    if (page == 3) json["next"] = nullptr;
    return TestReply{200, "application/json", json.dump(), false};
  };
  Client client(node.genesis(), {node.url()});
  const auto rows =
      ListFilings(client, {.status = "filed", .province = "11", .stage = "", .set = 2});
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->size(), 2u);
  EXPECT_EQ(targets[0], "/v1/filings?status=filed&province=11&set=2&count=100");
  EXPECT_EQ(targets[2], "/v1/filings?status=filed&province=11&set=2&count=100&cursor=c2");
}

TEST(Listing, KeepsAStageAndALimit) {
  FakeNode node;
  node.before = [](const TestRequest&) {
    return TestReply{200, "application/json",
                     R"({"filings":[{"stage":"cac"},{"stage":"province"},{"stage":"cac"}]})",
                     false};
  };
  Client client(node.genesis(), {node.url()});
  EXPECT_EQ(ListFilings(client, {.status = "", .province = "", .stage = "cac"})->size(), 2u);
  ListFilter one;
  one.count_max = 1;
  EXPECT_EQ(ListFilings(client, one)->size(), 1u);
}

}  // namespace
}  // namespace beian::client
