#include "node/api/route.h"

#include <algorithm>
#include <charconv>

#include "node/api/response.h"

namespace beian::api {
namespace {

constexpr size_t kShownBytesMax = 120;  ///< of untrusted text in an error reply

std::string Shown(std::string_view text) {
  return text.size() <= kShownBytesMax ? std::string(text)
                                       : std::string(text.substr(0, kShownBytesMax)) + "...";
}

/// Media types are told apart without their case: RFC 9110, 8.3.1.
std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

/// The next piece of `rest` up to `separator`, which is taken away too.
std::string_view TakePiece(std::string_view& rest, char separator) {
  const size_t end = rest.find(separator);
  const std::string_view piece = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return piece;
}

std::vector<std::string_view> Segments(std::string_view path) {
  std::vector<std::string_view> segments;
  if (!path.starts_with('/')) {
    return segments;
  }
  path.remove_prefix(1);
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

std::string Joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text.empty() ? "none" : text;
}

}  // namespace

HttpResponse ErrorResponse(const Failure& failure) {
  Json body = {{"id", failure.id}, {"message", failure.message}};
  if (!failure.object.empty()) {
    body["object"] = Shown(failure.object);
  }
  body["remedy"] = failure.remedy;
  if (failure.retry_after_ms != 0) {
    body["retry_after_ms"] = failure.retry_after_ms;
  }
  if (!failure.proof.empty()) {
    body["proof"] = ToBase64(failure.proof);
  }
  HttpResponse response = JsonResponse("error", body, failure.status);
  if (failure.retry_after_ms != 0) {
    const uint64_t seconds = (failure.retry_after_ms + 999) / 1000;
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
  }
  return response;
}

bool RouteRequest::WantsProtobuf() const {
  return Lower(http.accept).find(kProtobufType) != std::string::npos;
}

bool RouteRequest::WantsJson() const {
  return Lower(http.accept).find(kJsonType) != std::string::npos;
}

std::string MediaType(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  const size_t end = content_type.find_last_not_of(" \t");
  return Lower(content_type.substr(0, end + 1));
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return std::nullopt;
      }
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') {
      return std::nullopt;
    }
    decoded += c;
  }
  return decoded;
}

std::optional<std::vector<std::string_view>> MatchPath(std::string_view pattern,
                                                       std::string_view path) {
  const auto wanted = Segments(pattern);
  const auto given = Segments(path);
  if (wanted.size() != given.size()) {
    return std::nullopt;
  }
  std::vector<std::string_view> arguments;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      arguments.push_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return arguments;
}

std::expected<std::map<std::string, std::string>, Failure> ParseQuery(
    std::string_view query, const std::vector<std::string_view>& allowed) {
  std::map<std::string, std::string> values;
  while (!query.empty()) {
    std::string_view pair = TakePiece(query, '&');
    const std::string_view name = TakePiece(pair, '=');
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      return std::unexpected(Failure{400, "request.unknown_parameter",
                                     "the query has a parameter that this route does not know",
                                     std::string(name), "parameters: " + Joined(allowed)});
    }
    const auto value = PercentDecode(pair);
    if (!value || !values.emplace(name, *value).second) {
      return std::unexpected(Failure{400, "request.bad_parameter",
                                     "a parameter stands twice or has a broken % escape",
                                     std::string(name), "give it once, percent-encoded"});
    }
  }
  return values;
}

std::expected<uint64_t, Failure> ParseNumber(std::string_view name, std::string_view text,
                                             NumberRange range) {
  uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool canonical = text.size() == 1 || !text.starts_with('0');
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      !canonical || value < range.min || value > range.max) {
    return std::unexpected(Failure{400, "request.bad_number",
                                   std::string(name) + " is not a decimal number from " +
                                       std::to_string(range.min) + " to " +
                                       std::to_string(range.max),
                                   std::string(text), "give a number in that range"});
  }
  return value;
}

std::expected<uint64_t, Failure> QueryNumber(const RouteRequest& request, const std::string& name,
                                             uint64_t otherwise, NumberRange range) {
  const auto it = request.query.find(name);
  return it == request.query.end() ? std::expected<uint64_t, Failure>(otherwise)
                                   : ParseNumber(name, it->second, range);
}

std::expected<Bytes, Failure> ParseDigest(std::string_view name, std::string_view hex) {
  const auto octets = FromHex(hex);
  if (!octets || octets->size() != Sha256Digest::kSize) {
    return std::unexpected(Failure{400, "request.bad_id",
                                   std::string(name) + " is not 64 hexadecimal digits",
                                   std::string(hex), "give the whole id"});
  }
  return *octets;
}

}  // namespace beian::api
