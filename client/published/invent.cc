#include "client/published/invent.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ledger/base/check.h"

namespace beian::client {
namespace {

constexpr uint32_t kOrganisationNumbers = 100'000'000;  // eight digits

/// GB 11714: the ninth character over eight digits.
char OrganisationCheckCharacter(std::string_view eight) {
  constexpr std::array<int, 8> kWeights = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += (eight[i] - '0') * kWeights[i];
  constexpr int kModulus = 11;
  const int value = kModulus - sum % kModulus;
  if (value == kModulus) return '0';
  return value == 10 ? 'X' : static_cast<char>('0' + value);
}

constexpr std::array<std::string_view, 6> kCategories = {
    "基础设施", "供应链金融", "溯源", "存证", "版权", "电子政务"};
constexpr std::array<std::string_view, 4> kForms = {"网站", "应用程序", "小程序", "接口"};
constexpr std::array<std::string_view, 5> kAreas = {"金融", "制造", "司法", "物流", "文化"};

}  // namespace

std::string InventCreditCode(std::string_view division, uint32_t number) {
  CHECK(number < kOrganisationNumbers);
  const std::string eight = fmt::format("{:08}", number);
  const char wrong = OrganisationCheckCharacter(eight) == '9' ? '8' : '9';
  // 9: registered as a business; 1: an enterprise.
  return MakeCreditCode(fmt::format("91{}{}{}", division, eight, wrong));
}

Inventor::Inventor(const PublishedData& data) : data_(data) {}

const Division& Inventor::NextDistrict(const Province& province) {
  const auto of_province = [&](const Division& division) {
    return division.gb2260.starts_with(province.gb2260);
  };
  const auto first = std::ranges::find_if(data_.districts, of_province);
  const auto end = std::find_if_not(first, data_.districts.end(), of_province);
  CHECK(first != end);  // LoadPublishedData has checked it
  const size_t turn = districts_given_[&province]++;
  return first[static_cast<ptrdiff_t>(turn) % (end - first)];
}

Inventor::Provider Inventor::NewProvider(std::string division) {
  return {InventCreditCode(division, ++providers_made_), division};
}

PlannedFiling Inventor::Complete(const PublishedFiling& published, const Province& province) {
  const auto [found, added] = providers_.try_emplace({published.provider, &province});
  Provider& provider = found->second;
  if (added) {
    provider = NewProvider(published.code ? std::string(published.code->division())
                                          : NextDistrict(province).gb2260);
  }
  std::set<std::string> invented = {"subject.credit_code"};
  PlannedFiling filing{.fields = {}, .province = &province};
  FilingFields& fields = filing.fields;
  fields["subject.name"] = published.provider;
  fields["subject.credit_code"] = provider.credit_code;
  fields["subject.division"] = published.code ? published.code->division() : provider.division;
  if (!published.code) invented.insert("subject.division");
  const bool has_name = !published.service_zh.empty() || !published.service_en.empty();
  if (!has_name) {
    fields["service.name"] = fmt::format("虚构服务{:04}", filings_made_ + 1);
    invented.insert("service.name");
  } else {
    fields["service.name"] =
        published.service_zh.empty() ? published.service_en : published.service_zh;
    fields["service.name_en"] = published.service_en;
  }
  fields["source"] = published.source;
  if (published.code) fields["published_code"] = published.code->characters();
  InventRest(filing, std::move(invented));
  return filing;
}

PlannedFiling Inventor::Invent(const Province& province) {
  const Provider provider = NewProvider(NextDistrict(province).gb2260);
  PlannedFiling filing{.fields = {}, .province = &province};
  FilingFields& fields = filing.fields;
  fields["subject.name"] = fmt::format("虚构机构{:04}（{}）", filings_made_ + 1, province.name_zh);
  fields["subject.credit_code"] = provider.credit_code;
  fields["subject.division"] = provider.division;
  fields["service.name"] = fmt::format("虚构服务{:04}", filings_made_ + 1);
  InventRest(filing, {"subject.name", "subject.credit_code", "subject.division", "subject.nature",
                      "service.name"});
  return filing;
}

void Inventor::InventRest(PlannedFiling& filing, std::set<std::string> invented) {
  const uint32_t number = ++filings_made_;
  FilingFields& fields = filing.fields;
  fields["subject.nature"] = "organisation";
  const std::map<std::string, std::string> made_up = {
      {"responsible.name", fmt::format("虚构联系人{:04}", number)},
      {"responsible.document", fmt::format("SYNTHETIC-{:04}", number)},
      {"responsible.office_phone", fmt::format("000-0000-{:04}", number)},
      {"responsible.mobile_phone", fmt::format("000-1000-{:04}", number)},
      {"responsible.email", fmt::format("contact{:04}@synthetic.invalid", number)},
      {"service.category", std::string(kCategories[number % kCategories.size()])},
      {"service.form", std::string(kForms[number % kForms.size()])},
      {"service.application_area", std::string(kAreas[number % kAreas.size()])},
      {"service.site", fmt::format("https://service{:04}.synthetic.invalid/", number)},
      {"service.description", fmt::format("为演示而虚构的区块链信息服务说明，编号{:04}。", number)},
      {"service.has_information_management", "true"}};
  for (const auto& [path, text] : made_up) {
    fields[path] = text;
    invented.insert(path);
  }
  std::string& marks = fields["synthetic"];
  for (const std::string& path : invented) marks += (marks.empty() ? "" : ";") + path;
}

}  // namespace beian::client
