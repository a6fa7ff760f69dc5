#pragma once

#include <gtest/gtest.h>

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "node/net/frame_reader.h"
#include "node/net/hello.h"
#include "node/net/peer_network.h"
#include "node/net/tls_identity.h"

/// Real sockets on 127.0.0.1 with ports that the system chooses; everything in one thread.
namespace beian::net_test {

inline PrivateKey TlsKeyOf(uint16_t index) {
  return PrivateKey::FromSeed(KeyScheme::kEd25519, "tls " + std::to_string(index));
}

/// Keys that no genesis here knows stand at indices from 100.
inline constexpr uint16_t kStranger = 100;

inline ValidatorSet SetOf(const std::vector<uint16_t>& key_numbers) {
  std::vector<Validator> members;
  for (const uint16_t number : key_numbers) {
    const auto consensus =
        PrivateKey::FromSeed(KeyScheme::kEd25519, "consensus " + std::to_string(number));
    members.push_back({"v" + std::to_string(members.size()), consensus.public_key(),
                       TlsKeyOf(number).public_key()});
  }
  return ValidatorSet(std::move(members));
}

inline ValidatorSet SetOfSize(size_t size) {
  std::vector<uint16_t> numbers(size);
  for (size_t i = 0; i < size; ++i) numbers[i] = static_cast<uint16_t>(i);
  return SetOf(numbers);
}

inline ChainId TestChain(char octet = '\x11') {
  return ChainId::FromBytes(Bytes(ChainId::kSize, octet));
}

inline Frame FrameOf(Bytes octets) {
  return std::make_shared<const Bytes>(std::move(octets));
}

inline std::string LocalAddress(uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

/// Turns the loop until `done`; false when that does not happen in ten seconds.
inline bool RunUntil(asio::io_context& io, const std::function<bool()>& done) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    io.restart();
    io.run_one_for(std::chrono::milliseconds(20));
  }
  return true;
}

inline void RunFor(asio::io_context& io, uint64_t ms) {
  io.restart();
  io.run_for(std::chrono::milliseconds(static_cast<int64_t>(ms)));
}

/// A network and what it has reported.
struct Node {
  explicit Node(asio::io_context& context) : io(context) {}

  void Start(NetConfig config) {
    self = config.self;
    network = std::make_unique<PeerNetwork>(io, std::move(config), Callbacks());
    const auto started = network->Start();
    ASSERT_TRUE(started.has_value()) << started.error().detail;
  }

  NetCallbacks Callbacks() {
    return {
        [this](ValidatorIndex peer) {
          EXPECT_FALSE(up[peer.value()]) << "up twice";
          up[peer.value()] = true;
          ++ups[peer.value()];
        },
        [this](ValidatorIndex peer) {
          EXPECT_TRUE(up[peer.value()]) << "down without up";
          up[peer.value()] = false;
          ++downs[peer.value()];
        },
        [this](ValidatorIndex peer, Bytes frame) {
          EXPECT_TRUE(up[peer.value()]) << "a message of a peer that is down";
          received[peer.value()].push_back(std::move(frame));
          if (on_message) on_message(peer);
        },
        [this](const NetNote& note) { notes.push_back(note); },
    };
  }

  size_t NotesOf(std::string_view id) const {
    size_t count = 0;
    for (const NetNote& note : notes) count += note.id == id ? 1 : 0;
    return count;
  }
  /// Text of the first note with this id; "" when there is none.
  std::string Text(std::string_view id) const {
    for (const NetNote& note : notes) {
      if (note.id == id) return note.detail;
    }
    return "";
  }
  bool Up(uint16_t peer) { return up[peer]; }
  ConnectionStatus StatusOf(uint16_t peer) const {
    for (const ConnectionStatus& status : network->peers()) {
      if (status.peer == ValidatorIndex(peer)) return status;
    }
    return {};
  }
  void Send(uint16_t peer, Bytes frame, Priority priority = Priority::kReply) {
    network->Send(ValidatorIndex(peer), FrameOf(std::move(frame)), priority);
  }

  asio::io_context& io;
  ValidatorIndex self;
  std::unique_ptr<PeerNetwork> network;
  std::map<uint16_t, bool> up;
  std::map<uint16_t, size_t> ups;
  std::map<uint16_t, size_t> downs;
  std::map<uint16_t, std::vector<Bytes>> received;
  std::function<void(ValidatorIndex)> on_message;
  std::vector<NetNote> notes;
};

