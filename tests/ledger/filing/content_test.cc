#include <functional>

#include "ledger/filing/registration_code.h"
#include "tests/ledger/filing/lifecycle_world.h"

namespace beian {
namespace {

using enum FilingReject;

FilingReject After(const std::function<void(v1::Filing&)>& change) {
  v1::Filing filing = MakeFiling();
  change(filing);
  return CheckContent(filing);
}
FilingReject AfterInPerson(const std::function<void(v1::Filing&)>& change) {
  v1::Filing filing = MakePersonFiling();
  change(filing);
  return CheckContent(filing);
}

TEST(Content, OfAnOrganisationAndOfAPersonIsAccepted) {
  EXPECT_EQ(CheckContent(MakeFiling()), kAccepted);
  EXPECT_EQ(CheckContent(MakePersonFiling()), kAccepted);
}

TEST(Content, WithNothingInItNamesTheFirstField) {
  EXPECT_EQ(CheckContent(v1::Filing()), kBadDivision);
}

TEST(Content, NeedsAKnownDivision) {
  for (const char* division : {"", "11", "990101", "11010x", "1101055"}) {
    EXPECT_EQ(After([&](auto& f) { f.mutable_subject()->set_division(division); }), kBadDivision);
  }
}

TEST(Content, NeedsANature) {
  EXPECT_EQ(After([](auto& f) { f.mutable_subject()->clear_nature(); }), kBadSubject);
}

TEST(Content, OfAnOrganisationNeedsNameAndCreditCode) {
  EXPECT_EQ(After([](auto& f) { f.mutable_subject()->clear_name(); }), kBadText);
  EXPECT_EQ(After([](auto& f) { f.mutable_subject()->clear_credit_code(); }), kBadCreditCode);
  EXPECT_EQ(After([](auto& f) { f.mutable_subject()->set_credit_code("91110000802100433C"); }),
            kBadCreditCode);
  EXPECT_EQ(After([](auto& f) { f.mutable_subject()->set_credit_code("91110000802100433b"); }),
            kBadCreditCode);
}

TEST(Content, OfAnOrganisationHasNoFieldOfAPerson) {
  EXPECT_EQ(After([](auto& f) { f.mutable_subject()->set_name_commitment(Bytes(32, 'x')); }),
            kBadSubject);
  EXPECT_EQ(After([](auto& f) { f.mutable_subject()->set_document_commitment(Bytes(32, 'x')); }),
            kBadSubject);
}

TEST(Content, OfAPersonHasNoFieldOfAnOrganisation) {
  EXPECT_EQ(AfterInPerson([](auto& f) { f.mutable_subject()->set_name("张三"); }), kBadSubject);
  EXPECT_EQ(AfterInPerson([](auto& f) { f.mutable_subject()->set_credit_code(kCreditCode); }),
            kBadSubject);
  EXPECT_EQ(AfterInPerson([](auto& f) { f.mutable_subject()->set_postal_address("某街 1 号"); }),
            kBadSubject);
}

TEST(Content, OfAPersonNeedsBothCommitments) {
  for (const size_t length : {0, 31, 33}) {
    EXPECT_EQ(AfterInPerson(
                  [&](auto& f) { f.mutable_subject()->set_name_commitment(Bytes(length, 'x')); }),
              kBadCommitment);
    EXPECT_EQ(AfterInPerson([&](auto& f) {
                f.mutable_subject()->set_document_commitment(Bytes(length, 'x'));
              }),
              kBadCommitment);
  }
}

TEST(Content, NeedsEveryCommitmentOfTheResponsiblePerson) {
  for (const size_t length : {0, 31, 33}) {
    const Bytes bad(length, 'x');
    EXPECT_EQ(After([&](auto& f) { f.mutable_responsible()->set_name(bad); }), kBadCommitment);
    EXPECT_EQ(After([&](auto& f) { f.mutable_responsible()->set_document(bad); }), kBadCommitment);
    EXPECT_EQ(After([&](auto& f) { f.mutable_responsible()->set_office_phone(bad); }),
              kBadCommitment);
    EXPECT_EQ(After([&](auto& f) { f.mutable_responsible()->set_mobile_phone(bad); }),
              kBadCommitment);
    EXPECT_EQ(After([&](auto& f) { f.mutable_responsible()->set_email(bad); }), kBadCommitment);
  }
  EXPECT_EQ(After([](auto& f) { f.clear_responsible(); }), kBadCommitment);
}

struct TextField {
  const char* name;
  std::string* (*field)(v1::Filing&);
  bool needed;
  size_t bytes_max;
};

#define SUBJECT(x) #x, [](v1::Filing & f) { return f.mutable_subject()->mutable_##x(); }
#define SERVICE(x) #x, [](v1::Filing & f) { return f.mutable_service()->mutable_##x(); }
const TextField kTextFields[] = {
    {SUBJECT(name), true, kNameBytesMax},
    {SUBJECT(investor), false, kNameBytesMax},
    {SUBJECT(postal_address), false, kTextBytesMax},
    {SUBJECT(home_page), false, kTextBytesMax},
    {SERVICE(name), true, kNameBytesMax},
    {SERVICE(name_en), false, kNameBytesMax},
    {SERVICE(category), true, kNameBytesMax},
    {SERVICE(form), true, kNameBytesMax},
    {SERVICE(application_area), false, kNameBytesMax},
    {SERVICE(site), false, kTextBytesMax},
    {SERVICE(icp_number), false, kNameBytesMax},
    {SERVICE(server_address), false, kTextBytesMax},
    {SERVICE(description), false, kTextBytesMax},
    {SERVICE(main_chain), false, kNameBytesMax},
    {SERVICE(technology_provider), false, kNameBytesMax},
    {SERVICE(contract_address), false, kNameBytesMax},
    {"source", [](v1::Filing& f) { return f.mutable_source(); }, false, kTextBytesMax},
};
#undef SUBJECT
#undef SERVICE

TEST(Content, HoldsEveryTextToItsLength) {
  for (const TextField& text : kTextFields) {
    EXPECT_EQ(After([&](auto& f) { text.field(f)->assign(text.bytes_max, 'a'); }), kAccepted)
        << text.name;
    EXPECT_EQ(After([&](auto& f) { text.field(f)->assign(text.bytes_max + 1, 'a'); }), kBadText)
        << text.name;
  }
}

TEST(Content, MayLackOnlyTheTextsThatAreNotNeeded) {
  for (const TextField& text : kTextFields) {
    EXPECT_EQ(After([&](auto& f) { text.field(f)->clear(); }), text.needed ? kBadText : kAccepted)
        << text.name;
  }
}

TEST(Content, HasPlainTextOnly) {
  for (const TextField& text : kTextFields) {
    for (const char* bad : {"a\nb", "\xff", "a\u202e"}) {
      EXPECT_EQ(After([&](auto& f) { *text.field(f) = bad; }), kBadText) << text.name;
    }
  }
}

FilingReject WithSynthetic(std::initializer_list<const char*> paths) {
  return After([&](auto& f) {
    for (const char* path : paths) {
      f.add_synthetic(path);
    }
  });
}

TEST(Content, MarksInventedFieldsByAscendingPaths) {
  EXPECT_EQ(WithSynthetic({"responsible.name", "service.category", "subject.credit_code"}),
            kAccepted);
  EXPECT_EQ(WithSynthetic({"service.category", "responsible.name"}), kBadSynthetic);
  EXPECT_EQ(WithSynthetic({"service.category", "service.category"}), kBadSynthetic);
}

TEST(Content, MarksOnlyFieldsThatExist) {
  for (const char* path : {"", ".", "service", "service.", ".category", "service.colour",
                           "colour.name", "service.category.", "service..category", "source",
                           "published_code", "synthetic", "source.name", "Service.category"}) {
    EXPECT_EQ(WithSynthetic({path}), kBadSynthetic) << path;
  }
}

TEST(Content, CarriesAPublishedCodeInCanonicalFormOrNone) {
  EXPECT_EQ(After([](auto& f) { f.set_published_code("1101081963896882001X"); }), kAccepted);
  EXPECT_EQ(After([](auto& f) { f.set_published_code("1101081963896882001x"); }), kBadCode);
  EXPECT_EQ(After([](auto& f) { f.set_published_code("11010519418374810018"); }), kBadCode);
}

TEST(Content, NamesTheFirstRuleBrokenInFieldOrder) {
  v1::Filing filing = MakeFiling();
  filing.set_published_code("x");
  EXPECT_EQ(CheckContent(filing), kBadCode);
  filing.add_synthetic("x");
  EXPECT_EQ(CheckContent(filing), kBadSynthetic);
  filing.mutable_service()->clear_name();
  EXPECT_EQ(CheckContent(filing), kBadText);
  filing.mutable_responsible()->clear_email();
  EXPECT_EQ(CheckContent(filing), kBadCommitment);
  filing.mutable_subject()->clear_credit_code();
  EXPECT_EQ(CheckContent(filing), kBadCreditCode);
  filing.mutable_subject()->clear_nature();
  EXPECT_EQ(CheckContent(filing), kBadSubject);
  filing.mutable_subject()->clear_division();
  EXPECT_EQ(CheckContent(filing), kBadDivision);
}

TEST(Ids, OfFilingsAndSubjectsAreAsDocumented) {
  EXPECT_EQ(MakeFilingId(Filled<TransactionId>(5), 258).hex(),
            "a69306fe21515f64b9b0ee7e4e7fbad52f50045859a53fda77b67d06e78ccc59");
  EXPECT_EQ(SubjectIdOf(MakeFiling().subject(), Filled<KeyId>(6)).hex(),
            "497b0bc33a37d341391450a8dd4b2bdecb740043aadfa75e2368d63fa9c78ec2");
  EXPECT_EQ(SubjectIdOf(MakePersonFiling().subject(), Filled<KeyId>(6)).hex(),
            "f0ccf8c18dfc9cd29d85c249666a084b1955a97b3d3ac597f55170c9625fbbee");
}

}  // namespace
}  // namespace beian
