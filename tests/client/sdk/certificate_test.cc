#include "client/sdk/certificate.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/client/support/folder.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

/// A filing that went all the way to its code, and its certificate.
class Certificates : public testing::Test {
 protected:
  Certificates() {
    const TransactionPtr submit =
        MakeSubmit(ledger_.genesis(), MakeClientKey(1), ledger_.tip().time + 60'000, 1);
    ledger_.Extend({submit});
    const FilingId filing = MakeFilingId(submit->id(), 0);
    Act(TakeUpAction(filing), ledger_.fixture().office("11"));
    Act(ForwardAction(filing), ledger_.fixture().office("11"));
    const auto results = Act(ApproveAction(filing), ledger_.fixture().cac);
    code_ = results[0].actions[0].code;
    const RecordProof proof = ledger_.ProofOf(CodeKey(*code_));
    text_ = FormatCertificate(*code_, {proof.record, proof, EncodeRecordProof(proof, 4), "node"},
                              ledger_.genesis());
  }
  std::vector<TransactionResult> Act(v1::Action action, const PrivateKey& key) {
    auto body = MakeBody(ledger_.tip().time + 60'000, ++salt_, {std::move(action)});
    return ledger_.Extend({Transaction::Sign(ledger_.genesis().chain_id, std::move(body), key)});
  }
  std::string ErrorOf(std::string_view text) const {
    const auto certificate = VerifyCertificateFile(text, "file", ledger_.genesis());
    if (certificate) return "";
    const bool certificate_at_all = certificate.error().id != "certificate.other_file";
    EXPECT_EQ(certificate.error().exit, certificate_at_all ? Exit::kInvalid : Exit::kUsage);
    return certificate.error().id;
  }
  int RunPython(const std::string& text) const {
    const Folder folder;
    const std::string command =
        std::string("python3 -B " BEIAN_SOURCE_DIR "/tests/vectors/verify_certificate.py ") +
        folder.Write("genesis.toml", ledger_.fixture().text) + " " + folder.Write("c.json", text) +
        " >/dev/null";
    return WEXITSTATUS(std::system(command.c_str()));
  }

  SmallLedger ledger_;
  uint64_t salt_ = 100;
  std::optional<RegistrationCode> code_;
  std::string text_;
};

TEST_F(Certificates, AreVerifiedWithTheGenesisFileAlone) {
  const auto certificate = VerifyCertificateFile(text_, "file", ledger_.genesis());
  ASSERT_TRUE(certificate.has_value()) << certificate.error().message;
  EXPECT_EQ(certificate->code, *code_);
  EXPECT_EQ(certificate->record.status, FilingStatus::kFiled);
  EXPECT_EQ(certificate->proof.header, ledger_.tip());
}

TEST_F(Certificates, AreVerifiedByAnIndependentProgramToo) {
  EXPECT_EQ(RunPython(text_), 0);
  for (const char* part : {"record", "map_proof", "header", "finality_proof"}) {
    nlohmann::json json = nlohmann::json::parse(text_);
    Bytes octets = *FromBase64(json["proof"][part].get<std::string>());
    octets[octets.size() / 2] ^= 4;
    json["proof"][part] = ToBase64(octets);
    EXPECT_EQ(RunPython(json.dump()), 10) << part;
    EXPECT_NE(ErrorOf(json.dump()), "") << part;
  }
}

TEST_F(Certificates, NoOctetOfTheProofCanBeChangedUnnoticed) {
  const nlohmann::json good = nlohmann::json::parse(text_);
  for (const char* part : {"record", "map_proof", "header", "finality_proof"}) {
    const Bytes octets = *FromBase64(good["proof"][part].get<std::string>());
    for (size_t i = 0; i < octets.size(); ++i) {
      nlohmann::json json = good;
      Bytes changed = octets;
      changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
      json["proof"][part] = ToBase64(changed);
      EXPECT_NE(ErrorOf(json.dump()), "") << part << " octet " << i;
    }
  }
}

TEST_F(Certificates, WhatIsShownForReadingMustBeWhatTheOctetsSay) {
  nlohmann::json json = nlohmann::json::parse(text_);
  json["record"]["service_name"] = "Another service";
  EXPECT_EQ(ErrorOf(json.dump()), "certificate.readable_part_differs");
  json = nlohmann::json::parse(text_);
  json["as_of"]["time"] = "2099-01-01T00:00:00.000Z";
  EXPECT_EQ(ErrorOf(json.dump()), "certificate.readable_part_differs");
  json = nlohmann::json::parse(text_);
  json["advice"] = "trust me";
  EXPECT_EQ(ErrorOf(json.dump()), "certificate.readable_part_differs");
}

TEST_F(Certificates, NoMemberStandsTwice) {
  for (const std::string member : {"\"code\"", "\"service_name\"", "\"status\""}) {
    std::string twice = text_;
    twice.insert(twice.find(member), member + ": \"forged\", ");
    EXPECT_EQ(ErrorOf(twice), "certificate.malformed") << member;
  }
}

TEST_F(Certificates, TheOrderOfMembersDoesNotMatter) {
  EXPECT_EQ(ErrorOf(nlohmann::json::parse(text_).dump()), "");
}

TEST_F(Certificates, OfAnotherCodeOrChainAreRefused) {
  nlohmann::json json = nlohmann::json::parse(text_);
  json["code"] = "11010519864491550014";
  EXPECT_EQ(ErrorOf(json.dump()), "verify.bad_map_path");
  const SmallLedger other(7);
  EXPECT_EQ(VerifyCertificateFile(text_, "f", other.genesis()).error().id,
            "certificate.wrong_chain");
}

TEST_F(Certificates, WhatCallsItselfNoCertificateIsAnotherFile) {
  for (const char* text : {"", "{}", "[1]", "{\"schema\": 3, \"proof\": {}}"}) {
    EXPECT_EQ(ErrorOf(text), "certificate.other_file") << text;
  }
  EXPECT_EQ(ErrorOf(std::string(kCertificateBytesMax + 1, ' ')), "certificate.other_file");
}

TEST_F(Certificates, WhatCallsItselfOneAndLacksAPartIsMalformed) {
  EXPECT_EQ(ErrorOf("{\"schema\": \"beian.certificate.v1\"}"), "certificate.malformed");
}

}  // namespace
}  // namespace beian::client
