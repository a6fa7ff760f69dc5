#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "beian/v1/api.pb.h"
#include "node/api/api_server.h"
#include "tests/node/api/http_probe.h"
#include "tests/node/api/test_node.h"

namespace beian {
namespace {

using nlohmann::json;

const std::string kId(64, 'a');

class ApiErrorsTest : public testing::Test {
 protected:
  ApiErrorsTest() : server_(ApiConfig{}, node_) {
    EXPECT_TRUE(server_.Start().has_value());
    port_ = server_.port();
    node_.CommitFiling(1);
  }
  void ExpectError(const ProbeReply& reply, int status, const std::string& id,
                   const std::string& what) {
    EXPECT_EQ(reply.status, status) << what << " " << reply.body;
    const json body = json::parse(reply.body, nullptr, false);
    ASSERT_TRUE(body.is_object()) << what << " " << reply.body;
    EXPECT_EQ(body["schema"], "beian.error.v1") << what;
    EXPECT_EQ(body["id"], id) << what;
    EXPECT_FALSE(body["message"].get<std::string>().empty()) << what;
    EXPECT_FALSE(body["remedy"].get<std::string>().empty()) << what;
    EXPECT_EQ(Get(port_, "/v1/status").status, 200) << "after " << what;
  }
  void ExpectPostError(const std::string& type, const std::string& body, int status,
                       const std::string& id) {
    ExpectError(Post(port_, "/v1/transactions", type, body), status, id, body.substr(0, 80));
  }

