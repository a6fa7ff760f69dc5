#include "client/cli/listing.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "client/sdk/client.h"
#include "tests/client/support/fake_node.h"
#include "tests/client/support/small_answers.h"

namespace beian::client {
namespace {

TEST(Listing, ReadsEveryPageEvenAfterAnEmptyOne) {
  FakeNode node;
  std::vector<std::string> targets;
  node.before = [&](const TestRequest& request) {
    targets.push_back(request.target);
    const size_t page = targets.size();
    nlohmann::json json = FilingsAnswer(page == 2 ? 0 : 1);
    for (auto& row : json["filings"]) row["id"] = fmt::format("{:064x}", page);
    if (page != 3) json["next"] = "c" + std::to_string(page);
    return TestReply{200, "application/json", json.dump(), false};
  };
  Client client(node.genesis(), {node.url()});
  ListFilter filter;
  filter.status = "filed";
  filter.province = "11";
  filter.set = 2;
  filter.owner = "ab";
  const auto rows = ListFilings(client, filter);
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ(rows->size(), 2u);
  EXPECT_EQ(targets[0], "/v1/filings?status=filed&province=11&owner=ab&set=2&count=100");
  EXPECT_EQ(targets[2], "/v1/filings?status=filed&province=11&owner=ab&set=2&count=100&cursor=c2");
}

TEST(Listing, ShowsOnceWhatMovedToTheEndWhileItWasListed) {
  FakeNode node;
  size_t pages = 0;
  node.before = [&](const TestRequest&) {
    nlohmann::json json = FilingsAnswer(1);
    if (++pages < 3) json["next"] = "c" + std::to_string(pages);
    return TestReply{200, "application/json", json.dump(), false};
  };
  Client client(node.genesis(), {node.url()});
  const auto rows = ListFilings(client, {});
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ(rows->size(), 1u);
}

TEST(Listing, AListWithoutAnEndIsRefused) {
  for (const bool same_cursor : {true, false}) {
    FakeNode node;
    size_t pages = 0;
    node.before = [&](const TestRequest&) {
      nlohmann::json json = FilingsAnswer(0);
      json["next"] = fmt::format("{:08x}", same_cursor ? 1 : ++pages);
      return TestReply{200, "application/json", json.dump(), false};
    };
    Client client(node.genesis(), {node.url()});
    const auto rows = ListFilings(client, {});
    ASSERT_FALSE(rows.has_value());
    EXPECT_EQ(rows.error().id, "node.bad_reply");
  }
}

/// Gives a page with as many new filings as it is told, and always a next page.
class EndlessNode : public FakeNode {
 public:
  explicit EndlessNode(bool fresh) {
    before = [this, fresh](const TestRequest&) {
      ++pages;
      nlohmann::json json = FilingsAnswer(1);
      json["filings"][0]["id"] = fmt::format("{:064x}", fresh ? pages : 0);
      json["next"] = fmt::format("{:08x}", pages);
      return TestReply{200, "application/json", json.dump(), false};
    };
  }
  size_t pages = 0;
};

TEST(Listing, AListThatShowsTheSameForEverIsRefused) {
  EndlessNode node(false);
  Client client(node.genesis(), {node.url()});
  const auto rows = ListFilings(client, {});
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().id, "node.bad_reply");
  EXPECT_LT(node.pages, 2000u) << "a thousand pages without anything new are enough";
}

TEST(Listing, AListThatAlwaysHasMoreIsReadToTheLimitAndNoFurther) {
  EndlessNode node(true);
  Client client(node.genesis(), {node.url()});
  ListFilter filter;
  filter.count_max = 3;
  const auto rows = ListFilings(client, filter);
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ(rows->size(), 3u);
  EXPECT_EQ(node.pages, 3u);
}

TEST(Listing, AListThatAlwaysHasMoreEndsWithTheTime) {
  EndlessNode node(true);
  Client client(node.genesis(), {node.url()});
  client.EndIn(0);
  ListFilter filter;
  filter.count_max = 3;
  const auto rows = ListFilings(client, filter);
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().id, "node.bad_reply");
  EXPECT_EQ(node.pages, 1u);
}

/// Fifty pages of a new row each.
void AnswerAtLength(FakeNode& node, size_t& pages, size_t name_bytes) {
  node.before = [&pages, name_bytes](const TestRequest&) {
    nlohmann::json json = FilingsAnswer(1);
    if (++pages < 50) json["next"] = fmt::format("{:08x}", pages);
    json["filings"][0]["id"] = fmt::format("{:064x}", pages);
    json["filings"][0]["service_name"] = std::string(name_bytes, 'x');
    return TestReply{200, "application/json", json.dump(), false};
  };
}

TEST(Listing, TakesNoMoreOctetsThanItsBoundWhetherOrNotItKeepsTheRows) {
  for (const char* stage : {"", "no-such"}) {
    FakeNode node;
    size_t pages = 0;
    AnswerAtLength(node, pages, 10'000);
    Client client(node.genesis(), {node.url()});
    ListFilter filter;
    filter.stage = stage;
    filter.bytes_max = 100'000;
    const auto rows = ListFilings(client, filter);
    ASSERT_FALSE(rows.has_value());
    EXPECT_EQ(rows.error().id, "node.reply_too_large");
    EXPECT_EQ(pages, 10u);
  }
}

TEST(Listing, ACursorThatIsNoneIsNotSentBack) {
  FakeNode node;
  node.before = [&](const TestRequest&) {
    nlohmann::json json = FilingsAnswer(1);
    json["next"] = "aa&status=filed";
    return TestReply{200, "application/json", json.dump(), false};
  };
  Client client(node.genesis(), {node.url()});
  EXPECT_EQ(ListFilings(client, {}).error().id, "node.bad_reply");
}

TEST(Listing, KeepsAStageAndALimit) {
  FakeNode node;
  node.before = [](const TestRequest&) {
    nlohmann::json json = FilingsAnswer(3);
    json["filings"][0]["stage"] = "cac";
    json["filings"][2]["stage"] = "cac";
    return TestReply{200, "application/json", json.dump(), false};
  };
  Client client(node.genesis(), {node.url()});
  ListFilter of_cac;
  of_cac.stage = "cac";
  EXPECT_EQ(ListFilings(client, of_cac)->size(), 2u);
  ListFilter one;
  one.count_max = 1;
  EXPECT_EQ(ListFilings(client, one)->size(), 1u);
}

}  // namespace
}  // namespace beian::client
