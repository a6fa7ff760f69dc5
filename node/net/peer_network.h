#pragma once

#include <array>
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/base/types.h"
#include "ledger/chain/validator_set.h"
#include "node/net/priority.h"

namespace asio {
class io_context;
}

/// Connections between validators: TLS 1.3, both sides named by the keys that genesis pins. One
/// connection for each pair; the validator with the higher index dials the one with the lower.
namespace beian {

/// A message on its way out, shared by the queues of all peers.
using Frame = std::shared_ptr<const Bytes>;

/// Octets of one frame; a length above it ends the connection before anything is allocated.
inline constexpr size_t kFrameBytesMax = 8'000'000;

/// In milliseconds.
struct NetTiming {
  uint64_t connect = 3'000;       ///< until TCP answers
  uint64_t tls = 5'000;           ///< until the TLS handshake is done
  uint64_t hello = 5'000;         ///< until Hello, and until Welcome
  uint64_t idle = 15'000;         ///< without an octet from the peer
  uint64_t ping = 5'000;          ///< silence of our own after which 4 octets keep the peer calm
  uint64_t write_stall = 20'000;  ///< without an octet taken by the peer while frames wait
  uint64_t retry_first = 50;      ///< between attempts; doubles
  uint64_t retry_max = 5'000;
  uint64_t stable = 5'000;        ///< a connection that lived so long starts again at retry_first
  uint64_t penalty = 1'000;       ///< a peer dropped for its fault is not let in again before
};

struct NetLimits {
  size_t pending_max = 64;             ///< accepted, not yet welcomed; a newer one ends the oldest
  size_t pending_per_address_max = 16;
  size_t queue_bytes_max = 12'000'000; ///< of one peer, all classes
};

struct NetConfig {
  ValidatorIndex self;
  std::string listen;                  ///< "127.0.0.1:7001", "[::]:7001"; port 0: any free one
  std::vector<std::string> addresses;  ///< by validator index, "host:port"; used below self
  ValidatorSet validators;             ///< their tls_key is who they are
  ChainId chain_id;
  Bytes tls_key_pem;                   ///< PKCS #8; the private half of own tls_key
  NetTiming timing;
  NetLimits limits;
};

/// One line for the operator's log. `id` is stable: "peer_up", "wrong_chain", ...
struct NetNote {
  enum class Level : uint8_t { kInfo, kWarning };
  Level level = Level::kInfo;
  std::string id;
  std::string detail;  ///< names the peer or address, what was found and what was expected
};

/// Called on the thread that runs the io_context, never after Stop and, but for on_note, never from
/// inside a call of PeerNetwork's. They may call Send, Drop and Stop. None may be empty.
struct NetCallbacks {
  std::function<void(ValidatorIndex)> on_up;    ///< Hello and Welcome have passed
  std::function<void(ValidatorIndex)> on_down;  ///< after each on_up, once
  std::function<void(ValidatorIndex, Bytes frame)> on_message;  ///< between on_up and on_down
  std::function<void(const NetNote&)> on_note;
};

struct ConnectionStatus {
  ValidatorIndex peer;
  bool connected = false;
  uint64_t connected_ms = 0;     ///< how long
  std::string address;           ///< of the other end while connected, else as configured
  uint64_t connections = 0;      ///< since start, as are the counters below
  uint64_t bytes_in = 0;         ///< frames and their lengths, before encryption
  uint64_t bytes_out = 0;
  uint64_t frames_in = 0;
  uint64_t frames_out = 0;
  size_t queued_frames = 0;
  size_t queued_bytes = 0;
  std::array<uint64_t, kPriorityCount> dropped{};  ///< frames by class: queue full
  uint64_t unsent = 0;                             ///< frames for a peer that was not connected
  std::string last_failure;      ///< id of the last complaint, or why the last connection ended
};

struct NetStartError {
  enum class Kind {
    kBadTlsKey,      ///< not an Ed25519 key in PKCS #8 PEM
    kForeignTlsKey,  ///< not the one that genesis pins for `self`
    kBadAddress,     ///< not host:port
    kListenFailed,   ///< taken or not ours; `detail` says which
  };
  Kind kind;
  std::string detail;
};

/// Every member is called on the thread that runs the io_context, or before it runs. One thread
/// runs it, and it outlives the network.
class PeerNetwork {
 public:
  PeerNetwork(asio::io_context& io, NetConfig config, NetCallbacks callbacks);
  ~PeerNetwork();  ///< stops
  PeerNetwork(const PeerNetwork&) = delete;
  PeerNetwork& operator=(const PeerNetwork&) = delete;

  /// Listens and begins to dial. Once.
  std::expected<void, NetStartError> Start();
  /// Closes everything. No callback comes after it; the io_context runs out of our work soon.
  void Stop();

  /// Queues a frame. Never blocks: when the peer is slow its oldest frames of the class go, gossip
  /// before all else. A frame for a peer that is not connected is dropped and counted.
  void Send(ValidatorIndex peer, Frame frame, Priority priority);
  /// To every connected peer.
  void Broadcast(const Frame& frame, Priority priority);
  /// Ends a peer's connection for its fault, such as a frame that does not decode.
  void Drop(ValidatorIndex peer, std::string_view reason);

  uint16_t port() const;  ///< that it listens on; 0 before Start
  std::vector<ConnectionStatus> peers() const;  ///< every validator but self, by index
  size_t connected() const;

 private:
  struct Slot;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace beian
