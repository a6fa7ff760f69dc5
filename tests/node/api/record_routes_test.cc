#include "ledger/crypto/hash.h"
#include "tests/node/api/api_fixture.h"

namespace beian {
namespace {

using nlohmann::json;
using RecordRoutesTest = ApiFixture;

TEST_F(RecordRoutesTest, ProvesAnIssuedCodeInBothForms) {
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

TEST_F(RecordRoutesTest, AcceptsTheFullFormOfACodePercentEncoded) {
  const RegistrationCode code = node_.CommitApproval(node_.CommitFiling(1));
  std::string target = "/v1/codes/";
  for (const unsigned char c : code.Display()) {
    constexpr char kDigits[] = "0123456789abcdef";
    target += {'%', kDigits[c >> 4], kDigits[c & 15]};
  }
  EXPECT_EQ(GetJson(target)["code"], code.characters());
}

TEST_F(RecordRoutesTest, ProvesThatACodeWasNeverIssued) {
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

TEST_F(RecordRoutesTest, ShowsAFilingWithItsContentAndProof) {
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

TEST_F(RecordRoutesTest, ListsFilingsInPagesAndByFilter) {
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

TEST_F(RecordRoutesTest, ShowsSetsSubjectsAndKeysWithProofs) {
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

TEST_F(RecordRoutesTest, HasNoProofBeforeTheFirstBlock) {
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
