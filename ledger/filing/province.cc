#include "ledger/filing/province.h"

#include <algorithm>
#include <array>

namespace beian {
namespace {

constexpr std::array<Province, 31> kProvinces = {{
    {"11", "京", "Beijing", "北京市"},
    {"12", "津", "Tianjin", "天津市"},
    {"13", "冀", "Hebei", "河北省"},
    {"14", "晋", "Shanxi", "山西省"},
    {"15", "蒙", "Inner Mongolia", "内蒙古自治区"},
    {"21", "辽", "Liaoning", "辽宁省"},
    {"22", "吉", "Jilin", "吉林省"},
    {"23", "黑", "Heilongjiang", "黑龙江省"},
    {"31", "沪", "Shanghai", "上海市"},
    {"32", "苏", "Jiangsu", "江苏省"},
    {"33", "浙", "Zhejiang", "浙江省"},
    {"34", "皖", "Anhui", "安徽省"},
    {"35", "闽", "Fujian", "福建省"},
    {"36", "赣", "Jiangxi", "江西省"},
    {"37", "鲁", "Shandong", "山东省"},
    {"41", "豫", "Henan", "河南省"},
    {"42", "鄂", "Hubei", "湖北省"},
    {"43", "湘", "Hunan", "湖南省"},
    {"44", "粤", "Guangdong", "广东省"},
    {"45", "桂", "Guangxi", "广西壮族自治区"},
    {"46", "琼", "Hainan", "海南省"},
    {"50", "渝", "Chongqing", "重庆市"},
    {"51", "川", "Sichuan", "四川省"},
    {"52", "黔", "Guizhou", "贵州省"},
    {"53", "滇", "Yunnan", "云南省"},
    {"54", "藏", "Tibet (Xizang)", "西藏自治区"},
    {"61", "陕", "Shaanxi", "陕西省"},
    {"62", "甘", "Gansu", "甘肃省"},
    {"63", "青", "Qinghai", "青海省"},
    {"64", "宁", "Ningxia", "宁夏回族自治区"},
    {"65", "新", "Xinjiang", "新疆维吾尔自治区"},
}};
static_assert(std::ranges::is_sorted(kProvinces, {}, &Province::gb2260));

constexpr size_t kDivisionDigits = 6;
constexpr size_t kProvinceDigits = 2;

}  // namespace

std::span<const Province> Provinces() {
  return kProvinces;
}

const Province* FindProvince(std::string_view division) {
  const std::string_view digits = division.substr(0, kProvinceDigits);
  const auto found = std::ranges::find(kProvinces, digits, &Province::gb2260);
  return found == kProvinces.end() ? nullptr : &*found;
}

const Province* FindProvinceByAbbreviation(std::string_view abbreviation) {
  const auto found = std::ranges::find(kProvinces, abbreviation, &Province::abbreviation);
  return found == kProvinces.end() ? nullptr : &*found;
}

bool IsDivision(std::string_view text) {
  return text.size() == kDivisionDigits &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
         FindProvince(text) != nullptr;
}

}  // namespace beian
