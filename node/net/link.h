#pragma once

#include <array>
#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "node/net/frame_reader.h"
#include "node/net/peer_network.h"
#include "node/net/send_queue.h"
#include "node/net/tls_identity.h"

namespace beian {

/// Why a connection ended; whose fault it is stands behind it.
enum class LinkEnd : uint8_t {
  kClosed,        ///< by the other side or the network
  kTimeout,       ///< the other side was silent for too long
  kWriteStalled,  ///< the other side reads nothing
  kTlsFailed,     ///< theirs: `detail` says what OpenSSL found
  kFrameTooLong,  ///< theirs
  kRefused,       ///< ours: the greeting was not good
  kReplaced,      ///< ours: the same validator has connected anew
  kCrowdedOut,    ///< ours: too many connections are waiting to be welcomed
  kDropped,       ///< ours: it sent what no honest validator sends
  kStopped,       ///< ours
};
std::string_view LinkEndId(LinkEnd end);  ///< "timeout"

/// One TLS connection from socket to last octet. Owned by the coroutines that run on it. All that
/// waits on the network stands under one of two deadlines, which a single timer watches by closing
/// the socket; so no step has a timeout of its own that could be forgotten.
class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(asio::io_context& io, std::shared_ptr<TlsIdentity> identity, const NetTiming& timing,
       size_t queue_bytes_max);

  asio::ip::tcp::socket& socket() { return stream_.next_layer(); }

  /// First call: starts the watch. Whatever is read must be there within `ms` from now.
  void ExpectWithin(uint64_t ms);

  /// Tries one after the other.
  asio::awaitable<bool> Connect(const std::vector<asio::ip::tcp::endpoint>& endpoints);
  asio::awaitable<bool> Handshake(asio::ssl::stream_base::handshake_type side);
  /// The next frame; nothing when the link has ended.
  asio::awaitable<std::optional<Bytes>> Read();
  /// Writes one frame past the queue: for greetings, before Open.
  asio::awaitable<bool> WriteNow(const Bytes& frame);

  /// The greeting is over: long frames, the idle deadline, and the queue begins to leave.
  void Open();
  /// Queues a frame; a link that has ended takes none.
  void Send(Frame frame, Priority priority);
  /// Once; the first reason stands. Everything that waits on the link comes back soon.
  void Close(LinkEnd why, std::string detail = {});

  bool ended() const { return end_.has_value(); }
  LinkEnd end() const { return *end_; }
  std::string ShowEnd() const;  ///< "tls_failed: unsupported protocol"; "open" before
  /// Key that the other side showed, trusted or not; proven only after Handshake.
  const std::optional<PublicKey>& peer_key() const { return peer_key_; }
  const SendQueue& queue() const { return queue_; }

  struct Counters {
    uint64_t bytes_in = 0;
    uint64_t bytes_out = 0;
    uint64_t frames_in = 0;
    uint64_t frames_out = 0;
  };
  const Counters& counters() const { return counters_; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kReadBytes = 16'384;        ///< a TLS record
  static constexpr size_t kWriteBatchBytes = 262'144; ///< frames gathered in one write
  static constexpr size_t kWriteBatchFrames = 256;
  static constexpr size_t kWriteStepBytes = 65'536;   ///< progress is looked at so often

  static asio::awaitable<void> Watch(std::shared_ptr<Link> link);
  static asio::awaitable<void> WriteQueue(std::shared_ptr<Link> link);
  asio::awaitable<void> WaitForFrames();
  asio::awaitable<bool> Write(const std::vector<Frame>& frames);
  asio::awaitable<bool> WriteKeepalive();
  asio::awaitable<bool> WriteBuffers(const std::vector<asio::const_buffer>& buffers);
  void SetDue(Clock::time_point& due, Clock::time_point value);

  std::shared_ptr<TlsIdentity> identity_;
  NetTiming timing_;
  std::optional<PublicKey> peer_key_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  asio::steady_timer watch_timer_;
  asio::steady_timer write_timer_;
  Clock::time_point read_due_ = Clock::time_point::max();
  Clock::time_point write_due_ = Clock::time_point::max();
  bool watched_ = false;
  bool open_ = false;
  bool writer_waits_ = false;
  FrameReader reader_;
  std::array<char, kReadBytes> read_buffer_;
  BytesView unread_;
  SendQueue queue_;
  Counters counters_;
  std::optional<LinkEnd> end_;
  std::string detail_;
};

}  // namespace beian
