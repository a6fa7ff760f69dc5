#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <thread>

#include "node/api/http_server.h"
#include "tests/node/api/http_probe.h"

// Clients that take what they can get: descriptors, memory, places.
namespace beian {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr std::string_view kHold = "GET /hold HTTP/1.1\r\nHost: n\r\n\r\n";
constexpr auto kSoon = std::chrono::seconds(5);

size_t OpenDescriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

/// Whether `reached` becomes true in time.
template <class Condition>
bool Soon(Condition reached) {
  const auto deadline = std::chrono::steady_clock::now() + kSoon;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  return true;
}

/// Answers all but /hold, which waits as a long poll does.
class Poller {
 public:
  HttpHandler handler() {
    return [this](const HttpRequest& request, HttpRespond respond) {
      if (request.path != "/hold") {
        respond(HttpResponse{});
        return;
      }
      const std::lock_guard lock(mutex_);
      held_.push_back(std::move(respond));
    };
  }
  size_t held() {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }
  void AnswerAll() {
    const std::lock_guard lock(mutex_);
    for (const HttpRespond& respond : held_) {
      respond(HttpResponse{});
    }
    held_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<HttpRespond> held_;
};

constexpr size_t kPlaces = 16;

HttpConfig WithPlaces(size_t places) {
  HttpConfig config;
  config.limits.connections_max = places;
  return config;
}

TEST(HttpHostile, HoldsNoMoreDescriptorsThanItsBoundUnderPipelining) {
  Poller poller;
  HttpServer server(WithPlaces(kPlaces), poller.handler());
  ASSERT_TRUE(server.Start().has_value());
  const size_t before = OpenDescriptors();
  std::string pipeline;
  for (int i = 0; i < 300; ++i) {
    pipeline += "GET /now HTTP/1.1\r\nHost: n\r\n\r\n";
  }
  std::vector<Probe> clients;
  size_t most = 0;
  for (int i = 0; i < 300; ++i) {
    clients.emplace_back(server.port());
    ASSERT_TRUE(clients.back().connected());
    clients.back().Send(i % 2 == 0 ? std::string(kHold) + std::string(kHold)
                                   : pipeline + std::string(kHold));
    const size_t open = OpenDescriptors();
    most = std::max(most, open - std::min(open, before + clients.size()));
  }
  EXPECT_LE(most, kPlaces);
  clients.clear();
  poller.AnswerAll();
  EXPECT_TRUE(Soon([&] {
    poller.AnswerAll();
    return OpenDescriptors() == before;
  })) << OpenDescriptors() - before
      << " descriptors left open";
}

TEST(HttpHostile, HoldsNoMoreDescriptorsThanItsBoundUnderRapidReconnects) {
  Poller poller;
  HttpServer server(WithPlaces(kPlaces), poller.handler());
  ASSERT_TRUE(server.Start().has_value());
  const size_t before = OpenDescriptors();
  size_t most = 0;
  for (int i = 0; i < 300; ++i) {
    std::vector<Probe> burst;
    for (int j = 0; j < 4; ++j) {
      burst.emplace_back(server.port());
      burst.back().Send(kHold.substr(0, j % 2 == 0 ? kHold.size() : 10));
    }
    const size_t open = OpenDescriptors();
    most = std::max(most, open - std::min(open, before + burst.size()));
  }
  EXPECT_LE(most, kPlaces);
}

TEST(HttpHostile, FreesThePlaceOfAClientThatHungUpWhileItsRequestWaits) {
  Poller poller;
  HttpServer server(WithPlaces(2), poller.handler());
  ASSERT_TRUE(server.Start().has_value());
  const size_t before = OpenDescriptors();
  {
    Probe first(server.port());
    Probe second(server.port());
    first.Send(kHold);
    second.Send(std::string(kHold) + std::string(kHold));  // more is there to read than the end
    ASSERT_TRUE(Soon([&] { return poller.held() == 2; }));
  }
  EXPECT_TRUE(Soon([&] { return OpenDescriptors() == before; }));
  EXPECT_EQ(Get(server.port(), "/now").status, 200);
}

TEST(HttpHostile, AnswersAClientThatClosedOnlyItsOwnSide) {
  HttpServer server(HttpConfig{}, [](const HttpRequest&, const HttpRespond& respond) {
    std::this_thread::sleep_for(milliseconds(100));
    respond(HttpResponse{});
  });
  ASSERT_TRUE(server.Start().has_value());
  Probe probe(server.port());
  ASSERT_TRUE(probe.Send("GET / HTTP/1.1\r\nHost: n\r\n\r\n"));
  probe.EndSending();
  EXPECT_EQ(probe.Receive().status, 200);
}

std::string HeadOfPost(size_t length) {
  return "POST / HTTP/1.1\r\nHost: n\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

TEST(HttpHostile, GivesUpTheBodiesThatStoppedAndKeepsTheOneThatComes) {
  constexpr size_t kBody = 1'000'000;
  constexpr size_t kStalledBodies = 12;
  HttpConfig config;
  config.limits.read_timeout_ms = 60'000;
  config.limits.under_way_bytes_max = 4 * kBody;
  Poller poller;
  HttpServer server(config, poller.handler());
  ASSERT_TRUE(server.Start().has_value());
  Probe steady(server.port());
  ASSERT_TRUE(steady.Send(HeadOfPost(kBody)));
  std::vector<Probe> stalled;
  for (size_t i = 0; i < kStalledBodies; ++i) {
    stalled.emplace_back(server.port());
    stalled.back().Send(HeadOfPost(kBody) + std::string(kBody - 1, 'x'));
    std::this_thread::sleep_for(milliseconds(20));  // until the server has read it
    ASSERT_TRUE(steady.Send(std::string(kBody / kStalledBodies, 'x')));
  }
  for (size_t i = 0; i < kStalledBodies - 4; ++i) {
    ASSERT_TRUE(stalled[i].ClosedByServer()) << "holds a body beyond the bound: " << i;
  }
  ASSERT_TRUE(steady.Send(std::string(kBody % kStalledBodies, 'x')));
  EXPECT_EQ(steady.Receive().status, 200);
}

TEST(HttpHostile, RefusesABodyForNowWhileHandlersHoldAsManyAsTheyMay) {
  constexpr size_t kBody = 1'000;
  HttpConfig config;
  config.limits.under_way_bytes_max = 3 * kBody + kBody / 2;
  std::mutex busy;
  std::unique_lock hold(busy);
  HttpServer server(config, [&](const HttpRequest&, const HttpRespond& respond) {
    { const std::lock_guard wait(busy); }
    respond(HttpResponse{});
  });
  ASSERT_TRUE(server.Start().has_value());
  std::vector<Probe> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(server.port());
    ASSERT_TRUE(clients.back().Send(HeadOfPost(kBody) + std::string(kBody, 'x')));
  }
  Probe late(server.port());
  ASSERT_TRUE(late.Send(HeadOfPost(kBody) + std::string(kBody, 'x')));
  ProbeReply refused = late.Receive();
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("node.busy"));
  EXPECT_EQ(refused.headers["retry-after"], "1");
  hold.unlock();
  for (Probe& client : clients) {
    EXPECT_EQ(client.Receive().status, 200);
  }
  ASSERT_TRUE(late.Send(HeadOfPost(kBody) + std::string(kBody, 'x')));
  EXPECT_EQ(late.Receive().status, 200) << "the handlers have given the memory back";
}

/// Of this process, as the C library counts them; a sanitizer's allocator makes it 0.
size_t HeapBytes() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST(HttpHostile, ForgetsTheBodyOfARequestThatWaits) {
  constexpr size_t kBody = 1'000'000;
  constexpr size_t kClients = 8;
  HttpConfig config;
  config.limits.under_way_bytes_max = 2 * kBody;
  Poller poller;
  HttpServer server(config, poller.handler());
  ASSERT_TRUE(server.Start().has_value());
  const size_t before = HeapBytes();
  std::vector<Probe> clients;
  for (size_t i = 0; i < kClients; ++i) {
    clients.emplace_back(server.port());
    ASSERT_TRUE(clients.back().Send("POST /hold HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" +
                                    std::string(kBody, 'x')));
    ASSERT_TRUE(Soon([&] { return poller.held() == i + 1; })) << i;
  }
  EXPECT_TRUE(Soon([&] { return HeapBytes() < before + kBody; }))
      << HeapBytes() - before << " octets are held for " << kClients << " requests that wait";
  poller.AnswerAll();
  for (Probe& client : clients) {
    EXPECT_EQ(client.Receive().status, 200);
  }
}

}  // namespace
}  // namespace beian
