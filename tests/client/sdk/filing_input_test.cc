#include "client/sdk/filing_input.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ledger/crypto/hash.h"
#include "ledger/filing/lifecycle.h"
#include "tests/client/support/filing_fields.h"

namespace beian::client {
namespace {

TEST(BuildFiling, MakesAFilingThatTheLedgerTakes) {
  const auto built = BuildFiling(OrganisationFields());
  ASSERT_TRUE(built.has_value()) << built.error().path << built.error().message;
  EXPECT_EQ(CheckContent(built->filing), FilingReject::kAccepted);
  EXPECT_EQ(built->filing.service().name(), "一项服务");
  EXPECT_TRUE(built->filing.service().has_information_management());
}

TEST(BuildFiling, LeavesOnlyCommitmentsOfPersonalData) {
  const auto built = BuildFiling(OrganisationFields());
  const std::string octets = built->filing.SerializeAsString();
  for (const char* personal : {"张三", "110101199001011234", "13800000000"}) {
    EXPECT_EQ(octets.find(personal), std::string::npos) << personal;
  }
  ASSERT_EQ(built->disclosures.size(), 5u);
  for (const Disclosure& disclosure : built->disclosures) {
    EXPECT_EQ(disclosure.salt.size(), 16u);
    EXPECT_NE(octets.find(Bytes(Commit(disclosure).view())), std::string::npos) << disclosure.path;
  }
}

TEST(BuildFiling, CommitsAsTheFormatSays) {
  const Disclosure disclosure{"responsible.name", "张三", Bytes(16, 's')};
  const Bytes framed = Bytes("beian/personal/v1\0", 18) + Bytes(16, 's') + Bytes("\0\x10", 2) +
                       "responsible.name" + "张三";
  EXPECT_EQ(Commit(disclosure), Sha256(framed));
}

TEST(BuildFiling, TakesAFreshSaltEachTime) {
  const auto first = BuildFiling(OrganisationFields());
  const auto second = BuildFiling(OrganisationFields());
  EXPECT_NE(first->disclosures[0].salt, second->disclosures[0].salt);
  EXPECT_NE(first->filing.responsible().name(), second->filing.responsible().name());
}

TEST(BuildFiling, APersonsNameIsPersonalData) {
  FilingFields fields = OrganisationFields();
  fields["subject.nature"] = "person";
  fields["subject.name"] = "李四";
  fields["subject.document"] = "X1";
  fields.erase("subject.credit_code");
  fields["synthetic"] = "subject.name;service.name";
  const auto built = BuildFiling(fields);
  ASSERT_TRUE(built.has_value()) << built.error().path << built.error().message;
  EXPECT_EQ(built->filing.subject().name(), "");
  EXPECT_EQ(built->filing.subject().name_commitment().size(), 32u);
  ASSERT_EQ(built->filing.synthetic_size(), 2);
  EXPECT_EQ(built->filing.synthetic(1), "subject.name_commitment");
}

TEST(BuildFiling, SignsOneFormOfEveryText) {
  FilingFields fields = OrganisationFields();
  fields["service.name"] = "Cafe\xCC\x81";
  EXPECT_EQ(BuildFiling(fields)->filing.service().name(), "Caf\xC3\xA9");
}

TEST(BuildFiling, NamesTheFieldThatIsWrong) {
  const auto error_with = [](const std::string& path, const std::string& value) {
    FilingFields fields = OrganisationFields();
    fields[path] = value;
    const auto built = BuildFiling(fields);
    EXPECT_FALSE(built.has_value()) << path;
    return built ? FieldError{} : built.error();
  };
  EXPECT_EQ(error_with("subject.division", "990101").path, "subject.division");
  EXPECT_EQ(error_with("subject.credit_code", "91110105999900009G").id, "filing.bad_credit_code");
  EXPECT_EQ(error_with("service.name", "").path, "service.name");
  EXPECT_EQ(error_with("service.name", std::string(301, 'a')).path, "service.name");
  EXPECT_EQ(error_with("service.description", "a\x1b[0m").path, "service.description");
  EXPECT_EQ(error_with("service.site", "\xFF").path, "service.site");
  EXPECT_EQ(error_with("subject.nature", "company").path, "subject.nature");
  EXPECT_EQ(error_with("service.has_information_management", "maybe").path,
            "service.has_information_management");
  EXPECT_EQ(error_with("subject.document", "X1").path, "subject.document");
  EXPECT_EQ(error_with("synthetic", "service.colour").path, "synthetic");
  EXPECT_EQ(error_with("published_code", "11010519418374810018").path, "published_code");
}

TEST(CheckPaths, NamesTheNearestField) {
  EXPECT_TRUE(CheckPaths({"service.name", "synthetic"}).has_value());
  const auto error = CheckPaths({"service.nmae"});
  ASSERT_FALSE(error.has_value());
  EXPECT_EQ(error.error().id, "filing.unknown_field");
  EXPECT_EQ(error.error().remedy, "Did you mean `service.name`?");
}

TEST(DisclosureJson, HoldsWhatOpensTheCommitments) {
  const auto built = BuildFiling(OrganisationFields());
  const auto json = nlohmann::json::parse(DisclosureJson(TransactionId{}, 3, built->disclosures));
  EXPECT_EQ(json["schema"], "beian.disclosure.v1");
  EXPECT_EQ(json["action"], 3);
  const auto& field = json["fields"][0];
  const Disclosure read{field["path"], field["text"],
                        *FromBase64(field["salt"].get<std::string>())};
  EXPECT_EQ(Commit(read).view(), built->filing.responsible().name());
}

}  // namespace
}  // namespace beian::client
