#include "tests/node/api/http_probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <sstream>

namespace beian {
namespace {

constexpr timeval kPatience = {10, 0};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

ProbeReply ParseHead(const std::string& head) {
  ProbeReply reply;
  std::istringstream lines(head);
  std::string line;
  std::getline(lines, line);
  reply.status = line.starts_with("HTTP/1.1 ") ? std::stoi(line.substr(9)) : -1;
  while (std::getline(lines, line) && line != "\r") {
    const size_t colon = line.find(": ");
    reply.headers[Lower(line.substr(0, colon))] = line.substr(colon + 2, line.size() - colon - 3);
  }
  return reply;
}

std::string Accept(const std::string& type) {
  return type.empty() ? "" : "Accept: " + type + "\r\n";
}

}  // namespace

Probe::Probe(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

Probe::~Probe() {
  if (socket_ >= 0) {
    ::close(socket_);
  }
}

bool Probe::Send(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    octets.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void Probe::EndSending() {
  ::shutdown(socket_, SHUT_WR);
}

ProbeReply Probe::Receive() {
  char buffer[65536];
  ProbeReply reply;
  size_t need = std::string::npos;
  while (rest_.size() < need) {
    const size_t end = rest_.find("\r\n\r\n");
    if (need == std::string::npos && end != std::string::npos) {
      reply = ParseHead(rest_.substr(0, end + 4));
      need = end + 4 + std::stoul(reply.headers["content-length"]);
      continue;
    }
    const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got <= 0) {
      return {};
    }
    rest_.append(buffer, static_cast<size_t>(got));
  }
  const size_t body = rest_.find("\r\n\r\n") + 4;
  reply.body = rest_.substr(body, need - body);
  rest_.erase(0, need);
  return reply;
}

std::string Probe::Take(size_t size) {
  std::string octets(size, '\0');
  size_t taken = 0;
  while (taken < size) {
    const ssize_t got = ::recv(socket_, octets.data() + taken, size - taken, 0);
    if (got <= 0) {
      break;
    }
    taken += static_cast<size_t>(got);
  }
  octets.resize(taken);
  return octets;
}

bool Probe::ClosedByServer() {
  char buffer[4096];
  ssize_t got = 0;
  while ((got = ::recv(socket_, buffer, sizeof buffer, 0)) > 0) {
  }
  return got == 0 || errno == ECONNRESET;
}

ProbeReply Get(uint16_t port, const std::string& target, const std::string& accept) {
  Probe probe(port);
  probe.Send("GET " + target + " HTTP/1.1\r\nHost: node\r\n" + Accept(accept) + "\r\n");
  return probe.Receive();
}

ProbeReply Post(uint16_t port, const std::string& target, const std::string& content_type,
                const std::string& body, const std::string& accept) {
  Probe probe(port);
  probe.Send("POST " + target + " HTTP/1.1\r\nHost: node\r\n" + Accept(accept) +
             (content_type.empty() ? "" : "Content-Type: " + content_type + "\r\n") +
             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  return probe.Receive();
}

}  // namespace beian
