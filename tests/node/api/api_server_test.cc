#include "node/api/api_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "beian/v1/api.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/verify/chain_walk.h"
#include "ledger/verify/proofs.h"
#include "node/api/openapi.h"
#include "tests/node/api/http_probe.h"
#include "tests/node/api/test_node.h"

namespace beian {
namespace {

using nlohmann::json;

constexpr const char* kProtobuf = "application/x-protobuf";
constexpr const char* kJson = "application/json";

class ApiServerTest : public testing::Test {
 protected:
  ApiServerTest() : server_(ApiConfig{}, node_) {
    const auto started = server_.Start();
    EXPECT_TRUE(started.has_value());
    port_ = server_.port();
  }
  json GetJson(const std::string& target, int status = 200) {
    const ProbeReply reply = Get(port_, target);
    EXPECT_EQ(reply.status, status) << target << " " << reply.body;
    EXPECT_EQ(reply.headers.at("content-type"), kJson);
    return json::parse(reply.body, nullptr, false);
  }
  static Bytes Octets(const json& text) { return *FromBase64(text.get<std::string>()); }
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
    json list = json::array();
    for (const TransactionPtr& transaction : transactions) {
      list.push_back(ToBase64(transaction->wire()));
    }
    return json{{"transactions", list}, {"wait_ms", wait_ms}}.dump();
  }

  TestNode node_;
  ApiServer server_;
  uint16_t port_ = 0;
};

TEST_F(ApiServerTest, AnswersASubmissionWithReceiptsThatVerify) {
  node_.instant = true;
  const std::vector<TransactionPtr> all = {node_.chain().Submit(1), node_.chain().Submit(2)};
  const ProbeReply reply =
      Post(port_, "/v1/transactions", kProtobuf, SubmitBody(all, 5'000), kProtobuf);
  ASSERT_EQ(reply.status, 200);
  v1::SubmitReply message;
  ASSERT_TRUE(message.ParseFromString(reply.body));
  ASSERT_EQ(message.outcomes_size(), 2);
  for (int i = 0; i < 2; ++i) {
    const v1::TransactionOutcome& outcome = message.outcomes(i);
    EXPECT_EQ(outcome.id(), all[i]->id().view());
    EXPECT_EQ(outcome.state(), v1::TRANSACTION_STATE_COMMITTED);
    EXPECT_TRUE(CheckReceipt(outcome.receipt(), all[i]->id()).result.AnyAccepted());
  }
}

TEST_F(ApiServerTest, AnswersAJsonSubmissionOnceItCommits) {
  const auto transaction = node_.chain().Submit(1);
  std::thread committer([this] {
    while (node_.pending() == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    node_.CommitPending();
  });
  const ProbeReply reply =
      Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 8'000));
  committer.join();
  ASSERT_EQ(reply.status, 200) << reply.body;
  const json outcome = json::parse(reply.body)["outcomes"][0];
  EXPECT_EQ(outcome["state"], "committed");
  EXPECT_EQ(outcome["height"], 1);
  EXPECT_EQ(outcome["results"][0]["accepted"], true);
  CheckReceipt(Octets(outcome["receipt"]), transaction->id());
}

TEST_F(ApiServerTest, AnswersPendingWith202WithoutWaiting) {
  const auto transaction = node_.chain().Submit(1);
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 0));
  EXPECT_EQ(reply.status, 202);
  const json body = json::parse(reply.body);
  EXPECT_EQ(body["schema"], "beian.outcomes.v1");
  EXPECT_EQ(body["outcomes"][0]["state"], "pending");
  EXPECT_EQ(body["outcomes"][0]["id"], transaction->id().hex());
}

TEST_F(ApiServerTest, AnswersPendingAtTheDeadline) {
  const auto transaction = node_.chain().Submit(1);
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 50));
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(json::parse(reply.body)["outcomes"][0]["state"], "pending");
}

TEST_F(ApiServerTest, NeverAnswersARejectedTransactionOk) {
  const auto good = node_.chain().Submit(1);
  Bytes forged = node_.chain().Submit(2)->wire();
  forged.back() = static_cast<char>(forged.back() ^ 1);
  const auto bad = Transaction::Parse(node_.genesis().chain_id, forged);
  ASSERT_TRUE(bad.has_value());
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody({good, *bad}, 0));
  EXPECT_EQ(reply.status, 422);
  const json outcomes = json::parse(reply.body)["outcomes"];
  EXPECT_EQ(outcomes[0]["state"], "pending");
  EXPECT_EQ(outcomes[1]["state"], "rejected");
  EXPECT_EQ(outcomes[1]["error_id"], "transaction.bad_signature");
}

