#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "beian/v1/api.pb.h"
#include "ledger/verify/proofs.h"
#include "node/api/api_server.h"
#include "tests/node/api/http_probe.h"
#include "tests/node/api/test_node.h"

namespace beian {

inline constexpr const char* kProtobuf = "application/x-protobuf";
inline constexpr const char* kJson = "application/json";

/// A server over a node without peers, and a stranger's checks of what it answers.
class ApiFixture : public testing::Test {
 protected:
  ApiFixture() : server_(ApiConfig{}, node_) {
    const auto started = server_.Start();
    EXPECT_TRUE(started.has_value());
    port_ = server_.port();
  }
  nlohmann::json GetJson(const std::string& target, int status = 200) {
    const ProbeReply reply = Get(port_, target);
    EXPECT_EQ(reply.status, status) << target << " " << reply.body;
    EXPECT_EQ(reply.headers.at("content-type"), kJson);
    return nlohmann::json::parse(reply.body, nullptr, false);
  }
  static Bytes Octets(const nlohmann::json& text) { return *FromBase64(text.get<std::string>()); }
  /// A stranger's check: the genesis and the octets alone.
  bool ShowsRecord(const Bytes& octets, const MapKey& key) {
    const auto proof = DecodeRecordProof(octets, node_.genesis().validators.size());
    EXPECT_TRUE(proof.has_value());
    const auto shown = VerifyRecordProof(*proof, key, node_.genesis());
    EXPECT_TRUE(shown.has_value());
    return shown.value_or(false);
  }
  VerifiedReceipt CheckReceipt(const Bytes& octets, const TransactionId& id) {
    const auto receipt = DecodeReceipt(octets, node_.genesis().validators.size());
    EXPECT_TRUE(receipt.has_value());
    const auto verified = VerifyReceipt(*receipt, node_.genesis(), id);
    EXPECT_TRUE(verified.has_value());
    return verified.value_or(VerifiedReceipt{});
  }
  std::string SubmitBody(const std::vector<TransactionPtr>& transactions, uint32_t wait_ms) {
    v1::SubmitRequest request;
    for (const TransactionPtr& transaction : transactions) {
      request.add_transactions(transaction->wire());
    }
    request.set_wait_ms(wait_ms);
    return request.SerializeAsString();
  }
  std::string JsonBody(const std::vector<TransactionPtr>& transactions, uint32_t wait_ms) {
    nlohmann::json list = nlohmann::json::array();
    for (const TransactionPtr& transaction : transactions) {
      list.push_back(ToBase64(transaction->wire()));
    }
    return nlohmann::json{{"transactions", list}, {"wait_ms", wait_ms}}.dump();
  }

  TestNode node_;
  ApiServer server_;
  uint16_t port_ = 0;
};

}  // namespace beian
