#include "node/api/http_connections.h"

#include <gtest/gtest.h>

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <deque>

namespace beian {
namespace {

using asio::ip::tcp;

constexpr size_t kPlacesMax = 3;
constexpr size_t kBytesMax = 100;

/// Connections of three clients at most, numbered in the order of their coming.
class HttpConnectionsTest : public testing::Test {
 protected:
  HttpConnections::Pointer Add() {
    EXPECT_TRUE(all_.MakeRoom());
    auto& client = clients_.emplace_back(io_);
    client.connect(acceptor_.local_endpoint());
    const auto connection = std::make_shared<HttpConnection>(acceptor_.accept());
    all_.Add(clients_.size(), connection);
    return connection;
  }
  bool Open(size_t number) { return all_.Find(number) != nullptr; }

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::deque<tcp::socket> clients_;
  HttpConnections all_{kPlacesMax, kBytesMax};
};

TEST_F(HttpConnectionsTest, ClosesTheSocketOfTheLongestIdleBeforeItTakesAnother) {
  const auto first = Add();
  const auto second = Add();
  Add();
  all_.Lend(*first, 0);
  all_.Answer(*first, 0);
  all_.Rest(*first);  // idle since now, unlike the second
  EXPECT_TRUE(all_.HasRoom());
  Add();
  EXPECT_FALSE(Open(2));
  EXPECT_FALSE(second->socket.is_open());
  EXPECT_TRUE(Open(1) && Open(3) && Open(4));
}

TEST_F(HttpConnectionsTest, HasNoRoomWhileEveryRequestWaitsOrIsAnswered) {
  const auto first = Add();
  all_.Lend(*first, 0);
  all_.Answer(*Add(), 0);
  EXPECT_TRUE(all_.HasRoom());
  all_.Lend(*Add(), 0);
  EXPECT_FALSE(all_.HasRoom());
  EXPECT_FALSE(all_.MakeRoom());
  all_.Rest(*first);
  EXPECT_TRUE(all_.HasRoom());
}

TEST_F(HttpConnectionsTest, ResetsTheOneWithoutProgressForLongestWhetherItReadsOrWrites) {
  const auto answer = Add();
  const auto body = Add();
  const auto steady = Add();
  all_.Answer(*answer, 40);
  all_.Came(*body, 40);
  all_.Came(*steady, 20);
  EXPECT_TRUE(Open(1));
  all_.Came(*steady, 20);
  EXPECT_FALSE(Open(1));
  all_.Came(*steady, 60);
  EXPECT_FALSE(Open(2));
  EXPECT_TRUE(Open(3)) << "it alone is under way";
}

TEST_F(HttpConnectionsTest, AnOctetNowAndThenIsNoProgress) {
  const auto trickle = Add();
  const auto honest = Add();
  const auto last = Add();
  all_.Came(*trickle, 50);
  all_.Came(*honest, 40);
  all_.Came(*trickle, 1);
  all_.Came(*last, 20);
  EXPECT_FALSE(Open(1));
  EXPECT_TRUE(Open(2));
}

TEST_F(HttpConnectionsTest, LendsNoMoreThanTheBoundToHandlers) {
  const auto first = Add();
  EXPECT_TRUE(all_.Lend(*first, 60));
  all_.Remove(1);  // its client is gone, its body is not
  const auto second = Add();
  EXPECT_FALSE(all_.Lend(*second, 60));
  all_.Release(60);
  EXPECT_TRUE(all_.Lend(*second, 60));
}

TEST_F(HttpConnectionsTest, CountsNothingForThoseThatAreGone) {
  for (int i = 0; i < 10; ++i) {
    all_.Came(*Add(), 90);
    all_.Remove(clients_.size());
  }
  const auto last = Add();
  EXPECT_TRUE(all_.Lend(*last, kBytesMax));
}

TEST_F(HttpConnectionsTest, ResetsWhoHungUpWhileItsRequestWaitsAndNoOneElse) {
  const auto gone = Add();
  const auto here = Add();
  const auto idle = Add();
  all_.Lend(*gone, 0);
  all_.Lend(*here, 0);
  asio::write(clients_[0], asio::buffer("sent ahead", 10));
  clients_[0].close();
  clients_[2].close();
  all_.ResetHungUp();
  EXPECT_TRUE(Open(1)) << "it may have closed only its own side";
  for (const auto& connection : {gone, here, idle}) {
    connection->since -= kHangUpGrace;
  }
  all_.ResetHungUp();
  EXPECT_FALSE(Open(1));
  EXPECT_TRUE(Open(2) && Open(3));
}

TEST_F(HttpConnectionsTest, LeavesNothingInTheKernelOfAnAnswerThatNobodyReads) {
  const auto connection = Add();
  const std::string answer(50'000, 'x');
  asio::write(connection->socket, asio::buffer(answer));
  Add();
  Add();
  Add();
  std::string got(answer.size() + 1, '\0');
  std::error_code error;
  asio::read(clients_[0], asio::buffer(got), error);
  EXPECT_EQ(error, asio::error::connection_reset);
}

}  // namespace
}  // namespace beian
