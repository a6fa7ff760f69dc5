#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace beian::client {

struct TestRequest {
  std::string method;
  std::string target;   ///< path with query
  std::string headers;  ///< lower case
  std::string body;
};
struct TestReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  bool hang_up = false;  ///< close without an answer
};

/// An HTTP/1.1 server on a free loopback port, each connection on a thread of its own; the handler
/// is called by one of them at a time.
class HttpListener {
 public:
  explicit HttpListener(std::function<TestReply(const TestRequest&)> handler);
  ~HttpListener();
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;

  uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  size_t accepted() const { return accepted_; }

 private:
  void Accept();
  void Serve(int connection);

  std::function<TestReply(const TestRequest&)> handler_;
  const int listener_;
  uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<size_t> accepted_ = 0;
  std::thread accepter_;
  std::mutex handling_;
  std::mutex mutex_;
  std::vector<int> connections_;      ///< guarded by mutex_; closed at the end
  std::vector<std::thread> threads_;  ///< guarded by mutex_
};

/// A port that takes connections and never says anything.
class SilentListener {
 public:
  SilentListener();
  ~SilentListener();
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  const int listener_;
  uint16_t port_ = 0;
};

}  // namespace beian::client
