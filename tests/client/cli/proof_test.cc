#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/sdk/files.h"
#include "client/sdk/text.h"
#include "tests/client/support/desk.h"

namespace beian::client {
namespace {

TEST(ProofCommand, WritesAProofThatNeedsNoNode) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string id = desk.Json({"filing", "get", filing})["filing"]["content_transaction"];
  const std::string file = desk.path("p.json");
  ASSERT_EQ(desk.Run({"proof", "get", id, file}).exit, 0);
  const std::vector<std::string> check = {
      "proof", "check", file, "--genesis", desk.path("genesis.toml"), "-o", "json"};
  EXPECT_EQ(RunProgram(check).json()["verdict"], "genuine");
  const Ran chinese = RunProgram(
      {"proof", "check", file, "--genesis", desk.path("genesis.toml"), "--lang", "zh-CN"});
  EXPECT_NE(chinese.out.find("提交"), std::string::npos) << chinese.out;
  const std::string whole = *ReadFile(file, 1 << 20);
  const std::string receipt = Answer::Parse(whole)["receipt"];
  const Bytes octets = *FromBase64(receipt);
  for (size_t i = 0; i < octets.size(); i += 101) {
    Bytes changed = octets;
    changed[i] ^= 1;
    std::string text = whole;
    text.replace(text.find(receipt), receipt.size(), ToBase64(changed));
    desk.folder().Write("p.json", text);
    EXPECT_EQ(RunProgram(check).exit, 10) << i;
  }
  desk.folder().Write("p.json", "{}");
  EXPECT_EQ(RunProgram(check).exit, 10);
  EXPECT_EQ(desk.Run({"proof", "check", desk.path("none")}).exit, 11);
}

TEST(ProofCommand, ReplacesNothingButAnEarlierProof) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string id = desk.Json({"filing", "get", filing})["filing"]["content_transaction"];
  const std::string code = desk.Approve(filing);
  const Bytes key = *ReadFile(desk.path("own.pem"), 4096);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"proof", "get", id}, {"code", "certificate", code}}) {
    std::vector<std::string> to_key = command;
    to_key.push_back(desk.path("own.pem"));
    const Ran ran = desk.Run(to_key);
    EXPECT_EQ(ran.exit, 1);
    EXPECT_THAT(ran.error, testing::HasSubstr("file.other_kind"));
    EXPECT_THAT(ran.error, testing::HasSubstr("own.pem"));
    EXPECT_EQ(*ReadFile(desk.path("own.pem"), 4096), key);
  }
  EXPECT_EQ(desk.Run({"proof", "get", id, desk.path("p.json")}).exit, 0);
  EXPECT_EQ(desk.Run({"proof", "get", id, desk.path("p.json")}).exit, 0);
  EXPECT_EQ(desk.Run({"code", "certificate", code, desk.path("p.json")}).exit, 1);
}

TEST(ProofCommand, NeedsAFinalTransaction) {
  Desk desk;
  EXPECT_EQ(desk.Run({"proof", "get", std::string(64, '0')}).exit, 3);
  EXPECT_EQ(desk.Run({"proof", "get", "x"}).exit, 2);
}

}  // namespace
}  // namespace beian::client