TEST_F(ApiServerTest, SaysWhenToRetryWhenThePoolIsFull) {
  std::vector<TransactionPtr> all;
  for (uint64_t salt = 1; salt <= 4; ++salt) {
    all.push_back(node_.chain().Submit(salt));
  }
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody(all, 0));
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.headers.at("retry-after"), "2");
  const json last = json::parse(reply.body)["outcomes"][3];
  EXPECT_EQ(last["error_id"], "mempool.full");
  EXPECT_EQ(last["retry_after_ms"], 1'500);
}

TEST_F(ApiServerTest, AnswersTheSameSubmissionAgainFromTheStore) {
  const auto transaction = node_.chain().Submit(1);
  node_.Commit({transaction});
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 0));
  EXPECT_EQ(reply.status, 200);
  CheckReceipt(Octets(json::parse(reply.body)["outcomes"][0]["receipt"]), transaction->id());
}

TEST_F(ApiServerTest, TellsWhatBecameOfATransaction) {
  const auto transaction = node_.chain().Submit(1);
  const std::string target = "/v1/transactions/" + transaction->id().hex();
  EXPECT_EQ(GetJson(target)["state"], "unknown");
  Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 0));
  EXPECT_EQ(GetJson(target)["state"], "pending");
  std::thread committer([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    node_.CommitPending();
  });
  const json waited = GetJson(target + "?wait_ms=8000");
  committer.join();
  EXPECT_EQ(waited["state"], "committed");
  CheckReceipt(Octets(waited["receipt"]), transaction->id());
  v1::TransactionOutcome outcome;
  ASSERT_TRUE(outcome.ParseFromString(Get(port_, target, kProtobuf).body));
  EXPECT_EQ(outcome.state(), v1::TRANSACTION_STATE_COMMITTED);
  CheckReceipt(outcome.receipt(), transaction->id());
}

TEST_F(ApiServerTest, ShowsTheResultsOfEachActionOfACommittedTransaction) {
  const FilingId filing = node_.CommitFiling(1);
  const auto transaction = node_.chain().Sign({ApproveAction(filing), TakeUpAction(filing)},
                                              node_.chain().fixture().office("11"));
  node_.Commit({transaction});
  const json results = GetJson("/v1/transactions/" + transaction->id().hex())["results"];
  EXPECT_EQ(results[0]["accepted"], false);
  EXPECT_EQ(results[0]["error_id"], "filing.not_authorised");
  EXPECT_FALSE(results[0]["remedy"].get<std::string>().empty());
  EXPECT_EQ(results[1]["accepted"], true);
}

TEST_F(ApiServerTest, ProvesAnIssuedCodeInBothForms) {
  const FilingId filing = node_.CommitFiling(1);
  const RegistrationCode code = node_.CommitApproval(filing);
  const std::string target = "/v1/codes/" + std::string(code.characters());
  const json body = GetJson(target);
  EXPECT_EQ(body["schema"], "beian.code.v1");
  EXPECT_EQ(body["filing"]["id"], filing.hex());
  EXPECT_EQ(body["filing"]["status"], "filed");
  EXPECT_EQ(body["height"], node_.chain().tip().height.value());
  EXPECT_TRUE(ShowsRecord(Octets(body["proof"]), CodeKey(code)));
  const ProbeReply reply = Get(port_, target, kProtobuf);
  EXPECT_EQ(reply.headers.at("content-type"), kProtobuf);
  EXPECT_TRUE(ShowsRecord(reply.body, CodeKey(code)));
}

TEST_F(ApiServerTest, AcceptsTheFullFormOfACodePercentEncoded) {
  const RegistrationCode code = node_.CommitApproval(node_.CommitFiling(1));
  std::string target = "/v1/codes/";
  for (const unsigned char c : code.Display()) {
    constexpr char kDigits[] = "0123456789abcdef";
    target += {'%', kDigits[c >> 4], kDigits[c & 15]};
  }
  EXPECT_EQ(GetJson(target)["code"], code.characters());
}

