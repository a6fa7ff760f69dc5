#include <google/protobuf/descriptor.h>

#include <array>

#include "ledger/base/bytes.h"
#include "ledger/crypto/hash.h"
#include "ledger/filing/lifecycle.h"
#include "ledger/filing/province.h"
#include "ledger/filing/text.h"

namespace beian {
namespace {

using namespace std::string_view_literals;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

enum class Presence { kNeeded, kOptional };

struct TextRule {
  std::string_view text;
  Presence presence;
  size_t bytes_max;
};

bool IsGoodText(const TextRule& rule) {
  return !(rule.presence == Presence::kNeeded && rule.text.empty()) &&
         rule.text.size() <= rule.bytes_max && IsPlainText(rule.text);
}

FilingReject CheckTexts(std::initializer_list<TextRule> rules) {
  for (const TextRule& rule : rules) {
    if (!IsGoodText(rule)) {
      return FilingReject::kBadText;
    }
  }
  return FilingReject::kAccepted;
}

bool IsCommitment(std::string_view octets) {
  return octets.size() == Sha256Digest::kSize;
}

FilingReject CheckOrganisation(const v1::Subject& subject) {
  if (!IsGoodText({subject.name(), Presence::kNeeded, kNameBytesMax})) {
    return FilingReject::kBadText;
  }
  if (!IsCreditCode(subject.credit_code())) {
    return FilingReject::kBadCreditCode;
  }
  if (!subject.name_commitment().empty() || !subject.document_commitment().empty()) {
    return FilingReject::kBadSubject;
  }
  return FilingReject::kAccepted;
}

FilingReject CheckPerson(const v1::Subject& subject) {
  if (!subject.name().empty() || !subject.credit_code().empty() ||
      !subject.postal_address().empty()) {
    return FilingReject::kBadSubject;
  }
  if (!IsCommitment(subject.name_commitment()) || !IsCommitment(subject.document_commitment())) {
    return FilingReject::kBadCommitment;
  }
  return FilingReject::kAccepted;
}

FilingReject CheckSubject(const v1::Subject& subject) {
  if (!IsDivision(subject.division())) {
    return FilingReject::kBadDivision;
  }
  FilingReject reject = FilingReject::kBadSubject;
  if (subject.nature() == v1::SUBJECT_NATURE_ORGANISATION) {
    reject = CheckOrganisation(subject);
  } else if (subject.nature() == v1::SUBJECT_NATURE_PERSON) {
    reject = CheckPerson(subject);
  }
  if (reject != FilingReject::kAccepted) {
    return reject;
  }
  return CheckTexts({{subject.investor(), Presence::kOptional, kNameBytesMax},
                     {subject.postal_address(), Presence::kOptional, kTextBytesMax},
                     {subject.home_page(), Presence::kOptional, kTextBytesMax}});
}

FilingReject CheckResponsible(const v1::Responsible& responsible) {
  for (const std::string_view commitment :
       {std::string_view(responsible.name()), std::string_view(responsible.document()),
        std::string_view(responsible.office_phone()), std::string_view(responsible.mobile_phone()),
        std::string_view(responsible.email())}) {
    if (!IsCommitment(commitment)) {
      return FilingReject::kBadCommitment;
    }
  }
  return FilingReject::kAccepted;
}

FilingReject CheckService(const v1::Service& service) {
  return CheckTexts({{service.name(), Presence::kNeeded, kNameBytesMax},
                     {service.name_en(), Presence::kOptional, kNameBytesMax},
                     {service.category(), Presence::kNeeded, kNameBytesMax},
                     {service.form(), Presence::kNeeded, kNameBytesMax},
                     {service.application_area(), Presence::kOptional, kNameBytesMax},
                     {service.site(), Presence::kOptional, kTextBytesMax},
                     {service.icp_number(), Presence::kOptional, kNameBytesMax},
                     {service.server_address(), Presence::kOptional, kTextBytesMax},
                     {service.description(), Presence::kOptional, kTextBytesMax},
                     {service.main_chain(), Presence::kOptional, kNameBytesMax},
                     {service.technology_provider(), Presence::kOptional, kNameBytesMax},
                     {service.contract_address(), Presence::kOptional, kNameBytesMax}});
}

/// A path is a message of Filing, a dot and a field of that message. Fields of Filing itself are no
/// paths: they say where facts come from, and are not facts that could be invented.
bool IsFieldPath(const std::string& path) {
  const size_t dot = path.find('.');
  if (dot == std::string::npos) {
    return false;
  }
  const FieldDescriptor* part = v1::Filing::descriptor()->FindFieldByName(path.substr(0, dot));
  if (part == nullptr || part->type() != FieldDescriptor::TYPE_MESSAGE) {
    return false;
  }
  return part->message_type()->FindFieldByName(path.substr(dot + 1)) != nullptr;
}

/// That the paths ascend also bounds their number by the number of fields.
FilingReject CheckSynthetic(const v1::Filing& filing) {
  for (int i = 0; i < filing.synthetic_size(); ++i) {
    const bool ascends = i == 0 || filing.synthetic(i - 1) < filing.synthetic(i);
    if (!ascends || !IsFieldPath(filing.synthetic(i))) {
      return FilingReject::kBadSynthetic;
    }
  }
  return FilingReject::kAccepted;
}

FilingReject CheckOrigin(const v1::Filing& filing) {
  if (!filing.published_code().empty() &&
      !RegistrationCode::ParseCanonical(filing.published_code())) {
    return FilingReject::kBadCode;
  }
  return CheckTexts({{filing.source(), Presence::kOptional, kTextBytesMax}});
}

}  // namespace

FilingReject CheckContent(const v1::Filing& filing) {
  FilingReject reject = CheckSubject(filing.subject());
  if (reject == FilingReject::kAccepted) {
    reject = CheckResponsible(filing.responsible());
  }
  if (reject == FilingReject::kAccepted) {
    reject = CheckService(filing.service());
  }
  if (reject == FilingReject::kAccepted) {
    reject = CheckSynthetic(filing);
  }
  if (reject == FilingReject::kAccepted) {
    reject = CheckOrigin(filing);
  }
  return reject;
}

SubjectId SubjectIdOf(const v1::Subject& subject, const KeyId& signer) {
  const bool organisation = subject.nature() == v1::SUBJECT_NATURE_ORGANISATION;
  const char nature =
      static_cast<char>(organisation ? SubjectNature::kOrganisation : SubjectNature::kPerson);
  return DigestCast<SubjectId>(
      Sha256({"beian/subject/v1\0"sv, BytesView(&nature, 1),
              organisation ? BytesView(subject.credit_code()) : signer.view()}));
}

FilingId MakeFilingId(const TransactionId& transaction, uint16_t action) {
  ByteWriter writer;
  writer.U16(action);
  return DigestCast<FilingId>(Sha256({"beian/filing/v1\0"sv, transaction.view(), writer.bytes()}));
}

}  // namespace beian
