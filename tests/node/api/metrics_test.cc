#include "node/api/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/support/fixture.h"

namespace beian {
namespace {

using testing::HasSubstr;

std::string FilledText(const Genesis& genesis) {
  Metrics metrics(genesis);
  metrics.CountCommit(2, 3, 1);
  metrics.CountVerified(5, 1);
  metrics.CountPeerSignatures(7, 1);
  metrics.CountSubmitted("mempool.full");
  metrics.ObserveCommitSeconds(0.01);
  metrics.ObserveSyncSeconds(0.001);
  metrics.ObserveHttp("/v1/codes/{code}", 404, 0.02);
  NodeStatus status;
  status.state = "ready";
  status.replica.view = View(12);
  status.replica.committed_height = Height(9);
  status.uptime_ms = 1'500;
  status.peers = {{ValidatorIndex(1), "cac", true, 8, 100, 3}};
  metrics.Observe(status);
  return metrics.Text();
}

TEST(Metrics, CountsWhatItIsTold) {
  const std::string text = FilledText(MakeGenesis(4).genesis);
  for (const char* line :
       {"beian_blocks_committed_total 1\n", "beian_transactions_committed_total 2\n",
        "beian_actions_committed_total{result=\"accepted\"} 3\n",
        "beian_client_signatures_verified_total{result=\"bad\"} 1\n",
        "beian_peer_signatures_verified_total{result=\"good\"} 7\n",
        "beian_transactions_submitted_total{outcome=\"mempool.full\"} 1\n",
        "beian_http_requests_total{route=\"/v1/codes/{code}\",status=\"404\"} 1\n",
        "beian_view 12\n", "beian_committed_height 9\n", "beian_ready 1\n", "beian_validators 4\n",
        "beian_uptime_seconds 1.5\n", "beian_peer_final_height{peer=\"cac\"} 8\n",
        "beian_peer_queued_bytes{peer=\"cac\"} 100\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

// The rules of `promtool check metrics`, for machines without promtool.
TEST(Metrics, HasNamesByPrometheusConventions) {
  std::istringstream lines(FilledText(MakeGenesis(4).genesis));
  std::map<std::string, std::string> types;
  std::set<std::string> helped;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash, keyword, name, rest;
    words >> hash >> keyword >> name;
    std::getline(words, rest);
    if (hash == "#" && keyword == "TYPE") {
      EXPECT_TRUE(types.emplace(name, rest.substr(1)).second) << name << " stands twice";
    } else if (hash == "#" && keyword == "HELP") {
      EXPECT_GT(rest.size(), 5u) << name;
      helped.insert(name);
    }
  }
  EXPECT_GE(types.size(), 20u);
  for (const auto& [name, type] : types) {
    EXPECT_TRUE(std::regex_match(name, std::regex("beian_[a-z][a-z_]*"))) << name;
    EXPECT_TRUE(helped.contains(name)) << name;
    EXPECT_EQ(type == "counter", name.ends_with("_total")) << name;
    EXPECT_EQ(type == "histogram", name.ends_with("_duration_seconds")) << name;
    for (const char* bad : {"_ms", "_milliseconds", "_kilobytes", "_count", "_sum", "_bucket",
                            "gauge", "counter", "histogram", "__"}) {
      EXPECT_EQ(name.find(bad), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace beian