TEST_F(ApiServerTest, ProvesThatACodeWasNeverIssued) {
  node_.CommitFiling(1);
  const RegistrationCode code = RegistrationCode::Make("110105", 2019, 12345678, 1);
  const std::string target = "/v1/codes/" + std::string(code.characters());
  const json body = GetJson(target, 404);
  EXPECT_EQ(body["schema"], "beian.error.v1");
  EXPECT_EQ(body["id"], "code.not_registered");
  EXPECT_FALSE(ShowsRecord(Octets(body["proof"]), CodeKey(code)));
  const ProbeReply reply = Get(port_, target, kProtobuf);
  EXPECT_EQ(reply.status, 404);
  EXPECT_FALSE(ShowsRecord(reply.body, CodeKey(code)));
}

TEST_F(ApiServerTest, ShowsAFilingWithItsContentAndProof) {
  const FilingId filing = node_.CommitFiling(7);
  const json body = GetJson("/v1/filings/" + filing.hex());
  EXPECT_EQ(body["filing"]["status"], "not_reviewed");
  EXPECT_EQ(body["filing"]["public_status"], "未审核");
  EXPECT_EQ(body["filing"]["province"], "11");
  EXPECT_EQ(body["content"]["service"]["name"], "区块链服务7");
  EXPECT_EQ(body["content"]["subject"]["nature"], "SUBJECT_NATURE_ORGANISATION");
  EXPECT_TRUE(ShowsRecord(Octets(body["proof"]), FilingKey(filing)));
  const FilingId other = FilingId::FromBytes(Sha256("another").view());
  const json absent = GetJson("/v1/filings/" + other.hex(), 404);
  EXPECT_EQ(absent["id"], "filing.unknown");
  EXPECT_FALSE(ShowsRecord(Octets(absent["proof"]), FilingKey(other)));
}

TEST_F(ApiServerTest, ListsFilingsInPagesAndByFilter) {
  std::vector<std::string> newest_first;
  for (uint64_t salt = 1; salt <= 5; ++salt) {
    const bool beijing = salt % 2 == 1;
    newest_first.insert(newest_first.begin(),
                        node_.CommitFiling(salt, beijing ? "110105" : "440305").hex());
  }
  std::vector<std::string> seen;
  std::string target = "/v1/filings?count=2";
  for (json page = GetJson(target);; page = GetJson(target)) {
    EXPECT_LE(page["filings"].size(), 2u);
    for (const json& filing : page["filings"]) {
      seen.push_back(filing["id"]);
    }
    if (page["next"].is_null()) {
      break;
    }
    target = "/v1/filings?count=2&cursor=" + page["next"].get<std::string>();
  }
  EXPECT_EQ(seen, newest_first);
  EXPECT_EQ(GetJson("/v1/filings?province=44")["filings"].size(), 2u);
  EXPECT_EQ(GetJson("/v1/filings?province=44&status=filed")["filings"].size(), 0u);
  EXPECT_EQ(GetJson("/v1/filings?status=not_reviewed")["filings"].size(), 5u);
  const json one = GetJson("/v1/filings/" + newest_first[0])["filing"];
  EXPECT_EQ(GetJson("/v1/filings?owner=" + one["owner"].get<std::string>())["filings"].size(), 1u);
  EXPECT_EQ(GetJson("/v1/filings?subject=" + one["subject"].get<std::string>())["filings"].size(),
            1u);
}

TEST_F(ApiServerTest, ShowsSetsSubjectsAndKeysWithProofs) {
  const FilingId filing = node_.CommitFiling(1);
  const RegistrationCode code = node_.CommitApproval(filing);
  node_.CommitSet(1, {code});
  const json sets = GetJson("/v1/sets");
  ASSERT_EQ(sets["sets"].size(), 1u);
  EXPECT_EQ(sets["sets"][0]["published_on"], "2019-03-30");
  const json set = GetJson("/v1/sets/1");
  EXPECT_EQ(set["set"]["filings"], 1);
  EXPECT_TRUE(ShowsRecord(Octets(set["proof"]), SetKey(1)));
  EXPECT_FALSE(ShowsRecord(Octets(GetJson("/v1/sets/2", 404)["proof"]), SetKey(2)));
  EXPECT_EQ(GetJson("/v1/filings?set=1")["filings"][0]["id"], filing.hex());

  const FilingRecord record = node_.Record(filing);
  const json subject = GetJson("/v1/subjects/" + record.subject.hex());
  EXPECT_EQ(subject["subject"]["services"], 1);
  EXPECT_TRUE(ShowsRecord(Octets(subject["proof"]), SubjectKey(record.subject)));
  const json key = GetJson("/v1/keys/" + record.owner.hex());
  EXPECT_EQ(key["key"]["confirmed"], true);
  EXPECT_TRUE(ShowsRecord(Octets(key["proof"]), KeyRecordKey(record.owner)));
}

