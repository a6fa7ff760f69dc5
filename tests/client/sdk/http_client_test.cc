#include "client/sdk/http_client.h"

#include <gtest/gtest.h>

#include "tests/client/support/http_listener.h"

namespace beian::client {
namespace {

constexpr uint64_t kTimeoutMs = 5'000;

TEST(HttpClientTest, GetsAndPostsOnOneConnection) {
  std::vector<TestRequest> seen;
  HttpListener listener([&](const TestRequest& request) {
    seen.push_back(request);
    return TestReply{201, "text/plain", "answer " + request.body, false};
  });
  HttpClient client;
  const auto got = client.Get(listener.url() + "/a?b=c", "application/json", kTimeoutMs);
  ASSERT_TRUE(got.has_value()) << got.error().message;
  EXPECT_EQ(got->status, 201);
  EXPECT_EQ(got->content_type, "text/plain");
  const auto posted =
      client.Post(listener.url() + "/p", Bytes("\0\1", 2), "x/y", "z/z", kTimeoutMs);
  ASSERT_TRUE(posted.has_value());
  EXPECT_EQ(posted->body, "answer " + Bytes("\0\1", 2));
  EXPECT_TRUE(client.Get(listener.url() + "/again", "*/*", kTimeoutMs).has_value());
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].target, "/a?b=c");
  EXPECT_NE(seen[0].headers.find("accept: application/json"), std::string::npos);
  EXPECT_EQ(seen[1].method, "POST");
  EXPECT_NE(seen[1].headers.find("content-type: x/y"), std::string::npos);
  EXPECT_EQ(seen[2].method, "GET");
  EXPECT_EQ(listener.accepted(), 1u) << "the connection is kept";
}

TEST(HttpClientTest, SaysThatNobodyListens) {
  uint16_t port = 0;
  {
    port = HttpListener([](const TestRequest&) { return TestReply{}; }).port();
  }
  HttpClient client;
  const auto reply = client.Get("http://127.0.0.1:" + std::to_string(port), "*/*", kTimeoutMs);
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reply.error().id, "node.unreachable");
  EXPECT_EQ(reply.error().exit, Exit::kUnreachable);
}

TEST(HttpClientTest, RefusesOtherSchemesAndDoesNotFollowRedirects) {
  HttpListener listener([](const TestRequest&) { return TestReply{302, "text/plain", "", false}; });
  HttpClient client;
  EXPECT_FALSE(client.Get("file:///etc/passwd", "*/*", kTimeoutMs).has_value());
  EXPECT_EQ(client.Get(listener.url(), "*/*", kTimeoutMs)->status, 302);
}

TEST(HttpClientTest, ReportsAConnectionThatIsClosed) {
  HttpListener listener([](const TestRequest&) { return TestReply{200, "", "", true}; });
  HttpClient client;
  EXPECT_EQ(client.Get(listener.url(), "*/*", kTimeoutMs).error().exit, Exit::kUnreachable);
}

}  // namespace
}  // namespace beian::client
