#include "client/sdk/reply.h"

#include <gtest/gtest.h>

namespace beian::client {
namespace {

HttpReply Reply(int status, std::string type, std::string body) {
  return {status, std::move(type), std::move(body)};
}

TEST(Reply, CarriesTheNodesErrorWithPrintableTexts) {
  const ClientError error = ErrorOfReply(
      Reply(429, "application/json",
            R"({"schema":"beian.error.v1","id":"mempool.full","message":"a\u001b[2J","object":"",)"
            R"("remedy":"later","retry_after_ms":250})"),
      "http://n/x");
  EXPECT_EQ(error.id, "mempool.full");
  EXPECT_EQ(error.message, "a\\u{1b}[2J");
  EXPECT_EQ(error.object, "http://n/x");
  EXPECT_EQ(error.retry_after_ms, 250u);
}

TEST(Reply, NestedWithoutEndIsABadOne) {
  const std::string body = R"({"schema":"beian.filings.v1","next":null,"filings":[],"x":)" +
                           std::string(200'000, '[') + std::string(200'000, ']') + "}";
  const auto kept = KeptPromise(Reply(200, "application/json", body), "u", BrokenFilings);
  ASSERT_FALSE(kept.has_value());
  EXPECT_EQ(kept.error().id, kBadReplyId);
}

TEST(Reply, IsClassedByItsStatusWhenANodeSaysIt) {
  constexpr const char* kSaid = R"({"schema":"beian.error.v1","id":"x"})";
  EXPECT_EQ(ErrorOfReply(Reply(404, "", kSaid), "u").exit, Exit::kNotFound);
  EXPECT_EQ(ErrorOfReply(Reply(403, "", kSaid), "u").exit, Exit::kNotAuthorised);
  EXPECT_EQ(ErrorOfReply(Reply(400, "", kSaid), "u").exit, Exit::kFailed);
}

TEST(Reply, OfNoNodeIsNoAnswer) {
  for (const int status : {200, 302, 400, 403, 404}) {
    EXPECT_EQ(ErrorOfReply(Reply(status, "text/html", "?"), "u").exit, Exit::kUnreachable);
  }
  EXPECT_EQ(ErrorOfReply(Reply(503, "", "[]"), "u").exit, Exit::kUnreachable);
  EXPECT_EQ(ErrorOfReply(Reply(400, "", "{}"), "u").id, "node.status_400");
  EXPECT_GT(ErrorOfReply(Reply(429, "", ""), "u").retry_after_ms, 0u);
}

TEST(Reply, ANodeCannotMakeUsWaitForEver) {
  const ClientError error = ErrorOfReply(
      Reply(503, "", R"({"schema":"beian.error.v1","retry_after_ms":99999999999})"), "u");
  EXPECT_LE(error.retry_after_ms, 60'000u);
}

TEST(Reply, GivesTheProofOfAnAbsenceInEitherForm) {
  EXPECT_EQ(ProofOctets(Reply(404, "application/x-protobuf", "proof")), "proof");
  EXPECT_EQ(ProofOctets(Reply(200, "application/x-protobuf", "proof")), "proof");
  EXPECT_EQ(ProofOctets(Reply(404, "application/json",
                              R"({"schema":"beian.error.v1","proof":"cHJvb2Y="})")),
            "proof");
  EXPECT_EQ(ProofOctets(Reply(404, "application/json", R"({"proof":"cHJvb2Y="})")), std::nullopt);
  EXPECT_EQ(ProofOctets(Reply(500, "application/x-protobuf", "proof")), std::nullopt);
}

}  // namespace
}  // namespace beian::client
