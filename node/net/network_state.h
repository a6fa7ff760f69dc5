#pragma once

#include <array>
#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "node/net/hello.h"
#include "node/net/link.h"
#include "node/net/note_limiter.h"
#include "node/net/peer_network.h"

/// Inside of PeerNetwork, shared by its sources and nothing else: peer_network.cc has what callers
/// and callbacks see, handshake.cc how a connection comes to be.
namespace beian {

using LinkPtr = std::shared_ptr<Link>;
template <class T>
using Awaitable = asio::awaitable<T>;

/// One other validator.
struct PeerNetwork::Slot {
  using TimePoint = std::chrono::steady_clock::time_point;
  Slot(asio::io_context& io, ValidatorIndex validator, std::string at)
      : index(validator), address(std::move(at)), retry_timer(io) {}

  ValidatorIndex index;
  std::string address;         ///< as configured
  LinkPtr link;                ///< while connected
  std::string remote;          ///< its other end
  TimePoint up_since;
  TimePoint not_before;        ///< when a dropped peer may come back
  LinkPtr dialing;             ///< from the attempt to the end of the connection
  asio::steady_timer retry_timer;
  std::string last_failure;    ///< id
  std::string last_complaint;  ///< id and text of what was said last, not to be said again
  bool told_queue_full = false;
  uint64_t connections = 0;
  uint64_t unsent = 0;
  Link::Counters past;         ///< of connections that have ended
  std::array<uint64_t, kPriorityCount> past_dropped{};
};

/// Shared by the network and its coroutines, which end soon after Stop.
struct PeerNetwork::State : std::enable_shared_from_this<PeerNetwork::State> {
  using Endpoint = asio::ip::tcp::endpoint;
  State(asio::io_context& context, NetConfig net_config, NetCallbacks net_callbacks);

  std::expected<void, NetStartError> Start();
  std::expected<void, NetStartError> CheckAddresses() const;
  std::expected<void, NetStartError> LoadIdentity();
  std::expected<void, NetStartError> Listen();
  void Stop();
  uint16_t Port() const;

  Slot* Find(ValidatorIndex index);
  void Send(Slot& slot, Frame frame, Priority priority);
  void Drop(Slot& slot, std::string_view reason);
  ConnectionStatus StatusOf(const Slot& slot) const;

  static Awaitable<void> AcceptLoop(std::shared_ptr<State> self);
  static Awaitable<void> Serve(std::shared_ptr<State> self, LinkPtr link, Endpoint from);
  Awaitable<Slot*> HearHello(Link& link, const Endpoint& from);
  void AddPending(LinkPtr link, const asio::ip::address& from);
  void RemovePending(const LinkPtr& link);

  static Awaitable<void> DialLoop(std::shared_ptr<State> self, Slot& slot);
  Awaitable<void> Dial(Slot& slot, const LinkPtr& link);
  Awaitable<bool> ConnectTo(Slot& slot, Link& link);
  Awaitable<std::vector<Endpoint>> Resolve(Slot& slot);
  Awaitable<bool> ProveKeys(Slot& slot, Link& link);
  Awaitable<bool> SayHello(Slot& slot, Link& link);

  /// From up to down.
  Awaitable<void> Converse(Slot& slot, const LinkPtr& link, const std::string& remote);
  void Raise(Slot& slot, const LinkPtr& link, const std::string& remote);
  void Lower(Slot& slot, const LinkPtr& link);

  LinkPtr NewLink();
  uint64_t Jittered(uint64_t ms);
  Greeting OwnGreeting() const;
  std::string NameOf(const Slot& slot) const;
  void Note(NetNote::Level level, std::string_view id, std::string detail);
  void Complain(Slot& slot, std::string_view id, std::string detail);
  void ComplainOfStranger(std::string_view id, const asio::ip::address& from, std::string detail);
  void ComplainOfHandshake(const Link& link, const asio::ip::address& from);

  struct Pending {
    LinkPtr link;
    asio::ip::address from;
  };

  asio::io_context& io;
  NetConfig config;
  NetCallbacks callbacks;
  std::shared_ptr<TlsIdentity> identity;
  asio::ip::tcp::acceptor acceptor;
  asio::steady_timer accept_timer;
  std::vector<std::unique_ptr<Slot>> slots;  ///< by validator index; null for self
  std::list<Pending> pending;                ///< accepted, not yet welcomed, oldest first
  NoteLimiter strangers;
  std::minstd_rand random;                   ///< spreads attempts in time, nothing more
  bool stopped = false;
};

}  // namespace beian
