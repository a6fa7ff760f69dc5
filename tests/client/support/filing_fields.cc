#include "tests/client/support/filing_fields.h"

#include "ledger/filing/registration_code.h"

namespace beian::client {

std::map<std::string, std::string> OrganisationFields(uint32_t number) {
  const std::string digits = std::to_string(100'000'000 + number);
  return {{"subject.division", "110105"},
          {"subject.nature", "organisation"},
          {"subject.name", "一家公司"},
          {"subject.credit_code", MakeCreditCode("91110105" + digits)},
          {"responsible.name", "张三"},
          {"responsible.document", "110101199001011234"},
          {"responsible.mobile_phone", "13800000000"},
          {"service.name", "一项服务"},
          {"service.category", "存证"},
          {"service.form", "网站"},
          {"service.has_information_management", "true"}};
}

std::string OrganisationJson(uint32_t number) {
  return FieldsJson(OrganisationFields(number));
}

std::string FieldsJson(const std::map<std::string, std::string>& fields) {
  std::string text = "{";
  for (const auto& [path, value] : fields) {
    text += (text == "{" ? "\"" : ", \"") + path + "\": \"" + value + "\"";
  }
  return text + "}";
}

}  // namespace beian::client
