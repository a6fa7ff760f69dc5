#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "client/sdk/error.h"
#include "ledger/base/bytes.h"

namespace beian::client {

struct HttpReply {
  int status = 0;
  std::string content_type;
  Bytes body;
};

inline constexpr size_t kReplyBytesMax = 64 << 20;
inline constexpr uint64_t kConnectTimeoutMs = 3'000;

/// One connection that stays open between requests to the same node. Not for two threads at once.
/// Goes straight to the node: no proxy, no redirect, no other scheme than http and https.
class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  /// From now on a request ends within about a second once this says so. Any thread may ask it.
  void StopWhen(bool (*stop)());

  /// Any status is a reply. Errors: "node.unreachable", "node.timeout", "node.reply_too_large",
  /// "client.interrupted".
  std::expected<HttpReply, ClientError> Get(const std::string& url, std::string_view accept,
                                            uint64_t timeout_ms);
  std::expected<HttpReply, ClientError> Post(const std::string& url, BytesView body,
                                             std::string_view content_type, std::string_view accept,
                                             uint64_t timeout_ms);
  /// True when some of the last request left this machine.
  bool sent() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beian::client
