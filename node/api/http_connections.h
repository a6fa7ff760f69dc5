#pragma once

#include <asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>

namespace beian {

/// A request has waited so long, at least, when the end of its client's stream counts as a hang-up:
/// a client that closed only its own side looks the same, and wants its answer.
inline constexpr auto kHangUpGrace = std::chrono::milliseconds(1'000);

/// So many octets of a request are progress: or a client could hold megabytes with an octet now and
/// then.
inline constexpr size_t kProgressBytes = 16'384;

/// One connection of a listener: its socket and what it costs.
struct HttpConnection {
  using Clock = std::chrono::steady_clock;
  enum class Phase : uint8_t {
    kReading,  ///< idle, or its request is coming
    kWaiting,  ///< its request is with the handler
    kWriting,  ///< its answer is going
  };

  explicit HttpConnection(asio::ip::tcp::socket s) : socket(std::move(s)) {}

  asio::ip::tcp::socket socket;
  Phase phase = Phase::kReading;
  Clock::time_point since = Clock::now();  ///< of the phase
  Clock::time_point progress = since;      ///< when a piece of them came or went
  size_t piece = 0;                        ///< octets that came since then
  size_t bytes = 0;                        ///< of the request that comes, or of the answer
};

/// Every connection of a listener whose socket is open, and the octets under way on all of them. A
/// connection costs what it takes: whoever has to make room is reset, its socket closed at once, so
/// that what is counted here is what the process and the kernel hold. One thread.
class HttpConnections {
 public:
  using Id = uint64_t;
  using Pointer = std::shared_ptr<HttpConnection>;

  HttpConnections(size_t connections_max, size_t bytes_max)
      : connections_max_(connections_max), bytes_max_(bytes_max) {}

  /// Whether MakeRoom would find a place for one more.
  bool HasRoom() const;
  /// When all places are taken, resets the one that has been idle longest, or reading its request
  /// longest. False: nobody is, and one more is not to be accepted.
  bool MakeRoom();
  void Add(Id id, Pointer connection);
  Pointer Find(Id id) const;  ///< null: closed
  void Remove(Id id);         ///< its socket is closed
  void Reset(Id id);          ///< closes its socket; neither side waits for the other

  /// Octets of its request came.
  void Came(HttpConnection& connection, size_t bytes);
  /// Its request is whole, and `bytes` of it are with the handler until Release. False: handlers
  /// hold all that they may, and this request is not to be one of them.
  bool Lend(HttpConnection& connection, size_t bytes);
  void Release(size_t bytes);
  /// An answer of that length is about to be written.
  void Answer(HttpConnection& connection, size_t bytes);
  /// It waits for the next request.
  void Rest(HttpConnection& connection);

  /// Resets those that hung up while their request waits.
  void ResetHungUp();
  void CloseAll();  ///< what was written still goes

 private:
  using Map = std::map<Id, Pointer>;

  void Enter(HttpConnection& connection, HttpConnection::Phase phase);
  bool MakeRoomFor(const HttpConnection& connection);
  bool ResetSlowest(const HttpConnection& except);
  void Reset(Map::iterator it);

  const size_t connections_max_;
  const size_t bytes_max_;
  Map all_;
  size_t bytes_ = 0;  ///< of all connections, and with handlers
};

}  // namespace beian
