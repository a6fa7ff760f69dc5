#include "tests/client/support/small_answers.h"

#include <nlohmann/json.hpp>
#include <string>

namespace beian::client {

nlohmann::json StatusAnswer() {
  return {{"schema", "beian.status.v1"},
          {"state", "ready"},
          {"version", "test"},
          {"uptime_ms", 1u},
          {"chain", {{"name", "test"}, {"id", "00"}}},
          {"view", 5u},
          {"leader", "cac"},
          {"final_height", 4u},
          {"committed_height", 4u},
          {"pending_transactions", 0u},
          {"peers", nlohmann::json::array({{{"name", "beijing"}, {"connected", true}}})},
          {"findings", nlohmann::json::array()}};
}

nlohmann::json FilingsAnswer(size_t filings) {
  nlohmann::json list = nlohmann::json::array();
  for (size_t i = 1; i <= filings; ++i) {
    list.push_back({{"id", std::string(64, static_cast<char>('0' + i))},
                    {"status", "not_reviewed"},
                    {"public_status", "未审核"},
                    {"stage", "province"},
                    {"division", "110105"},
                    {"province", "11"},
                    {"subject", std::string(64, 'a')},
                    {"subject_name", "北京链有限公司"},
                    {"service_name", "一项服务"},
                    {"owner", std::string(64, 'b')},
                    {"synthetic", false},
                    {"content_transaction", std::string(64, 'c')},
                    {"submitted", "2026-01-01T00:00:00.000Z"},
                    {"submitted_ms", 1u},
                    {"changed", "2026-01-01T00:00:00.000Z"},
                    {"changed_ms", 1u},
                    {"changed_height", 2u}});
  }
  return {{"schema", "beian.filings.v1"}, {"filings", std::move(list)}, {"next", nullptr}};
}

nlohmann::json SetsAnswer() {
  return {{"schema", "beian.sets.v1"},
          {"sets", nlohmann::json::array({{{"number", 1u},
                                           {"published_on", "2019-03-30"},
                                           {"filings", 197u},
                                           {"codes_digest", std::string(64, 'd')}}})},
          {"next", nullptr}};
}

}  // namespace beian::client
