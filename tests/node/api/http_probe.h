#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace beian {

/// What came back on a connection.
struct ProbeReply {
  int status = 0;                              ///< 0: the connection was closed without an answer
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// A blocking connection to a port of this machine; every wait ends after ten seconds.
class Probe {
 public:
  explicit Probe(uint16_t port);
  ~Probe();
  Probe(Probe&& other) noexcept : socket_(other.socket_) { other.socket_ = -1; }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  bool connected() const { return socket_ >= 0; }
  bool Send(std::string_view octets);  ///< false when the other side has closed
  void EndSending();                   ///< closes this side only: an answer may still come
  ProbeReply Receive();                ///< one whole reply
  std::string Take(size_t size);       ///< that many octets as they come, less at the end
  bool ClosedByServer();               ///< waits for the end

 private:
  int socket_ = -1;
  std::string rest_;
};

ProbeReply Get(uint16_t port, const std::string& target, const std::string& accept = "");
ProbeReply Post(uint16_t port, const std::string& target, const std::string& content_type,
                const std::string& body, const std::string& accept = "");

}  // namespace beian
