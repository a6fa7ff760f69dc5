#include "client/sdk/disclosure.h"

#include <gtest/gtest.h>

#include "tests/client/support/filing_fields.h"

namespace beian::client {
namespace {

TEST(Disclosures, OpenTheCommitmentsOfTheirFiling) {
  const auto built = BuildFiling(OrganisationFields());
  ASSERT_TRUE(built.has_value());
  const auto commitments = CommitmentsOf(built->filing);
  EXPECT_EQ(commitments.size(), built->disclosures.size());
  for (const Disclosure& field : built->disclosures) {
    ASSERT_TRUE(commitments.contains(field.path)) << field.path;
    EXPECT_EQ(commitments.at(field.path), Commit(field).view());
  }
}

TEST(Disclosures, NameAPersonsFieldsAsTheFormDoes) {
  auto fields = OrganisationFields();
  fields["subject.nature"] = "person";
  fields["subject.document"] = "SYNTHETIC";
  fields.erase("subject.credit_code");
  const auto built = BuildFiling(fields);
  ASSERT_TRUE(built.has_value()) << built.error().message;
  const auto commitments = CommitmentsOf(built->filing);
  EXPECT_TRUE(commitments.contains("subject.name"));
  EXPECT_TRUE(commitments.contains("subject.document"));
}

TEST(Disclosures, AreReadAsTheyWereWritten) {
  const auto built = BuildFiling(OrganisationFields());
  const auto id = TransactionId::FromBytes(Bytes(TransactionId::kSize, 'x'));
  const auto all = ParseDisclosures(DisclosureJson(id, 3, built->disclosures), "f");
  ASSERT_TRUE(all.has_value()) << all.error().message;
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().transaction, id);
  EXPECT_EQ(all->front().action, 3);
  ASSERT_EQ(all->front().fields.size(), built->disclosures.size());
  EXPECT_EQ(all->front().fields[0].text, built->disclosures[0].text);
  EXPECT_EQ(all->front().fields[0].salt, built->disclosures[0].salt);
}

TEST(Disclosures, OfABulkRowThatWasRefusedOrSignedAnewAreAbandoned) {
  const auto line = [](const char* digest, const char* state, char transaction) {
    return "{\"row\":7,\"digest\":\"" + std::string(digest) + "\",\"state\":\"" + state +
           "\",\"transaction\":\"" + std::string(64, transaction) + "\",\"disclosures\":[]}\n";
  };
  const auto all = ParseDisclosures(
      "{\"schema\":\"beian.bulk-results.v1\"}\n" + line("x", "signed", 'a') +
          line("y", "signed", 'b') + line("z", "signed", 'c') + line("x", "signed", 'd') +
          line("x", "committed", 'd') + line("y", "rejected", 'b'),
      "f");
  ASSERT_TRUE(all.has_value()) << all.error().message;
  ASSERT_EQ(all->size(), 4u);
  EXPECT_TRUE(all->at(0).abandoned) << "signed anew";
  EXPECT_TRUE(all->at(1).abandoned) << "refused";
  EXPECT_FALSE(all->at(2).abandoned);
  EXPECT_FALSE(all->at(3).abandoned);
  EXPECT_EQ(all->at(3).row, 7u);
}

TEST(Disclosures, OfAFileOfWhichAPartCannotBeReadAreAnError) {
  const std::string heading = "{\"schema\":\"beian.bulk-results.v1\"}\n";
  const std::string start = "{\"row\":1,\"digest\":\"x\",\"transaction\":\"" +
                            std::string(64, 'a') + "\",\"disclosures\":";
  const auto field = [](const std::string& salt, const std::string& text) {
    return "[{\"path\":\"responsible.name\"," + text + ",\"salt\":\"" + salt + "\"}]";
  };
  const std::string salt = "AAAAAAAAAAAAAAAAAAAAAA==";
  const std::string good = start + field(salt, R"("text":"a")") + ",\"state\":\"signed\"}\n";
  ASSERT_TRUE(ParseDisclosures(heading + good, "f").has_value());
  EXPECT_TRUE(ParseDisclosures(heading + good + "{\"row\":2,\"sta", "f").has_value())
      << "its writer was killed";
  for (const std::string& bad :
       {std::string("{\"row\":2,\"sta\n"), std::string("7\n"),
        start + field(salt, R"("text":"a")") + ",\"state\":\"Signed\"}\n",
        start + field(salt, R"("text":"b","text":"a")") + ",\"state\":\"signed\"}\n",
        start + field("AAAA", R"("text":"a")") + ",\"state\":\"signed\"}\n"}) {
    EXPECT_FALSE(ParseDisclosures(heading + bad + good, "f").has_value()) << bad;
  }
}

TEST(Disclosures, OfAFileThatHoldsNoneAreAnError) {
  const std::string id(64, 'a');
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[]\n"), OrganisationJson(),
        "{\"schema\":\"beian.disclosure.v1\",\"transaction\":\"" + id + "\",\"fields\":[]}",
        std::string("{\"schema\":\"beian.disclosure.v1\",\"transaction\":\"x\",\"fields\":[]}"),
        "{\"schema\":\"beian.disclosure.v1\",\"transaction\":\"" + id + "\",\"fields\":[7]}",
        "{\"schema\":\"beian.disclosure.v1\",\"transaction\":\"" + id +
            "\",\"action\":70000,\"fields\":[]}"}) {
    const auto all = ParseDisclosures(text, "f");
    ASSERT_FALSE(all.has_value()) << text;
    EXPECT_EQ(all.error().id, "disclosure.bad_file");
    EXPECT_EQ(all.error().object, "f");
  }
}

}  // namespace
}  // namespace beian::client
