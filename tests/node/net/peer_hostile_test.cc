// Peers and strangers that stall, flood or lie.

#include <numeric>
#include <random>

#include "tests/node/net/net_testing.h"

namespace beian {
namespace {

using namespace net_test;

class PeerHostileTest : public testing::Test {
 protected:
  /// Validator 0 of four, with short deadlines.
  void StartLower(const std::function<void(NetConfig&)>& change = {}) {
    NetConfig config = ConfigOf(0, SetOfSize(4));
    config.timing.tls = 300;
    config.timing.hello = 300;
    if (change) change(config);
    lower.Start(config);
  }
  uint16_t port() const { return lower.network->port(); }
  void ExpectAGoodPeerComesIn() {
    Node good(io);
    good.Start(ConfigOf(2, SetOfSize(4), {LocalAddress(port())}));
    EXPECT_TRUE(RunUntil(io, [&] { return lower.Up(2) && good.Up(0); }));
  }

  asio::io_context io;
  Node lower{io};
};

TEST_F(PeerHostileTest, AConnectionThatSaysNothingIsClosed) {
  StartLower();
  RawClient silent(io, 1);
  ASSERT_FALSE(silent.Connect(port()));
  EXPECT_TRUE(silent.ReadPlainToEnd());
  EXPECT_EQ(lower.NotesOf("handshake_timeout"), 1u);
  ExpectAGoodPeerComesIn();
}

TEST_F(PeerHostileTest, AConnectionThatStopsInsideTheTlsHandshakeIsClosed) {
  StartLower();
  RawClient half(io, 1);
  ASSERT_FALSE(half.Connect(port()));
  // The head of a TLS record that promises 512 octets of a ClientHello.
  ASSERT_FALSE(half.WritePlain(FromHex("16030102000100").value()));
  EXPECT_TRUE(half.ReadPlainToEnd());
  EXPECT_EQ(lower.NotesOf("handshake_timeout"), 1u);
}

TEST_F(PeerHostileTest, OctetsThatAreNoTlsEndTheConnection) {
  StartLower();
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    RawClient garbage(io, 1);
    ASSERT_FALSE(garbage.Connect(port()));
    Bytes octets(500, '\0');
    for (char& octet : octets) octet = static_cast<char>(random());
    garbage.WritePlain(octets);
    EXPECT_TRUE(garbage.ReadPlainToEnd());
  }
  EXPECT_LE(lower.notes.size(), 3u) << "listening, tls_failed, and a timeout at most";
  ExpectAGoodPeerComesIn();
}

TEST_F(PeerHostileTest, AKeyHolderThatSaysNoHelloIsClosed) {
  StartLower([](NetConfig& config) { config.timing.tls = 60'000; });
  RawClient mute(io, 1);
  ASSERT_FALSE(mute.Connect(port()));
  ASSERT_FALSE(mute.Handshake());
  EXPECT_TRUE(mute.ReadFrame().second);
  EXPECT_EQ(lower.NotesOf("bad_hello"), 1u);
  EXPECT_TRUE(lower.ups.empty());
}

TEST_F(PeerHostileTest, AHelloThatComesDropByDropDoesNotStretchItsDeadline) {
  StartLower([](NetConfig& config) { config.timing.idle = 10'000; });
  RawClient slow(io, 1);
  ASSERT_FALSE(slow.Connect(port()));
  ASSERT_FALSE(slow.Handshake());
  const Bytes hello = EncodeHello({1, TestChain(), ValidatorIndex(1)});
  const auto header = FrameHeader(static_cast<uint32_t>(hello.size()));
  asio::error_code error = slow.Write(BytesView(header.data(), header.size()));
  size_t sent = 0;
  for (; sent < hello.size() && !error; ++sent) {
    error = slow.Write(BytesView(hello).substr(sent, 1));
    RunFor(io, 20);  // all of it would take a second
  }
  EXPECT_LT(sent, hello.size());
  EXPECT_TRUE(lower.ups.empty());
}

TEST_F(PeerHostileTest, AHelloInPiecesIsAsGoodAsAny) {
  StartLower([](NetConfig& config) { config.timing.hello = 5'000; });
  RawClient client(io, 1);
  ASSERT_FALSE(client.Connect(port()));
  ASSERT_FALSE(client.Handshake());
  const Bytes hello = EncodeHello({1, TestChain(), ValidatorIndex(1)});
  const auto header = FrameHeader(static_cast<uint32_t>(hello.size()));
  // The first message follows the Hello in one write: it must not be lost with it.
  const auto next = FrameHeader(2);
  const Bytes stream = Bytes(header.data(), header.size()) + hello +
                       Bytes(next.data(), next.size()) + "hi";
  for (size_t i = 0; i + 30 < stream.size(); ++i) client.Write(stream.substr(i, 1));
  client.Write(stream.substr(stream.size() - 30));
  EXPECT_TRUE(RunUntil(io, [&] { return lower.received[1] == std::vector<Bytes>{"hi"}; }));
}

TEST_F(PeerHostileTest, AHelloThatIsNoneEndsTheConnection) {
  StartLower();
  for (const Bytes& hello : {Bytes(), Bytes("GET / HTTP/1.1"), Bytes(kHelloBytesMax, '\0'),
                             EncodeWelcome({})}) {
    RawClient client(io, 1);
    ASSERT_FALSE(client.Connect(port()));
    ASSERT_FALSE(client.Handshake());
    ASSERT_FALSE(client.WriteFrame(hello));
    EXPECT_TRUE(client.ReadFrame().second);
  }
  EXPECT_EQ(lower.NotesOf("bad_hello"), 1u);
  EXPECT_TRUE(lower.ups.empty());
}

TEST_F(PeerHostileTest, ALongFrameInPlaceOfAHelloEndsTheConnection) {
  StartLower();
  RawClient client(io, 1);
  ASSERT_FALSE(client.Connect(port()));
  ASSERT_FALSE(client.Handshake());
  const auto header = FrameHeader(kHelloBytesMax + 1);
  ASSERT_FALSE(client.Write(BytesView(header.data(), header.size())));
  EXPECT_TRUE(client.ReadFrame().second);
  EXPECT_NE(lower.Text("bad_hello").find("frame_too_long"), std::string::npos);
}

TEST_F(PeerHostileTest, ALengthAboveTheLimitEndsTheConnection) {
  StartLower();
  for (const uint32_t length : {uint32_t{kFrameBytesMax} + 1, 0x7fff'ffffu, 0xffff'fffeu}) {
    const size_t downs = lower.downs[1];
    RawClient client(io, 1);
    ASSERT_EQ(client.Greet(port(), 1), Verdict::kWelcome);
    const auto header = FrameHeader(length);
    ASSERT_FALSE(client.Write(BytesView(header.data(), header.size())));
    EXPECT_TRUE(RunUntil(io, [&] { return lower.downs[1] == downs + 1; }));
    EXPECT_TRUE(client.ReadFrame().second);
  }
  EXPECT_NE(lower.Text("peer_down").find("frame_too_long"), std::string::npos);
  EXPECT_TRUE(lower.received[1].empty());
}

TEST_F(PeerHostileTest, RandomOctetsAfterTheWelcomeHarmNobody) {
  StartLower();
  RawClient bystander(io, 2);
  ASSERT_EQ(bystander.Greet(port(), 2), Verdict::kWelcome);
  std::mt19937 random(6);
  for (int round = 0; round < 10; ++round) {
    RawClient client(io, 1);
    ASSERT_EQ(client.Greet(port(), 1), Verdict::kWelcome);
    Bytes octets(5'000, '\0');
    for (char& octet : octets) octet = static_cast<char>(random());
    octets[0] = '\x40';  // a length of a gigabyte
    client.Write(octets);
    EXPECT_TRUE(client.ReadFrame().second);
  }
  EXPECT_TRUE(RunUntil(io, [&] { return lower.downs[1] == 10; }));
  EXPECT_EQ(lower.downs[2], 0u);
  lower.Send(2, "still here");
  EXPECT_EQ(bystander.ReadFrame().first, "still here");
}

// The room for strangers is full of them, and a validator still gets in.
TEST_F(PeerHostileTest, TwoHundredStalledConnectionsDoNotKeepAPeerOut) {
  StartLower([](NetConfig& config) {
    config.timing.tls = 60'000;
    config.timing.hello = 60'000;
  });
  std::vector<std::unique_ptr<RawClient>> stalled;
  for (int i = 0; i < 200; ++i) {
    stalled.push_back(std::make_unique<RawClient>(io, 1));
    ASSERT_FALSE(stalled.back()->Connect(port()));
  }
  RunFor(io, 20);
  ExpectAGoodPeerComesIn();
  EXPECT_TRUE(stalled.front()->ReadPlainToEnd()) << "the one that waited longest made room";
  EXPECT_LE(lower.notes.size(), 2u) << "listening, peer_up: crowding out is not worth a line";
}

TEST_F(PeerHostileTest, CrowdingAtOneAddressEndsOnlyConnectionsOfThatAddress) {
  StartLower([](NetConfig& config) {
    config.listen = "0.0.0.0:0";
    config.timing.tls = 60'000;
    config.limits.pending_per_address_max = 4;
    config.limits.pending_max = 20;
  });
  RawClient elsewhere(io, 1);
  elsewhere.socket().open(asio::ip::tcp::v4());
  elsewhere.socket().bind({asio::ip::make_address_v4("127.0.0.2"), 0});
  ASSERT_FALSE(elsewhere.Connect(port()));
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (int i = 0; i < 50; ++i) {
    crowd.push_back(std::make_unique<RawClient>(io, 1));
    ASSERT_FALSE(crowd.back()->Connect(port()));
  }
  RunFor(io, 20);
  ASSERT_FALSE(elsewhere.Handshake()) << "it has waited longer than the crowd";
  ASSERT_FALSE(elsewhere.WriteFrame(EncodeHello({1, TestChain(), ValidatorIndex(1)})));
  EXPECT_TRUE(RunUntil(io, [&] { return lower.Up(1); }));
}

TEST_F(PeerHostileTest, APeerThatReadsNothingCostsABoundedQueueAndNobodyElse) {
  constexpr size_t kQueueMax = 3'000'000;
  StartLower([](NetConfig& config) {
    config.limits.queue_bytes_max = kQueueMax;
    config.timing.write_stall = 60'000;
  });
  RawClient deaf(io, 1);
  ASSERT_EQ(deaf.Greet(port(), 1), Verdict::kWelcome);
  RawClient healthy(io, 2);
  ASSERT_EQ(healthy.Greet(port(), 2), Verdict::kWelcome);
  ASSERT_TRUE(RunUntil(io, [&] { return lower.Up(1) && lower.Up(2); }));
  const Bytes block(100'000, 'b');
  for (int i = 0; i < 300; ++i) {
    lower.Send(1, block, Priority::kTransactions);
    lower.Send(1, block, Priority::kSync);
    lower.Send(1, Bytes(100, 'c'), Priority::kCertificate);
    lower.Send(2, "ping " + std::to_string(i));
    ASSERT_EQ(healthy.ReadFrame().first, "ping " + std::to_string(i));
    ASSERT_LE(lower.StatusOf(1).queued_bytes, kQueueMax);
  }
  const ConnectionStatus status = lower.StatusOf(1);
  EXPECT_GT(status.dropped[static_cast<size_t>(Priority::kTransactions)], 100u);
  EXPECT_EQ(status.dropped[static_cast<size_t>(Priority::kCertificate)], 0u);
  EXPECT_EQ(lower.NotesOf("queue_full"), 1u);
  EXPECT_TRUE(status.connected);
  EXPECT_EQ(lower.downs[2], 0u);
  // Once it reads again, the certificates that waited come first of all that did.
  size_t certificates = 0;
  for (int i = 0; i < 300 && certificates < 250; ++i) {
    certificates += deaf.ReadFrame().first.size() == 100 ? 1 : 0;
  }
  EXPECT_GE(certificates, 250u);
}

TEST_F(PeerHostileTest, APeerThatReadsNothingForTooLongIsClosed) {
  StartLower([](NetConfig& config) { config.timing.write_stall = 100; });
  RawClient deaf(io, 1);
  ASSERT_EQ(deaf.Greet(port(), 1), Verdict::kWelcome);
  ASSERT_TRUE(RunUntil(io, [&] { return lower.Up(1); }));
  for (int i = 0; i < 4; ++i) lower.Send(1, Bytes(3'000'000, 'x'), Priority::kReply);
  EXPECT_TRUE(RunUntil(io, [&] { return lower.downs[1] == 1; }));
  EXPECT_NE(lower.Text("peer_down").find("write_stalled"), std::string::npos);
  EXPECT_EQ(lower.StatusOf(1).last_failure, "write_stalled");
}

// A peer whose machine has lost its power says no goodbye.
TEST_F(PeerHostileTest, AHalfOpenConnectionIsClosedWhenIdle) {
  StartLower([](NetConfig& config) { config.timing.idle = 100; });
  RawClient gone(io, 1);
  ASSERT_EQ(gone.Greet(port(), 1), Verdict::kWelcome);
  ASSERT_TRUE(RunUntil(io, [&] { return lower.Up(1); }));
  EXPECT_TRUE(RunUntil(io, [&] { return lower.downs[1] == 1; }));
  EXPECT_NE(lower.Text("peer_down").find("timeout"), std::string::npos);
}

TEST_F(PeerHostileTest, AConnectionCutInTheMiddleOfAFrameGivesNoFrame) {
  StartLower();
  RawClient client(io, 1);
  ASSERT_EQ(client.Greet(port(), 1), Verdict::kWelcome);
  const auto header = FrameHeader(1'000);
  ASSERT_FALSE(client.Write(Bytes(header.data(), header.size()) + Bytes(999, 'x')));
  RunFor(io, 20);
  client.socket().close();
  EXPECT_TRUE(RunUntil(io, [&] { return lower.downs[1] == 1; }));
  EXPECT_TRUE(lower.received[1].empty());
}

/// A server that takes connections and does nothing with them.
class Blackhole {
 public:
  explicit Blackhole(asio::io_context& io)
      : acceptor_(io, {asio::ip::address_v4::loopback(), 0}) {
    Accept();
  }
  uint16_t port() const { return acceptor_.local_endpoint().port(); }
  size_t count() const { return sockets_.size(); }

 private:
  void Accept() {
    acceptor_.async_accept([this](const asio::error_code& error, asio::ip::tcp::socket socket) {
      if (error) return;
      sockets_.push_back(std::move(socket));
      Accept();
    });
  }
  asio::ip::tcp::acceptor acceptor_;
  std::vector<asio::ip::tcp::socket> sockets_;
};

TEST_F(PeerHostileTest, TheDialerGivesUpOnAServerThatSaysNothingAndTriesAgain) {
  Blackhole blackhole(io);
  Node higher(io);
  NetConfig config = ConfigOf(1, SetOfSize(2), {LocalAddress(blackhole.port())});
  config.timing.tls = 50;
  higher.Start(config);
  EXPECT_TRUE(RunUntil(io, [&] { return blackhole.count() >= 3; }));
  EXPECT_EQ(higher.NotesOf("handshake_timeout"), 1u);
}

}  // namespace
}  // namespace beian
