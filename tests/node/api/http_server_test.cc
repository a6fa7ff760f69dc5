#include "node/api/http_server.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "tests/node/api/http_probe.h"

namespace beian {
namespace {

using testing::HasSubstr;

HttpResponse Text(std::string text) {
  HttpResponse response;
  response.content_type = "text/plain";
  response.body = std::move(text);
  return response;
}

void Echo(HttpRequest request, const HttpRespond& respond) {
  respond(Text(request.path + "|" + request.query + "|" + request.body));
}

HttpConfig Small() {
  HttpConfig config;
  config.limits.body_bytes_max = 1'000;
  return config;
}

TEST(HttpServer, KeepsAConnectionForManyRequests) {
  HttpServer server(Small(), Echo);
  ASSERT_TRUE(server.Start().has_value());
  Probe probe(server.port());
  for (int i = 0; i < 20; ++i) {
    const std::string target = "/a%20b?x=" + std::to_string(i);
    ASSERT_TRUE(probe.Send("GET " + target + " HTTP/1.1\r\nHost: n\r\n\r\n"));
    EXPECT_EQ(probe.Receive().body, "/a%20b|x=" + std::to_string(i) + "|");
  }
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  HttpServer server(Small(), Echo);
  ASSERT_TRUE(server.Start().has_value());
  Probe probe(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: n\r\n\r\n";
  }
  ASSERT_TRUE(probe.Send(all));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(probe.Receive().body, "/" + std::to_string(i) + "||");
  }
}

TEST(HttpServer, RefusesALongBodyBeforeItComes) {
  HttpServer server(Small(), Echo);
  ASSERT_TRUE(server.Start().has_value());
  EXPECT_EQ(Post(server.port(), "/", "", std::string(1'000, 'x')).status, 200);
  for (const char* length : {"1001", "99999999999", "1152921504606846976"}) {
    Probe probe(server.port());
    probe.Send(std::string("POST / HTTP/1.1\r\nHost: n\r\nContent-Length: ") + length + "\r\n\r\n");
    const ProbeReply reply = probe.Receive();
    EXPECT_EQ(reply.status, 413) << length;
    EXPECT_THAT(reply.body, HasSubstr("http.body_too_large"));
    EXPECT_TRUE(probe.ClosedByServer());
  }
}

TEST(HttpServer, NeverTakesARefusedBodyForARequest) {
  std::atomic<int> calls = 0;
  HttpServer server(Small(), [&calls](HttpRequest request, const HttpRespond& respond) {
    ++calls;
    Echo(std::move(request), respond);
  });
  ASSERT_TRUE(server.Start().has_value());
  const std::string inner = "GET /smuggled HTTP/1.1\r\nHost: n\r\n\r\n";
  Probe probe(server.port());
  probe.Send("POST / HTTP/1.1\r\nHost: n\r\nContent-Length: 2000\r\n\r\n" + inner + inner);
  probe.ClosedByServer();
  Probe chunked(server.port());
  chunked.Send("POST / HTTP/1.1\r\nHost: n\r\nTransfer-Encoding: chunked\r\n\r\n" + inner + inner);
  chunked.ClosedByServer();
  EXPECT_EQ(calls, 0);
}

TEST(HttpServer, RefusesChunkedBodies) {
  HttpServer server(Small(), Echo);
  ASSERT_TRUE(server.Start().has_value());
  Probe probe(server.port());
  probe.Send("POST / HTTP/1.1\r\nHost: n\r\nTransfer-Encoding: chunked\r\n\r\n");
  const ProbeReply reply = probe.Receive();
  EXPECT_EQ(reply.status, 411);
  EXPECT_THAT(reply.body, HasSubstr("http.length_required"));
  EXPECT_TRUE(probe.ClosedByServer());
}

TEST(HttpServer, RefusesAHeadThatOthersReadOtherwise) {
  std::atomic<int> calls = 0;
  HttpServer server(Small(), [&calls](HttpRequest request, const HttpRespond& respond) {
    ++calls;
    Echo(std::move(request), respond);
  });
  ASSERT_TRUE(server.Start().has_value());
  const std::string kBad[] = {
      "POST / HTTP/1.1\r\nHost: n\r\nContent-Length : 2\r\n\r\nxx",
      "POST / HTTP/1.1\r\nHost: n\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      "GET / HTTP/1.1\r\nHo st: n\r\n\r\n",
      "GET / HTTP/9.9\r\nHost: n\r\n\r\n",
      "GET / HTTP/2.0\r\nHost: n\r\n\r\n",
      "GET / HTTP/0.9\r\nHost: n\r\n\r\n",
  };
  for (const std::string& bad : kBad) {
    Probe probe(server.port());
    probe.Send(bad);
    const ProbeReply reply = probe.Receive();
    EXPECT_EQ(reply.status, 400) << bad;
    EXPECT_THAT(reply.body, HasSubstr("http.bad_head")) << bad;
    EXPECT_TRUE(probe.ClosedByServer()) << bad;
  }
  EXPECT_EQ(calls, 0);
  Probe old(server.port());
  old.Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.Receive().status, 200);
}

TEST(HttpServer, SaysWhatIsTooLongInTheHeadOfARequest) {
  HttpServer server(Small(), Echo);
  ASSERT_TRUE(server.Start().has_value());
  const auto many = [](size_t count) {
    std::string text = "GET / HTTP/1.1\r\n";
    for (size_t i = 0; i < count; ++i) {
      text += "X-" + std::to_string(i) + ": 1\r\n";
    }
    return text + "\r\n";
  };
  const auto with = [](std::string name, size_t value) {
    return "GET / HTTP/1.1\r\n" + std::move(name) + ": " + std::string(value, 'a') + "\r\n\r\n";
  };
  const struct {
    std::string request;
    int status;
    const char* id;
  } kCases[] = {
      {"GET /" + std::string(kUrlBytesMax - 1, 'a') + " HTTP/1.1\r\n\r\n", 200, ""},
      {"GET /" + std::string(kUrlBytesMax, 'a') + " HTTP/1.1\r\n\r\n", 414, "http.url_too_long"},
      {"GET /?" + std::string(60'000, 'a') + " HTTP/1.1\r\n\r\n", 414, "http.url_too_long"},
      {many(kHeadersMax), 200, ""},
      {many(kHeadersMax + 1), 431, "http.headers_too_large"},
      {with("X", kHeaderValueBytesMax), 200, ""},
      {with("X", kHeaderValueBytesMax + 1), 431, "http.headers_too_large"},
      {with(std::string(kHeaderNameBytesMax + 1, 'a'), 1), 431, "http.headers_too_large"},
  };
  for (const auto& [request, status, id] : kCases) {
    Probe probe(server.port());
    ASSERT_TRUE(probe.Send(request));
    const ProbeReply reply = probe.Receive();
    EXPECT_EQ(reply.status, status) << request.substr(0, 60);
    EXPECT_THAT(reply.body, HasSubstr(id)) << request.substr(0, 60);
    EXPECT_TRUE(status == 200 || probe.ClosedByServer()) << request.substr(0, 60);
  }
}

TEST(HttpServer, ClosesOnGarbageAndOversizedHeadersAndSurvives) {
  HttpConfig config = Small();
  config.limits.read_timeout_ms = 300;  // what looks like a request is answered, then idle
  HttpServer server(config, Echo);
  ASSERT_TRUE(server.Start().has_value());
  constexpr size_t kHeadBytes = 90'000;
  std::string many = "GET / HTTP/1.1\r\n";
  for (size_t i = 0; i <= kHeadersReadMax; ++i) {
    many += "X-" + std::to_string(i) + ": 1\r\n";
  }
  const std::string kBad[] = {
      "\r\n\r\n\r\nhello\r\n\r\n",
      std::string(10'000, '\0'),
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
      "GET " + std::string(kUrlBytesMax + 2, 'a') + " HTTP/1.1\r\n\r\n",
      "GET /" + std::string(kHeadBytes, 'a') + " HTTP/1.1\r\nHost: n\r\n\r\n",
      "GET / HTTP/1.1\r\nX: " + std::string(kHeadBytes, 'a') + "\r\n\r\n",
      "GET / HTTP/1.1\r\n" + std::string(kHeadBytes, 'a') + ": 1\r\n\r\n",
      many + "\r\n",
      "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
      "POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nxx",
      "POST / HTTP/1.1\r\nContent-Length: 1\r\n 2\r\n\r\nxx",
  };
  for (const std::string& bad : kBad) {
    Probe probe(server.port());
    probe.Send(bad);
    EXPECT_NE(probe.Receive().status, 200) << bad.substr(0, 60);
    EXPECT_TRUE(probe.ClosedByServer()) << bad.substr(0, 60);
    EXPECT_EQ(Get(server.port(), "/ok").status, 200);
  }
}

TEST(HttpServer, ServesARequestWhile300ConnectionsAreIdle) {
  HttpServer server(HttpConfig{}, Echo);
  ASSERT_TRUE(server.Start().has_value());
  std::vector<Probe> idle;
  for (int i = 0; i < 300; ++i) {
    idle.emplace_back(server.port());
    ASSERT_TRUE(idle.back().connected());
    idle.back().Send("GET / HT");
  }
  EXPECT_EQ(Get(server.port(), "/real").body, "/real||");
}

TEST(HttpServer, GivesUpTheOldestIdleConnectionWhenItsLimitIsReached) {
  HttpConfig config;
  config.limits.connections_max = 16;
  HttpServer server(config, Echo);
  ASSERT_TRUE(server.Start().has_value());
  std::vector<Probe> idle;
  for (int i = 0; i < 64; ++i) {
    idle.emplace_back(server.port());
    ASSERT_TRUE(idle.back().connected());
  }
  EXPECT_EQ(Get(server.port(), "/real").body, "/real||");
  EXPECT_TRUE(idle.front().ClosedByServer());
  ASSERT_TRUE(idle.back().Send("GET /last HTTP/1.1\r\nHost: n\r\n\r\n"));
  EXPECT_EQ(idle.back().Receive().body, "/last||");
}

TEST(HttpServer, LetsNewConnectionsWaitWhileEveryOneIsBusy) {
  HttpConfig config;
  config.limits.connections_max = 2;
  std::mutex mutex;
  std::vector<HttpRespond> held;
  std::atomic<bool> served = false;
  HttpServer server(config, [&](const HttpRequest& request, HttpRespond respond) {
    if (request.path != "/hold") {
      served = true;
      respond(Text("free"));
      return;
    }
    const std::lock_guard lock(mutex);
    held.push_back(std::move(respond));
  });
  ASSERT_TRUE(server.Start().has_value());
  Probe first(server.port());
  Probe second(server.port());
  first.Send("GET /hold HTTP/1.1\r\nHost: n\r\n\r\n");
  second.Send("GET /hold HTTP/1.1\r\nHost: n\r\n\r\n");
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return held.size();
  };
  while (count() < 2) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  Probe third(server.port());
  third.Send("GET /free HTTP/1.1\r\nHost: n\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(served) << "beyond the bound";
  {
    const std::lock_guard lock(mutex);
    held[0](Text("a"));
    held[1](Text("b"));
    held.clear();
  }
  EXPECT_EQ(first.Receive().status, 200);
  EXPECT_EQ(second.Receive().status, 200);
  EXPECT_EQ(third.Receive().body, "free");
}

constexpr size_t kLongReply = 12'000'000;

/// Room for the answers of two readers, each far longer than what the kernel takes.
HttpConfig WithRoomForTwo() {
  HttpConfig config;
  config.limits.under_way_bytes_max = 2 * kLongReply;
  return config;
}

void AnswerAtLength(const HttpRequest&, const HttpRespond& respond) {
  respond(Text(std::string(kLongReply, 'x')));
}

TEST(HttpServer, ServesAReaderWhileManyOthersNeverRead) {
  HttpServer server(WithRoomForTwo(), AnswerAtLength);
  ASSERT_TRUE(server.Start().has_value());
  std::vector<Probe> stalled;
  for (int i = 0; i < 20; ++i) {
    stalled.emplace_back(server.port());
    ASSERT_TRUE(stalled.back().Send("GET / HTTP/1.1\r\nHost: n\r\n\r\n"));
  }
  EXPECT_EQ(Get(server.port(), "/").body.size(), kLongReply);
  for (int i = 0; i < 18; ++i) {
    EXPECT_EQ(stalled[i].Receive().status, 0) << "holds an answer beyond the bound: " << i;
  }
}

TEST(HttpServer, GivesUpTheReaderThatStoppedAndKeepsTheOneThatGoesOn) {
  HttpServer server(WithRoomForTwo(), AnswerAtLength);
  ASSERT_TRUE(server.Start().has_value());
  Probe slow(server.port());
  ASSERT_TRUE(slow.Send("GET / HTTP/1.1\r\nHost: n\r\n\r\n"));
  size_t taken = slow.Take(1'000).size();
  std::vector<Probe> stalled;
  for (int i = 0; i < 5; ++i) {
    stalled.emplace_back(server.port());
    ASSERT_TRUE(stalled.back().Send("GET / HTTP/1.1\r\nHost: n\r\n\r\n"));
    ASSERT_FALSE(stalled.back().Take(100).empty());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // until the kernel takes no more
    taken += slow.Take(2'000'000).size();
  }
  EXPECT_EQ(taken, 10'001'000u);
  EXPECT_EQ(slow.Take(kLongReply - taken).size(), kLongReply - taken);
  EXPECT_TRUE(stalled.front().ClosedByServer());
}

TEST(HttpServer, ClosesARequestThatComesTooSlowly) {
  HttpConfig config;
  config.limits.read_timeout_ms = 300;
  HttpServer server(config, Echo);
  ASSERT_TRUE(server.Start().has_value());
  Probe probe(server.port());
  const auto begin = std::chrono::steady_clock::now();
  for (const char c :
       std::string("GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")) {
    if (!probe.Send(std::string(1, c))) {
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_TRUE(probe.ClosedByServer());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(6));
}

TEST(HttpServer, ClosesTheConnectionOfAHandlerThatForgetsToAnswer) {
  HttpConfig config;
  config.limits.handler_timeout_ms = 300;
  HttpServer server(config, [](const HttpRequest&, const HttpRespond&) {});
  ASSERT_TRUE(server.Start().has_value());
  Probe probe(server.port());
  probe.Send("GET / HTTP/1.1\r\nHost: n\r\n\r\n");
  EXPECT_TRUE(probe.ClosedByServer());
}

TEST(HttpServer, IgnoresASecondAnswer) {
  HttpServer server(HttpConfig{}, [](const HttpRequest&, const HttpRespond& respond) {
    respond(Text("first"));
    respond(Text("second"));
  });
  ASSERT_TRUE(server.Start().has_value());
  Probe probe(server.port());
  for (int i = 0; i < 2; ++i) {
    probe.Send("GET / HTTP/1.1\r\nHost: n\r\n\r\n");
    EXPECT_EQ(probe.Receive().body, "first");
  }
}

TEST(HttpServer, DropsAnAnswerThatComesAfterItsEnd) {
  HttpRespond late;
  std::atomic<bool> called = false;
  {
    HttpServer server(HttpConfig{}, [&](const HttpRequest&, HttpRespond respond) {
      late = std::move(respond);
      called = true;
    });
    ASSERT_TRUE(server.Start().has_value());
    Probe probe(server.port());
    probe.Send("GET / HTTP/1.1\r\nHost: n\r\n\r\n");
    while (!called) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    server.Stop();
    EXPECT_TRUE(probe.ClosedByServer());
  }
  late(Text("too late"));
}

TEST(HttpServer, FinishesAnswersUnderWayWhenItStops) {
  std::atomic<bool> called = false;
  HttpServer server(HttpConfig{}, [&](const HttpRequest&, const HttpRespond& respond) {
    called = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    respond(Text(std::string(100'000, 'x')));
  });
  ASSERT_TRUE(server.Start().has_value());
  Probe probe(server.port());
  probe.Send("GET / HTTP/1.1\r\nHost: n\r\n\r\n");
  while (!called) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  server.Stop();
  EXPECT_EQ(probe.Receive().body.size(), 100'000u);
}

TEST(HttpServer, AcceptsAgainAfterRunningOutOfDescriptors) {
  HttpServer server(HttpConfig{}, Echo);
  ASSERT_TRUE(server.Start().has_value());
  Probe waiting(server.port());
  EXPECT_TRUE(waiting.Send("GET /before HTTP/1.1\r\nHost: n\r\n\r\n"));
  EXPECT_EQ(waiting.Receive().status, 200);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit tight{256, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  std::vector<int> all;
  Probe late = [&] {
    for (int file = 0; (file = ::open("/dev/null", O_RDONLY)) >= 0;) {
      all.push_back(file);
    }
    ::close(all.back());  // for the client's own socket: none is left for the server's
    all.pop_back();
    return Probe(server.port());
  }();
  ASSERT_TRUE(late.connected());
  late.Send("GET /after HTTP/1.1\r\nHost: n\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  for (const int file : all) {
    ::close(file);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(late.Receive().body, "/after||");
  EXPECT_EQ(Get(server.port(), "/new").status, 200);
}

TEST(HttpServer, NamesTheProcessThatHoldsItsPort) {
  HttpServer first(HttpConfig{}, Echo);
  ASSERT_TRUE(first.Start().has_value());
  HttpConfig config;
  config.port = first.port();
  HttpServer second(config, Echo);
  const auto started = second.Start();
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().id, "api.port_in_use");
  EXPECT_THAT(started.error().message, HasSubstr("port " + std::to_string(first.port())));
  EXPECT_THAT(started.error().message, HasSubstr("process " + std::to_string(::getpid()) + " ("));
  first.Stop();
  EXPECT_TRUE(second.Start().has_value());
}

TEST(HttpServer, RefusesAnAddressThatIsNotOfThisMachine) {
  for (const char* address : {"localhost", "", "192.0.2.1", "127.0.0.256"}) {
    HttpConfig config;
    config.address = address;
    const auto started = HttpServer(config, Echo).Start();
    ASSERT_FALSE(started.has_value()) << address;
    EXPECT_EQ(started.error().id, "api.bad_address") << address;
  }
}

}  // namespace
}  // namespace beian