TEST_F(ApiServerTest, ShowsBlocksByHeightAndTheLatest) {
  node_.CommitFiling(1);
  const FilingId filing = node_.CommitFiling(2);
  const json block = GetJson("/v1/blocks/2");
  EXPECT_EQ(block["header"]["id"], node_.chain().tip().id().hex());
  EXPECT_EQ(GetJson("/v1/blocks/latest"), block);
  ASSERT_EQ(block["transactions"].size(), 1u);
  EXPECT_EQ(block["transactions"][0]["id"], node_.Record(filing).content_transaction.hex());
  EXPECT_EQ(block["transactions"][0]["log_index"], 1);
  const auto header = Header::Decode(Octets(block["header_octets"]));
  const auto proof = DecodeFinalityProof(Octets(block["finality_proof"]), 4);
  ASSERT_TRUE(header && proof);
  EXPECT_TRUE(VerifyFinality(*header, *proof, node_.genesis()).has_value());
  EXPECT_EQ(GetJson("/v1/blocks/3", 404)["id"], "block.unknown");
  EXPECT_EQ(GetJson("/v1/blocks/0", 404)["id"], "block.unknown");
}

TEST_F(ApiServerTest, ExportsBlocksThatAnAuditorReplays) {
  node_.CommitApproval(node_.CommitFiling(1));
  node_.CommitFiling(2);
  ChainWalk walk(node_.genesis(), AuditLevel::kL3);
  uint64_t first = 1;
  while (true) {
    const ProbeReply reply =
        Get(port_, "/v1/export?count=2&first=" + std::to_string(first), kProtobuf);
    v1::BlocksReply blocks;
    ASSERT_TRUE(blocks.ParseFromString(reply.body));
    EXPECT_EQ(blocks.tip(), 4u);
    for (const std::string& octets : blocks.blocks()) {
      const auto block = DecodeStoredBlock(octets);
      ASSERT_TRUE(block.has_value());
      const auto next = walk.Next(*block, false);
      ASSERT_TRUE(next.has_value()) << next.error().message;
      ++first;
    }
    if (blocks.blocks_size() == 0) {
      break;
    }
  }
  EXPECT_EQ(walk.tip(), node_.chain().tip());
  const ProbeReply reply = Get(port_, "/v1/export?first=4", kJson);
  EXPECT_EQ(json::parse(reply.body)["blocks"].size(), 1u);
}

TEST_F(ApiServerTest, ServesGenesisStatusAndItsDescription) {
  const ProbeReply genesis = Get(port_, "/v1/genesis");
  EXPECT_EQ(genesis.body, node_.genesis_file());
  EXPECT_EQ(Sha256(genesis.body).hex(), node_.genesis().chain_id.hex());
  const json status = GetJson("/v1/status");
  EXPECT_EQ(status["schema"], "beian.status.v1");
  EXPECT_EQ(status["state"], "ready");
  EXPECT_EQ(status["chain"]["id"], node_.genesis().chain_id.hex());
  EXPECT_EQ(status["validators"], 4);
  EXPECT_EQ(status["quorum"], 3);
  EXPECT_EQ(status["peers"][0]["name"], "validator-1");
  EXPECT_EQ(Get(port_, "/v1/openapi.yaml").body, OpenApiYaml());
}

TEST_F(ApiServerTest, HasNoProofBeforeTheFirstBlock) {
  const RegistrationCode code = RegistrationCode::Make("110105", 2019, 12345678, 1);
  const ProbeReply reply = Get(port_, "/v1/codes/" + std::string(code.characters()));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(json::parse(reply.body)["id"], "node.no_block");
  EXPECT_EQ(reply.headers.at("retry-after"), "1");
  v1::BlocksReply blocks;
  ASSERT_TRUE(blocks.ParseFromString(Get(port_, "/v1/export", kProtobuf).body));
  EXPECT_EQ(blocks.blocks_size(), 0);
}

}  // namespace
}  // namespace beian