  TestNode node_;
  ApiServer server_;
  uint16_t port_ = 0;
};

TEST_F(ApiErrorsTest, GivesEveryBadGetAStableId) {
  const struct {
    std::string target;
    int status;
    std::string id;
  } kCases[] = {
      {"/", 404, "http.not_found"},
      {"/v1", 404, "http.not_found"},
      {"/v1/", 404, "http.not_found"},
      {"/v1/status/", 404, "http.not_found"},
      {"//v1/status", 404, "http.not_found"},
      {"/v1/../v1/status", 404, "http.not_found"},
      {"/v1/transactions", 405, "http.method_not_allowed"},
      {"/v1/transactions/abc", 400, "request.bad_id"},
      {"/v1/transactions/" + kId + "0", 400, "request.bad_id"},
      {"/v1/transactions/%zz", 400, "request.bad_path"},
      {"/v1/transactions/%00", 400, "request.bad_path"},
      {"/v1/transactions/" + kId + "?wait_ms=60001", 400, "request.bad_number"},
      {"/v1/transactions/" + kId + "?wait_ms=-1", 400, "request.bad_number"},
      {"/v1/transactions/" + kId + "?wait_ms=", 400, "request.bad_number"},
      {"/v1/transactions/" + kId + "?wait_ms=1&wait_ms=2", 400, "request.bad_parameter"},
      {"/v1/transactions/" + kId + "?wait=1", 400, "request.unknown_parameter"},
      {"/v1/codes/", 400, "code.bad_form"},
      {"/v1/codes/1", 400, "code.bad_form"},
      {"/v1/codes/%ff%fe%e2%80%ae%1b%5b31m", 400, "code.bad_form"},
      {"/v1/codes/99010519864491550014", 400, "code.bad_division"},
      {"/v1/filings/zz", 400, "request.bad_id"},
      {"/v1/filings?status=done", 400, "request.bad_status"},
      {"/v1/filings?province=1", 400, "request.bad_province"},
      {"/v1/filings?province=110105", 400, "request.bad_province"},
      {"/v1/filings?province=00", 400, "request.bad_province"},
      {"/v1/filings?set=x", 400, "request.bad_number"},
      {"/v1/filings?set=4294967296", 400, "request.bad_number"},
      {"/v1/filings?subject=1", 400, "request.bad_id"},
      {"/v1/filings?owner=1", 400, "request.bad_id"},
      {"/v1/filings?cursor=xyz", 400, "request.bad_cursor"},
      {"/v1/filings?cursor=", 400, "request.bad_cursor"},
      {"/v1/filings?cursor=" + std::string(300, 'a'), 400, "request.bad_cursor"},
      {"/v1/filings?count=101", 400, "request.bad_number"},
      {"/v1/filings?count=0", 400, "request.bad_number"},
      {"/v1/sets?count=0", 400, "request.bad_number"},
      {"/v1/filings?count=%", 400, "request.bad_parameter"},
      {"/v1/sets/first", 400, "request.bad_number"},
      {"/v1/sets/007", 400, "request.bad_number"},
      {"/v1/sets/4294967296", 400, "request.bad_number"},
      {"/v1/sets?x", 400, "request.unknown_parameter"},
      {"/v1/sets/7", 404, "set.unknown"},
      {"/v1/subjects/1", 400, "request.bad_id"},
      {"/v1/subjects/" + kId, 404, "subject.unknown"},
      {"/v1/keys/1", 400, "request.bad_id"},
      {"/v1/keys/" + kId, 404, "key.unknown"},
      {"/v1/blocks/last", 400, "request.bad_number"},
      {"/v1/blocks/-1", 400, "request.bad_number"},
      {"/v1/blocks/18446744073709551615", 400, "request.bad_number"},
      {"/v1/blocks/99999999999999999999999", 400, "request.bad_number"},
      {"/v1/blocks/4611686018427387904", 404, "block.unknown"},
      {"/v1/export?first=a", 400, "request.bad_number"},
      {"/v1/export?first=0", 400, "request.bad_number"},
      {"/v1/export?count=0", 400, "request.bad_number"},
      {"/v1/export?count=513", 400, "request.bad_number"},
      {"/v1/genesis?x=1", 400, "request.unknown_parameter"},
      {"/v1/status?x=1", 400, "request.unknown_parameter"},
      {"/v1/openapi.yaml?x=1", 400, "request.unknown_parameter"},
  };
  for (const auto& [target, status, id] : kCases) {
    ExpectError(Get(port_, target), status, id, target);
  }
}

TEST_F(ApiErrorsTest, AcceptsForgedCursorsAsNothingMore) {
  for (const char* cursor : {"00", "01", "ff", "0100000000000000ff", "05ffffffff"}) {
    EXPECT_EQ(Get(port_, std::string("/v1/filings?cursor=") + cursor).status, 200) << cursor;
    EXPECT_EQ(Get(port_, std::string("/v1/sets?cursor=") + cursor).status, 200) << cursor;
  }
}

TEST_F(ApiErrorsTest, GivesEveryBadSubmissionAStableId) {
  const std::string good = ToBase64(node_.chain().Submit(5)->wire());
  const std::string kJson = "application/json";
  for (const std::string body :
       {"", "{", "[]", "null", "1", "{}", "{\"transactions\":1}", "{\"transactions\":[]}",
        "{\"transactions\":[1]}", "{\"transactions\":[\"%\"]}", "{\"transactions\":[[\"\"]]}"}) {
    ExpectPostError(kJson, body, 400, "request.bad_body");
  }
  ExpectPostError(kJson, "{\"transactions\":[\"" + good + "\"],\"x\":1}", 400, "request.bad_body");
  for (const std::string wait : {"-1", "60001", "1.5", "\"1\"", "null", "1e99"}) {
    ExpectPostError(kJson, "{\"transactions\":[\"" + good + "\"],\"wait_ms\":" + wait + "}", 400,
                    "request.bad_body");
  }
  ExpectPostError(kJson, "{\"transactions\":[\"\"]}", 400, "transaction.bad_signer");
  ExpectPostError(kJson, "{\"transactions\":[\"" + good + "\",\"AAAA\"]}", 400,
                  "transaction.not_canonical");
  EXPECT_EQ(node_.pending(), 0u) << "none of a malformed request is taken";
  ExpectPostError("text/plain", "{}", 415, "request.bad_content_type");
  ExpectPostError("application/x-protobuf", "\xff\xff", 400, "request.bad_body");
  ExpectPostError("application/x-protobuf", "", 400, "request.bad_body");
}

TEST_F(ApiErrorsTest, KnowsAMediaTypeInAnyCaseAndWithParameters) {
  for (const char* type : {"Application/JSON; charset=utf-8", "APPLICATION/X-PROTOBUF"}) {
    ExpectPostError(type, "{", 400, "request.bad_body");
  }
  for (const char* type : {"application/jsonl", "application/x-protobufs"}) {
    ExpectPostError(type, "{", 415, "request.bad_content_type");
  }
  EXPECT_EQ(Get(port_, "/v1/export", "Application/JSON").headers.at("content-type"),
            "application/json");
}

TEST_F(ApiErrorsTest, RefusesMoreThan512TransactionsInARequest) {
  v1::SubmitRequest request;
  for (size_t i = 0; i <= kSubmitTransactionsMax; ++i) {
    request.add_transactions("x");
  }
  ExpectPostError("application/x-protobuf", request.SerializeAsString(), 400, "request.bad_body");
}

TEST_F(ApiErrorsTest, SurvivesDeeplyNestedJson) {
  const std::string deep = "{\"transactions\":" + std::string(1'000'000, '[');
  ExpectPostError("application/json", deep, 400, "request.bad_body");
  ExpectPostError("application/json", deep + std::string(1'000'000, ']') + "}", 400,
                  "request.bad_body");
}

TEST_F(ApiErrorsTest, EchoesHostileTextOnlyAsEscapedAndBoundedJson) {
  const ProbeReply reply =
      Get(port_, "/v1/codes/%1b%5b31m%ff%22%3cscript%3e" + std::string(1000, 'x'));
  const json body = json::parse(reply.body);
  EXPECT_EQ(reply.body.find('\x1b'), std::string::npos);
  EXPECT_LT(body["object"].get<std::string>().size(), 200u);
  EXPECT_EQ(reply.headers.at("content-type"), "application/json");
  EXPECT_EQ(reply.headers.at("x-content-type-options"), "nosniff");
}

TEST_F(ApiErrorsTest, RefusesOtherMethods) {
  for (const std::string method : {"PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"}) {
    Probe probe(port_);
    probe.Send(method + " /v1/status HTTP/1.1\r\nHost: node\r\n\r\n");
    EXPECT_EQ(probe.Receive().status, 405) << method;
  }
  ExpectError(Post(port_, "/v1/status", "", ""), 405, "http.method_not_allowed", "POST status");
}

TEST_F(ApiErrorsTest, RefusesMoreExportsThanItsBound) {
  ApiConfig config;
  config.threads = kExportsMax + 1;  // one for each export that is held up, and one that answers
  ApiServer server(config, node_);
  ASSERT_TRUE(server.Start().has_value());
  node_.HoldSnapshots();
  std::vector<Probe> held;
  for (size_t i = 0; i < kExportsMax; ++i) {
    held.emplace_back(server.port());
    ASSERT_TRUE(held.back().Send("GET /v1/export HTTP/1.1\r\nHost: node\r\n\r\n"));
  }
  node_.WaitForHeldSnapshots(kExportsMax);
  const ProbeReply refused = Get(server.port(), "/v1/export");
  node_.ReleaseSnapshots();
  ExpectError(refused, 503, "node.busy", "one export too many");
  EXPECT_EQ(refused.headers.at("retry-after"), "1");
  for (Probe& probe : held) {
    EXPECT_EQ(probe.Receive().status, 200);
  }
  EXPECT_EQ(Get(server.port(), "/v1/export").status, 200);
}

}  // namespace
}  // namespace beian
