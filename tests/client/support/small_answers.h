#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

/// Whole answers of a node, for tests that take something away from them.
namespace beian::client {

nlohmann::json StatusAnswer();
/// A page of filings that nobody has reviewed, with ids 1…, 2…; the last page.
nlohmann::json FilingsAnswer(size_t filings);
nlohmann::json SetsAnswer();

}  // namespace beian::client
