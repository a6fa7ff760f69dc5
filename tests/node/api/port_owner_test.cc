#include "node/api/port_owner.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace beian {
namespace {

/// A socket bound to a free port of this machine.
struct BoundSocket {
  explicit BoundSocket(int family) : number(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in6 address{};
    address.sin6_family = static_cast<sa_family_t>(family);
    address.sin6_addr = in6addr_any;
    socklen_t length = family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(number, plain, length), 0);
    EXPECT_EQ(::getsockname(number, plain, &length), 0);
    port = ntohs(address.sin6_port);
  }
  ~BoundSocket() { ::close(number); }
  int number;
  uint16_t port = 0;
};

TEST(PortOwner, NamesTheProcessThatListens) {
  for (const int family : {AF_INET, AF_INET6}) {
    const BoundSocket socket(family);
    EXPECT_FALSE(FindPortOwner(socket.port).has_value()) << "bound, but it does not listen";
    ASSERT_EQ(::listen(socket.number, 1), 0);
    const auto owner = FindPortOwner(socket.port);
    ASSERT_TRUE(owner.has_value());
    EXPECT_EQ(owner->pid, ::getpid());
    EXPECT_EQ(owner->user, ::getuid());
    EXPECT_EQ(owner->command, "beian_api_test");
    EXPECT_EQ(DescribePortOwner(socket.port),
              "process " + std::to_string(::getpid()) + " (beian_api_test)");
  }
}

TEST(PortOwner, KnowsNobodyForAFreePort) {
  uint16_t port = 0;
  {
    const BoundSocket socket(AF_INET);
    port = socket.port;
  }
  EXPECT_FALSE(FindPortOwner(port).has_value());
  EXPECT_EQ(DescribePortOwner(port), "another process");
}

}  // namespace
}  // namespace beian