/// Configuration of validator `self` with its own key; `addresses` of those below it.
inline NetConfig ConfigOf(uint16_t self, const ValidatorSet& set,
                          std::vector<std::string> addresses = {}) {
  NetConfig config;
  config.self = ValidatorIndex(self);
  config.listen = "127.0.0.1:0";
  config.addresses = std::move(addresses);
  config.validators = set;
  config.chain_id = TestChain();
  config.tls_key_pem = TlsKeyOf(self).ToPem();
  config.timing.retry_first = 10;
  config.timing.retry_max = 40;
  return config;
}

/// A client made by hand: does one step at a time and nothing that it is not told.
class RawClient {
 public:
  /// With the key of validator `key`, which trusts validator 0.
  RawClient(asio::io_context& io, uint16_t key, const TlsValidity& validity = {})
      : io_(io),
        identity_(TlsIdentity::Make(TlsKeyOf(key).ToPem(), {TlsKeyOf(0).public_key(),
                                                            TlsKeyOf(1).public_key()},
                                    validity)
                      .value()),
        stream_(io, identity_->context()) {}
  /// With a context of the test's own.
  RawClient(asio::io_context& io, asio::ssl::context& context) : io_(io), stream_(io, context) {}

  asio::ip::tcp::socket& socket() { return stream_.next_layer(); }

  asio::error_code Connect(uint16_t port) {
    return Do([&](auto done) {
      socket().async_connect({asio::ip::address_v4::loopback(), port}, done);
    });
  }
  asio::error_code Handshake() {
    return Do([&](auto done) { stream_.async_handshake(asio::ssl::stream_base::client, done); });
  }
  asio::error_code HandshakeAs(int tls_version) {
    SSL_set_min_proto_version(stream_.native_handle(), tls_version);
    SSL_set_max_proto_version(stream_.native_handle(), tls_version);
    return Handshake();
  }
  asio::error_code Write(BytesView octets) {
    return Do([&](auto done) {
      asio::async_write(stream_, asio::buffer(octets),
                        [done](const asio::error_code& error, size_t) { done(error); });
    });
  }
  asio::error_code WriteFrame(BytesView frame) {
    const auto header = FrameHeader(static_cast<uint32_t>(frame.size()));
    return Write(Bytes(header.data(), header.size()) + Bytes(frame));
  }
  asio::error_code WritePlain(BytesView octets) {
    return Do([&](auto done) {
      asio::async_write(socket(), asio::buffer(octets),
                        [done](const asio::error_code& error, size_t) { done(error); });
    });
  }
  /// Reads TLS to the next frame; "" and an error when the other side ends it.
  std::pair<Bytes, asio::error_code> ReadFrame() {
    for (;;) {
      if (auto frame = reader_.Next(unread_).value()) return {*std::move(frame), {}};
      size_t count = 0;
      const auto error = Do([&](auto done) {
        stream_.async_read_some(asio::buffer(buffer_),
                                [&count, done](const asio::error_code& ec, size_t n) {
                                  count = n;
                                  done(ec);
                                });
      });
      if (error) return {"", error};
      unread_ = BytesView(buffer_.data(), count);
    }
  }
  /// What ends the plain connection, after whatever octets came.
  asio::error_code ReadPlainToEnd() {
    asio::error_code error;
    while (!error) {
      error = Do([&](auto done) {
        socket().async_read_some(asio::buffer(buffer_),
                                 [done](const asio::error_code& ec, size_t) { done(ec); });
      });
    }
    return error;
  }
  /// Connection, TLS, Hello and Welcome as validator `index`.
  Verdict Greet(uint16_t port, uint16_t index, const Greeting& other = {}) {
    EXPECT_FALSE(Connect(port));
    EXPECT_FALSE(Handshake());
    Greeting greeting = other;
    if (greeting == Greeting{}) greeting = {1, TestChain(), ValidatorIndex(index)};
    EXPECT_FALSE(WriteFrame(EncodeHello(greeting)));
    const auto welcome = DecodeWelcome(ReadFrame().first);
    EXPECT_TRUE(welcome.has_value());
    return welcome ? welcome->verdict : Verdict::kWrongIndex;
  }

 private:
  /// Starts an operation and turns the loop until it is done.
  template <class Start>
  asio::error_code Do(Start start) {
    auto result = std::make_shared<std::pair<bool, asio::error_code>>();
    start([result](const asio::error_code& error) { *result = {true, error}; });
    if (!RunUntil(io_, [&] { return result->first; })) ADD_FAILURE() << "nothing happens";
    return result->second;
  }

  asio::io_context& io_;
  std::shared_ptr<TlsIdentity> identity_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  std::array<char, 16'384> buffer_;
  BytesView unread_;
  FrameReader reader_{kFrameBytesMax};
};

}  // namespace beian::net_test
