#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace beian::client {

/// A JSON text that a command printed, to be read: what is not there is a value like another, equal
/// to nothing, so that a test of it fails and says so.
class Answer {
 public:
  Answer() = default;  ///< nothing
  static Answer Parse(std::string_view text);

  Answer operator[](std::string_view key) const;
  Answer operator[](size_t index) const;
  Answer operator[](int index) const { return (*this)[static_cast<size_t>(index)]; }
  /// Elements of a list, members of an object; of all others 0.
  size_t size() const;
  /// Of anything but a text: a failure of the test, and "".
  operator std::string() const;

  bool operator==(const Answer& other) const;
  bool operator==(std::string_view text) const;
  bool operator==(const char* text) const { return *this == std::string_view(text); }
  bool operator==(const std::string& text) const { return *this == std::string_view(text); }
  bool operator==(std::integral auto number) const {
    return IsNumber(static_cast<int64_t>(number));
  }
  bool operator==(bool truth) const;
  friend std::ostream& operator<<(std::ostream& out, const Answer& answer);

 private:
  using Value = std::shared_ptr<const nlohmann::ordered_json>;
  explicit Answer(Value value) : value_(std::move(value)) {}
  bool IsNumber(int64_t number) const;

  Value value_;  ///< null: nothing
};

}  // namespace beian::client
