#include "node/net/peer_network.h"

#include <algorithm>
#include <thread>

#include "tests/node/net/net_testing.h"

namespace beian {
namespace {

using namespace net_test;

class PeerNetworkTest : public testing::Test {
 protected:
  /// Starts `count` validators, lower ones first, so that the higher know where to dial.
  void StartAll(size_t count, const NetTiming* timing = nullptr) {
    set = SetOfSize(count);
    for (uint16_t i = 0; i < count; ++i) {
      nodes.push_back(std::make_unique<Node>(io));
      NetConfig config = ConfigOf(i, set, addresses);
      if (timing != nullptr) config.timing = *timing;
      nodes.back()->Start(config);
      addresses.push_back(LocalAddress(nodes.back()->network->port()));
    }
  }
  bool AllUp() {
    return RunUntil(io, [&] {
      return std::ranges::all_of(nodes, [&](const auto& node) {
        return node->network->connected() == nodes.size() - 1;
      });
    });
  }
  Node& node(size_t index) { return *nodes[index]; }

  asio::io_context io;
  ValidatorSet set;
  std::vector<std::string> addresses;
  std::vector<std::unique_ptr<Node>> nodes;
};

TEST_F(PeerNetworkTest, TwoValidatorsComeUpOnceAtBothEnds) {
  StartAll(2);
  ASSERT_TRUE(AllUp());
  RunFor(io, 100);
  EXPECT_EQ(node(0).ups[1], 1u);
  EXPECT_EQ(node(1).ups[0], 1u);
  EXPECT_EQ(node(0).downs[1], 0u);
  EXPECT_EQ(node(0).NotesOf("peer_up"), 1u);
  EXPECT_EQ(node(0).NotesOf("listening"), 1u);
  for (const NetNote& note : node(0).notes) EXPECT_EQ(note.level, NetNote::Level::kInfo);
}

TEST_F(PeerNetworkTest, CarriesFramesOfEverySizeBothWays) {
  StartAll(2);
  ASSERT_TRUE(AllUp());
  const std::vector<size_t> sizes = {0,      1,      3,       4,         5,         4'096, 16'383,
                                     16'384, 16'385, 65'536, 1'000'000, 3'000'001, 0,     7};
  std::vector<Bytes> frames;
  for (const size_t size : sizes) {
    Bytes frame(size, '\0');
    for (size_t i = 0; i < size; ++i) frame[i] = static_cast<char>(i * 31 + size);
    frames.push_back(std::move(frame));
  }
  for (const Bytes& frame : frames) {
    node(0).Send(1, frame);
    node(1).Send(0, frame);
  }
  ASSERT_TRUE(RunUntil(io, [&] {
    return node(0).received[1].size() == sizes.size() && node(1).received[0].size() == sizes.size();
  }));
  EXPECT_TRUE(node(0).received[1] == frames);
  EXPECT_TRUE(node(1).received[0] == frames);
}

TEST_F(PeerNetworkTest, CarriesTheLargestFrame) {
  StartAll(2);
  ASSERT_TRUE(AllUp());
  node(1).Send(0, Bytes(kFrameBytesMax, 'L'), Priority::kSync);
  ASSERT_TRUE(RunUntil(io, [&] { return node(0).received[1].size() == 1; }));
  EXPECT_TRUE(node(0).received[1][0] == Bytes(kFrameBytesMax, 'L'));
}

TEST_F(PeerNetworkTest, FourValidatorsFormEveryPairAndBroadcastReachesAll) {
  StartAll(4);
  ASSERT_TRUE(AllUp());
  for (uint16_t i = 0; i < 4; ++i) {
    node(i).network->Broadcast(FrameOf("from " + std::to_string(i)), Priority::kCertificate);
  }
  ASSERT_TRUE(RunUntil(io, [&] {
    for (auto& each : nodes) {
      for (uint16_t peer = 0; peer < 4; ++peer) {
        if (ValidatorIndex(peer) != each->self && each->received[peer].empty()) return false;
      }
    }
    return true;
  }));
  for (auto& each : nodes) {
    for (const auto& [peer, frames] : each->received) {
      if (ValidatorIndex(peer) == each->self) continue;
      EXPECT_EQ(frames, std::vector<Bytes>{"from " + std::to_string(peer)});
    }
  }
}

TEST_F(PeerNetworkTest, SendsCertificatesBeforeWhatWasQueuedEarlier) {
  StartAll(2);
  ASSERT_TRUE(AllUp());
  for (int i = 0; i < 20; ++i) node(1).Send(0, Bytes(50'000, 't'), Priority::kTransactions);
  node(1).Send(0, "certificate", Priority::kCertificate);
  ASSERT_TRUE(RunUntil(io, [&] { return node(0).received[1].size() == 21; }));
  EXPECT_EQ(node(0).received[1][0], "certificate");
}

TEST_F(PeerNetworkTest, KeepsTheOrderWithinAClass) {
  StartAll(2);
  ASSERT_TRUE(AllUp());
  constexpr int kFrames = 3'000;  // several writes' worth
  for (int i = 0; i < kFrames; ++i) node(1).Send(0, std::to_string(i), Priority::kVote);
  ASSERT_TRUE(RunUntil(io, [&] { return node(0).received[1].size() == kFrames; }));
  for (int i = 0; i < kFrames; ++i) ASSERT_EQ(node(0).received[1][i], std::to_string(i));
}

TEST_F(PeerNetworkTest, CountsWhatItCarries) {
  StartAll(2);
  ASSERT_TRUE(AllUp());
  const ConnectionStatus before = node(0).StatusOf(1);
  EXPECT_TRUE(before.connected);
  EXPECT_EQ(before.connections, 1u);
  EXPECT_NE(before.address.find("127.0.0.1:"), std::string::npos);
  node(1).Send(0, Bytes(1'000, 'a'));
  node(1).Send(0, Bytes(2'000, 'b'));
  ASSERT_TRUE(RunUntil(io, [&] { return node(0).received[1].size() == 2; }));
  ASSERT_TRUE(RunUntil(io, [&] { return node(1).StatusOf(0).frames_out >= 2; }));
  const ConnectionStatus after = node(0).StatusOf(1);
  EXPECT_EQ(after.frames_in - before.frames_in, 2u);
  EXPECT_EQ(after.bytes_in - before.bytes_in, 3'008u);
  EXPECT_EQ(node(1).StatusOf(0).queued_bytes, 0u);
}

TEST_F(PeerNetworkTest, CountsFramesForAPeerThatIsNotThere) {
  StartAll(1);
  set = SetOfSize(2);
  Node lonely(io);
  lonely.Start(ConfigOf(0, set));
  lonely.Send(1, "x");
  lonely.network->Broadcast(FrameOf("y"), Priority::kVote);
  lonely.Send(0, "to itself");
  lonely.Send(9, "to nobody");
  EXPECT_EQ(lonely.StatusOf(1).unsent, 1u) << "a broadcast goes to those that are connected";
  EXPECT_FALSE(lonely.StatusOf(1).connected);
}

TEST_F(PeerNetworkTest, FindsAPeerByName) {
  set = SetOfSize(2);
  Node lower(io);
  lower.Start(ConfigOf(0, set));
  Node higher(io);
  higher.Start(ConfigOf(1, set, {"localhost:" + std::to_string(lower.network->port())}));
  EXPECT_TRUE(RunUntil(io, [&] { return higher.Up(0) && lower.Up(1); }));
}

TEST_F(PeerNetworkTest, ComesBackAfterTheDialedPeerRestarts) {
  StartAll(2);
  ASSERT_TRUE(AllUp());
  const uint16_t port = node(0).network->port();
  node(0).network.reset();
  ASSERT_TRUE(RunUntil(io, [&] { return node(1).downs[0] == 1; }));
  ASSERT_TRUE(RunUntil(io, [&] { return node(1).NotesOf("unreachable") == 1; }));
  RunFor(io, 150);
  EXPECT_EQ(node(1).NotesOf("unreachable"), 1u) << "said once, tried often";
  Node again(io);
  NetConfig config = ConfigOf(0, set);
  config.listen = LocalAddress(port);
  again.Start(config);
  ASSERT_TRUE(RunUntil(io, [&] { return node(1).Up(0) && again.Up(1); }));
  EXPECT_EQ(node(1).StatusOf(0).connections, 2u);
  node(1).Send(0, "back");
  EXPECT_TRUE(RunUntil(io, [&] { return again.received[1] == std::vector<Bytes>{"back"}; }));
}

TEST_F(PeerNetworkTest, ComesBackAfterTheDialingPeerRestarts) {
  StartAll(2);
  ASSERT_TRUE(AllUp());
  node(1).network.reset();
  ASSERT_TRUE(RunUntil(io, [&] { return node(0).downs[1] == 1; }));
  EXPECT_EQ(node(0).StatusOf(1).last_failure, "closed");
  Node again(io);
  again.Start(ConfigOf(1, set, addresses));
  EXPECT_TRUE(RunUntil(io, [&] { return again.Up(0) && node(0).Up(1); }));
}

// A peer whose machine died leaves a connection behind that nobody closes.
TEST_F(PeerNetworkTest, ReplacesAConnectionByANewerOneOfTheSamePeer) {
  set = SetOfSize(2);
  Node lower(io);
  lower.Start(ConfigOf(0, set));
  RawClient gone(io, 1);
  ASSERT_EQ(gone.Greet(lower.network->port(), 1), Verdict::kWelcome);
  RawClient back(io, 1);
  ASSERT_EQ(back.Greet(lower.network->port(), 1), Verdict::kWelcome);
  ASSERT_TRUE(RunUntil(io, [&] { return lower.ups[1] == 2; }));
  EXPECT_EQ(lower.downs[1], 1u);
  EXPECT_NE(lower.Text("peer_down").find("replaced"), std::string::npos);
  lower.Send(1, "to the newer");
  EXPECT_EQ(back.ReadFrame().first, "to the newer");
  EXPECT_TRUE(gone.ReadFrame().second) << "the older one is closed";
  RunFor(io, 50);
  EXPECT_TRUE(lower.Up(1)) << "the end of the older one is not the end of the newer";
}

TEST_F(PeerNetworkTest, DropsAPeerForItsFaultAndLetsItBackAfterThePenalty) {
  NetTiming timing = ConfigOf(0, SetOfSize(1)).timing;
  timing.penalty = 1'000;
  StartAll(2, &timing);
  ASSERT_TRUE(AllUp());
  node(0).network->Drop(ValidatorIndex(1), "message.malformed");
  EXPECT_EQ(node(0).downs[1], 0u) << "no callback from inside a call";
  node(0).Send(1, "too late");
  ASSERT_TRUE(RunUntil(io, [&] { return node(0).downs[1] == 1; }));
  EXPECT_NE(node(0).Text("peer_down").find("message.malformed"), std::string::npos);
  ASSERT_TRUE(RunUntil(io, [&] { return node(1).NotesOf("too_soon") == 1; }));
  EXPECT_EQ(node(0).ups[1], 1u);
  ASSERT_TRUE(RunUntil(io, [&] { return node(0).ups[1] == 2; }));
  EXPECT_TRUE(node(1).received[0].empty());
}

TEST_F(PeerNetworkTest, StaysConnectedThroughSilence) {
  NetTiming timing;
  timing.idle = 200;
  timing.ping = 40;
  StartAll(2, &timing);
  ASSERT_TRUE(AllUp());
  RunFor(io, 600);
  EXPECT_EQ(node(0).ups[1], 1u);
  EXPECT_EQ(node(0).downs[1], 0u);
  EXPECT_TRUE(node(0).received[1].empty()) << "a sign of life is no message";
}

TEST_F(PeerNetworkTest, AWriteThatIsDoneHasNoDeadline) {
  NetTiming timing;
  timing.write_stall = 100;
  StartAll(2, &timing);
  ASSERT_TRUE(AllUp());
  node(1).Send(0, "once");
  RunFor(io, 400);
  EXPECT_EQ(node(0).received[1].size(), 1u);
  EXPECT_EQ(node(0).downs[1], 0u);
  EXPECT_EQ(node(1).downs[0], 0u);
}

// As after SIGSTOP or a suspended machine: all deadlines have passed, and all is well.
TEST_F(PeerNetworkTest, StaysConnectedWhenTheWholeProcessStoodStill) {
  NetTiming timing;
  timing.idle = 200;
  timing.ping = 40;
  StartAll(2, &timing);
  ASSERT_TRUE(AllUp());
  node(1).Send(0, "sent before");
  RunFor(io, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  ASSERT_TRUE(RunUntil(io, [&] { return node(0).received[1].size() == 1; }));
  RunFor(io, 100);
  EXPECT_EQ(node(0).downs[1], 0u);
  EXPECT_EQ(node(1).downs[0], 0u);
}

TEST_F(PeerNetworkTest, NoCallbackComesAfterStop) {
  StartAll(3);
  ASSERT_TRUE(AllUp());
  node(1).on_message = [&](ValidatorIndex) { node(1).network->Stop(); };
  for (int i = 0; i < 5; ++i) node(0).Send(1, "stop");
  ASSERT_TRUE(RunUntil(io, [&] { return node(0).downs[1] == 1 && node(2).downs[1] == 1; }));
  EXPECT_EQ(node(1).received[0].size(), 1u);
  EXPECT_EQ(node(1).downs[0], 0u);
  node(1).network->Stop();
  node(1).Send(0, "into the void");
  EXPECT_EQ(node(1).network->connected(), 0u);
}

TEST_F(PeerNetworkTest, LeavesNothingToDoWhenAllHaveStopped) {
  StartAll(3);
  ASSERT_TRUE(AllUp());
  for (auto& each : nodes) each->network.reset();
  io.restart();
  const auto began = std::chrono::steady_clock::now();
  io.run();  // returns when no work is left
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(3));
}

TEST_F(PeerNetworkTest, SurvivesALoopThatIsDestroyedAtWork) {
  auto short_lived = std::make_unique<asio::io_context>();
  set = SetOfSize(2);
  auto lower = std::make_unique<Node>(*short_lived);
  lower->Start(ConfigOf(0, set));
  auto higher = std::make_unique<Node>(*short_lived);
  higher->Start(ConfigOf(1, set, {LocalAddress(lower->network->port())}));
  ASSERT_TRUE(RunUntil(*short_lived, [&] { return lower->Up(1) && higher->Up(0); }));
  lower->network.reset();
  higher->network.reset();
  short_lived.reset();
}

class PeerNetworkStartTest : public PeerNetworkTest {
 protected:
  NetStartError::Kind Failure(const NetConfig& config) {
    Node failing(io);
    PeerNetwork network(io, config, failing.Callbacks());
    const auto started = network.Start();
    EXPECT_FALSE(started.has_value());
    if (started) return {};
    EXPECT_FALSE(started.error().detail.empty());
    return started.error().kind;
  }
};

TEST_F(PeerNetworkStartTest, RefusesAKeyThatIsNone) {
  for (const Bytes& pem : {Bytes("not a key"), Bytes(),
                           PrivateKey::FromSeed(KeyScheme::kP256, "p").ToPem()}) {
    NetConfig config = ConfigOf(0, SetOfSize(2));
    config.tls_key_pem = pem;
    EXPECT_EQ(Failure(config), NetStartError::Kind::kBadTlsKey);
  }
}

TEST_F(PeerNetworkStartTest, RefusesAKeyThatGenesisDoesNotPin) {
  NetConfig config = ConfigOf(0, SetOfSize(2));
  config.tls_key_pem = TlsKeyOf(1).ToPem();
  EXPECT_EQ(Failure(config), NetStartError::Kind::kForeignTlsKey);
}

TEST_F(PeerNetworkStartTest, RefusesAddressesThatAreNone) {
  for (const char* address : {"nowhere", "127.0.0.1:0", "127.0.0.1:99999", "[::1"}) {
    EXPECT_EQ(Failure(ConfigOf(1, SetOfSize(2), {address})), NetStartError::Kind::kBadAddress);
  }
  for (const char* listen : {"", "127.0.0.1", "not-an-address:1"}) {
    NetConfig config = ConfigOf(0, SetOfSize(2));
    config.listen = listen;
    EXPECT_EQ(Failure(config), NetStartError::Kind::kBadAddress) << listen;
  }
}

TEST_F(PeerNetworkStartTest, RefusesAPortThatIsTaken) {
  Node first(io);
  first.Start(ConfigOf(0, SetOfSize(2)));
  NetConfig config = ConfigOf(0, SetOfSize(2));
  config.listen = LocalAddress(first.network->port());
  EXPECT_EQ(Failure(config), NetStartError::Kind::kListenFailed);
}

}  // namespace
}  // namespace beian
