#include "tests/client/support/http_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>

#include "ledger/base/check.h"

namespace beian::client {
namespace {

constexpr int kBacklog = 16;

bool Fill(int connection, std::string& buffer) {
  char chunk[16 << 10];
  const ssize_t count = ::recv(connection, chunk, sizeof(chunk), 0);
  if (count > 0) buffer.append(chunk, static_cast<size_t>(count));
  return count > 0;
}

bool Read(int connection, std::string& buffer, TestRequest& request) {
  size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill(connection, buffer)) return false;
  }
  std::string head = buffer.substr(0, end);
  buffer.erase(0, end + 4);
  request.method = head.substr(0, head.find(' '));
  head.erase(0, head.find(' ') + 1);
  request.target = head.substr(0, head.find(' '));
  for (char& c : head) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  request.headers = head;
  const size_t at = head.find("content-length: ");
  const size_t length = at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
  while (buffer.size() < length) {
    if (!Fill(connection, buffer)) return false;
  }
  request.body = buffer.substr(0, length);
  buffer.erase(0, length);
  return true;
}

/// Binds the socket to a free loopback port, which it returns, and listens.
uint16_t ListenOn(int listener) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  CHECK(::bind(listener, reinterpret_cast<sockaddr*>(&address), length) == 0);
  CHECK(::listen(listener, kBacklog) == 0);
  CHECK(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  return ntohs(address.sin_port);
}

}  // namespace

SilentListener::SilentListener() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  port_ = ListenOn(listener_);
}

SilentListener::~SilentListener() {
  ::close(listener_);
}

HttpListener::HttpListener(std::function<TestReply(const TestRequest&)> handler)
    : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  port_ = ListenOn(listener_);
  accepter_ = std::thread([this] { Accept(); });
}

HttpListener::~HttpListener() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  accepter_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int connection : connections_) ::shutdown(connection, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  for (const int connection : connections_) ::close(connection);
}

void HttpListener::Accept() {
  while (!stopping_) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    ++accepted_;
    const std::lock_guard lock(mutex_);
    connections_.push_back(connection);
    threads_.emplace_back([this, connection] { Serve(connection); });
  }
}

void HttpListener::Serve(int connection) {
  std::string buffer;
  TestRequest request;
  while (Read(connection, buffer, request)) {
    TestReply reply;
    {
      const std::lock_guard lock(handling_);
      reply = handler_(request);
    }
    if (reply.hang_up) break;
    const std::string text =
        "HTTP/1.1 " + std::to_string(reply.status) + " X\r\nContent-Type: " + reply.content_type +
        "\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body;
    if (::send(connection, text.data(), text.size(), MSG_NOSIGNAL) < 0) break;
  }
  ::shutdown(connection, SHUT_RDWR);
}

}  // namespace beian::client
