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

TEST(ProofCommand, NeedsAFinalTransaction) {
  Desk desk;
  EXPECT_EQ(desk.Run({"proof", "get", std::string(64, '0')}).exit, 3);
  EXPECT_EQ(desk.Run({"proof", "get", "x"}).exit, 2);
}

}  // namespace
}  // namespace beian::client
