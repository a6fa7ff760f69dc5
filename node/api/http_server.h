#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace beian {

/// Bounds of one listener. What exceeds them is refused or closed, never queued without end.
struct HttpLimits {
  size_t connections_max = 512;       ///< open sockets; more wait in the kernel's backlog
  size_t body_bytes_max = 4'000'000;  ///< more: 413; more than twice that: connection closed
  /// Of requests and answers under way, on all connections. More: the one on which nothing came or
  /// went for longest is closed, or the next request is answered 503.
  size_t under_way_bytes_max = 64'000'000;
  uint32_t read_timeout_ms = 10'000;     ///< for a whole request, and idle between two of them
  uint32_t write_timeout_ms = 20'000;    ///< for a whole response
  uint32_t handler_timeout_ms = 70'000;  ///< longer than the longest wait_ms
};
inline constexpr size_t kUrlBytesMax = 4'096;  ///< more: 414
inline constexpr size_t kHeaderNameBytesMax = 256;
inline constexpr size_t kHeaderValueBytesMax = 8'192;
inline constexpr size_t kHeadersMax = 64;  ///< more, or longer than those: 431
/// More, or a line and headers beyond the parser's own 80 kB: connection closed.
inline constexpr size_t kHeadersReadMax = 256;

struct HttpRequest {
  enum class Method : uint8_t { kGet, kPost, kOther };
  Method method = Method::kOther;
  std::string path;   ///< as received, percent-encoded, without the query
  std::string query;  ///< after the first '?'
  std::string accept;
  std::string content_type;
  std::string body;  ///< of a POST
  std::string remote_address;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Answers one request. Called once, from any thread; later calls are ignored. It may outlive the
/// server: the answer is then dropped.
using HttpRespond = std::function<void(HttpResponse)>;
/// Called on one of the server's threads; must not block for long.
using HttpHandler = std::function<void(HttpRequest, HttpRespond)>;

/// Why a listener did not start: the operator's to mend.
struct ApiError {
  std::string id;       ///< "api.port_in_use", "api.bad_address", "api.port_forbidden"
  std::string message;  ///< names the address, the port and the process that holds it
  std::string remedy;
};

struct HttpConfig {
  std::string address = "127.0.0.1";  ///< an IP address, not a name
  uint16_t port = 0;                  ///< 0: any free port
  uint32_t threads = 1;               ///< that run the handler; one more does the I/O
  HttpLimits limits;
};

/// HTTP/1.1 on threads of its own. The only user of RESTinio. Start and Stop from one thread.
class HttpServer {
 public:
  HttpServer(HttpConfig config, HttpHandler handler);
  ~HttpServer();  ///< stops
  std::expected<void, ApiError> Start();
  uint16_t port() const;  ///< the bound one, after Start
  /// Closes every connection and joins the threads; the handler is not called any more.
  void Stop();
  /// Runs `task` on one of the handler's threads; drops it after Stop. Any thread.
  void Run(std::function<void()> task);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace beian
