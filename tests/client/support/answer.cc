#include "tests/client/support/answer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>

namespace beian::client {

using Json = nlohmann::ordered_json;

Answer Answer::Parse(std::string_view text) {
  auto value = std::make_shared<const Json>(Json::parse(text, nullptr, false));
  EXPECT_FALSE(value->is_discarded()) << "no JSON: " << text;
  return value->is_discarded() ? Answer() : Answer(std::move(value));
}

Answer Answer::operator[](std::string_view key) const {
  if (!value_ || !value_->is_object()) return {};
  const auto found = value_->find(std::string(key));
  return found == value_->end() ? Answer() : Answer(Value(value_, &*found));
}

Answer Answer::operator[](size_t index) const {
  if (!value_ || !value_->is_array() || index >= value_->size()) return {};
  return Answer(Value(value_, &(*value_)[index]));
}

size_t Answer::size() const {
  return value_ && value_->is_structured() ? value_->size() : 0;
}

Answer::operator std::string() const {
  const auto* text = value_ ? value_->get_ptr<const Json::string_t*>() : nullptr;
  EXPECT_NE(text, nullptr) << "no text: " << *this;
  return text == nullptr ? std::string() : *text;
}

bool Answer::operator==(const Answer& other) const {
  return value_ && other.value_ && *value_ == *other.value_;
}

bool Answer::operator==(std::string_view text) const {
  const auto* own = value_ ? value_->get_ptr<const Json::string_t*>() : nullptr;
  return own != nullptr && *own == text;
}

bool Answer::operator==(bool truth) const {
  return value_ && value_->is_boolean() && value_->get<bool>() == truth;
}

bool Answer::IsNumber(int64_t number) const {
  return value_ && value_->is_number_integer() && value_->get<int64_t>() == number;
}

std::ostream& operator<<(std::ostream& out, const Answer& answer) {
  if (!answer.value_) return out << "(nothing)";
  return out << answer.value_->dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace beian::client
