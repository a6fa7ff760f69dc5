#include <fmt/format.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <utility>

#include "node/net/awaiting.h"
#include "node/net/host_port.h"
#include "node/net/network_state.h"

namespace beian {
namespace {

// Coroutines here take references to what their caller keeps and await into named values only: in
// g++ 12 a class passed by value, or an awaited temporary inside a condition, is copied from a
// frame that does not hold it.

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr uint64_t kAcceptRetryMs = 100;  ///< after a failed accept: often no descriptor is left

std::string Show(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return fmt::format(fmt::runtime(endpoint.address().is_v6() ? "[{}]:{}" : "{}:{}"), address,
                     endpoint.port());
}

std::string ShowKey(const std::optional<PublicKey>& key) {
  return key ? "key " + key->id().hex() : "no Ed25519 key";
}

}  // namespace

// ---- Accepting --------------------------------------------------------------------------------

/// Strangers wait in a bounded room. A newcomer is never turned away: it ends the connection that
/// has waited longest, of its own address when that one has too many. Whoever holds a key needs
/// milliseconds here; whoever does not is the one that waits.
void PeerNetwork::State::AddPending(LinkPtr link, const asio::ip::address& from) {
  const auto of_address = [&](const Pending& other) { return other.from == from; };
  const auto count = static_cast<size_t>(std::ranges::count_if(pending, of_address));
  auto victim = pending.end();
  if (count >= config.limits.pending_per_address_max) {
    victim = std::ranges::find_if(pending, of_address);
  } else if (pending.size() >= config.limits.pending_max) {
    victim = pending.begin();
  }
  if (victim != pending.end()) {
    victim->link->Close(LinkEnd::kCrowdedOut);
    pending.erase(victim);
  }
  pending.push_back({std::move(link), from});
}

void PeerNetwork::State::RemovePending(const LinkPtr& link) {
  pending.remove_if([&](const Pending& other) { return other.link == link; });
}

Awaitable<void> PeerNetwork::State::AcceptLoop(std::shared_ptr<State> self) {
  while (!self->stopped) {
    const LinkPtr link = self->NewLink();
    tcp::endpoint from;
    asio::error_code error;
    co_await self->acceptor.async_accept(link->socket(), from, Into(error));
    if (self->stopped) co_return;
    if (!error) {
      self->AddPending(link, from.address());
      asio::co_spawn(self->io, Serve(self, link, from), asio::detached);
      continue;
    }
    self->ComplainOfStranger("accept_failed", {}, error.message());
    self->accept_timer.expires_after(Milliseconds(kAcceptRetryMs));
    co_await self->accept_timer.async_wait(Into(error));
  }
}

Awaitable<void> PeerNetwork::State::Serve(std::shared_ptr<State> self, LinkPtr link,
                                          Endpoint from) {
  link->ExpectWithin(self->config.timing.tls);
  const bool secure = co_await link->Handshake(asio::ssl::stream_base::server);
  if (!secure) self->ComplainOfHandshake(*link, from.address());
  Slot* slot = nullptr;
  if (secure) slot = co_await self->HearHello(*link, from);
  self->RemovePending(link);
  if (slot != nullptr && !self->stopped) {
    const std::string remote = Show(from);
    co_await self->Converse(*slot, link, remote);
  }
  link->Close(LinkEnd::kRefused);
}

void PeerNetwork::State::ComplainOfHandshake(const Link& link, const asio::ip::address& from) {
  if (link.end() == LinkEnd::kStopped || link.end() == LinkEnd::kCrowdedOut) return;
  if (link.end() == LinkEnd::kTimeout) {
    ComplainOfStranger("handshake_timeout", from, "no TLS handshake in the time for it");
  } else if (link.peer_key()) {
    ComplainOfStranger("unknown_key", from,
                       ShowKey(link.peer_key()) + " is no validator's TLS key in the genesis");
  } else {
    ComplainOfStranger("tls_failed", from, link.ShowEnd());
  }
}

/// The slot of a peer that has been welcomed; null when it was not.
Awaitable<PeerNetwork::Slot*> PeerNetwork::State::HearHello(Link& link,
                                                            const Endpoint& from) {
  link.ExpectWithin(config.timing.hello);
  const auto& members = config.validators.members();
  const auto owner = std::ranges::find_if(members, [&](const Validator& validator) {
    return link.peer_key() == validator.tls_key;
  });
  if (owner == members.end()) co_return nullptr;  // the handshake has let in no other key
  const ValidatorIndex key_owner(static_cast<uint16_t>(owner - members.begin()));
  Slot* slot = Find(key_owner);
  if (slot == nullptr) {
    ComplainOfStranger("own_key", from.address(), "it has this node's own TLS key");
    co_return nullptr;
  }
  const std::string who = fmt::format("{} at {}", NameOf(*slot), from.address().to_string());
  const std::optional<Bytes> frame = co_await link.Read();
  const auto hello = frame ? DecodeHello(*frame) : std::nullopt;
  if (!hello) {
    if (!frame && (link.end() == LinkEnd::kStopped || link.end() == LinkEnd::kCrowdedOut)) {
      co_return nullptr;
    }
    Complain(*slot, "bad_hello",
             fmt::format("{}: {}", who, frame ? "its first frame is no Hello" : link.ShowEnd()));
    co_return nullptr;
  }
  Verdict verdict = Judge(OwnGreeting(), *hello, key_owner);
  if (verdict == Verdict::kWelcome && key_owner < config.self) verdict = Verdict::kWrongIndex;
  if (verdict == Verdict::kWelcome && Clock::now() < slot->not_before) verdict = Verdict::kTooSoon;
  const Bytes welcome = EncodeWelcome({verdict, OwnGreeting()});
  const bool written = co_await link.WriteNow(welcome);
  if (verdict == Verdict::kWelcome) co_return written ? slot : nullptr;
  Complain(*slot, VerdictId(verdict),
           fmt::format("{}: {}", who, DescribeVerdict(verdict, OwnGreeting(), *hello)));
  co_return nullptr;
}

// ---- Dialing ----------------------------------------------------------------------------------

Awaitable<void> PeerNetwork::State::DialLoop(std::shared_ptr<State> self, Slot& slot) {
  const NetTiming& timing = self->config.timing;
  uint64_t back_off = timing.retry_first;
  while (!self->stopped) {
    const auto began = Clock::now();
    const LinkPtr link = self->NewLink();
    slot.dialing = link;
    co_await self->Dial(slot, link);
    link->Close(LinkEnd::kRefused);
    slot.dialing = nullptr;
    if (self->stopped) co_return;
    const auto now = Clock::now();
    if (now - began >= Milliseconds(timing.stable)) back_off = timing.retry_first;
    const auto again = now + Milliseconds(self->Jittered(back_off));
    slot.retry_timer.expires_at(std::max(again, slot.not_before));
    back_off = std::min(2 * back_off, timing.retry_max);
    asio::error_code error;
    co_await slot.retry_timer.async_wait(Into(error));
  }
}

Awaitable<void> PeerNetwork::State::Dial(Slot& slot, const LinkPtr& link) {
  const bool connected = co_await ConnectTo(slot, *link);
  if (!connected || stopped) co_return;
  const bool proven = co_await ProveKeys(slot, *link);
  if (!proven || stopped) co_return;
  const bool welcome = co_await SayHello(slot, *link);
  if (!welcome || stopped) co_return;
  co_await Converse(slot, link, slot.address);
}

/// Nothing when the name has no address.
Awaitable<std::vector<tcp::endpoint>> PeerNetwork::State::Resolve(Slot& slot) {
  const auto target = ParseHostPort(slot.address);
  CHECK(target);  // Start has refused every other address
  std::vector<Endpoint> endpoints;
  asio::error_code error;
  const auto address = asio::ip::make_address(target->host, error);
  if (!error) {
    endpoints.emplace_back(address, target->port);
    co_return endpoints;
  }
  tcp::resolver resolver(io);
  const std::string service = std::to_string(target->port);
  const auto found = co_await resolver.async_resolve(target->host, service, Into(error));
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  if (endpoints.empty() && !stopped) {
    Complain(slot, "unknown_host",
             fmt::format("{} at {}: {}", NameOf(slot), slot.address, error.message()));
  }
  co_return endpoints;
}

Awaitable<bool> PeerNetwork::State::ConnectTo(Slot& slot, Link& link) {
  const std::vector<Endpoint> endpoints = co_await Resolve(slot);
  if (endpoints.empty() || stopped) co_return false;
  link.ExpectWithin(config.timing.connect);
  const bool connected = co_await link.Connect(endpoints);
  if (!connected && !stopped) {
    Complain(slot, "unreachable",
             fmt::format("{} at {}: {}", NameOf(slot), slot.address, link.ShowEnd()));
  }
  co_return connected;
}

/// The TLS handshake, and that the key at the other end is the one of this validator.
Awaitable<bool> PeerNetwork::State::ProveKeys(Slot& slot, Link& link) {
  const PublicKey& pinned = config.validators.at(slot.index).tls_key;
  link.ExpectWithin(config.timing.tls);
  const bool secure = co_await link.Handshake(asio::ssl::stream_base::client);
  if (stopped) co_return false;
  if (secure && link.peer_key() == pinned) co_return true;
  const std::string who = fmt::format("{} at {}", NameOf(slot), slot.address);
  if (link.peer_key() && link.peer_key() != pinned) {
    Complain(slot, "wrong_key",
             fmt::format("{} shows {}, genesis pins the TLS key with the id {}", who,
                         ShowKey(link.peer_key()), pinned.id().hex()));
  } else if (link.ended() && link.end() == LinkEnd::kTimeout) {
    Complain(slot, "handshake_timeout", who + ": no TLS handshake in the time for it");
  } else {
    Complain(slot, "tls_failed", fmt::format("{}: {}", who, link.ShowEnd()));
  }
  co_return false;
}

/// Hello, and a good Welcome: only now the other side has accepted this node's key.
Awaitable<bool> PeerNetwork::State::SayHello(Slot& slot, Link& link) {
  link.ExpectWithin(config.timing.hello);
  std::optional<Bytes> frame;
  const Bytes hello = EncodeHello(OwnGreeting());
  const bool written = co_await link.WriteNow(hello);
  if (written) frame = co_await link.Read();
  if (stopped) co_return false;
  const std::string who = fmt::format("{} at {}", NameOf(slot), slot.address);
  const auto welcome = frame ? DecodeWelcome(*frame) : std::nullopt;
  if (!welcome) {
    Complain(slot, "not_welcomed",
             fmt::format("{} sends no Welcome ({}): its genesis may pin another TLS key for this "
                         "node",
                         who, frame ? "other octets" : link.ShowEnd()));
    co_return false;
  }
  const Verdict own = Judge(OwnGreeting(), welcome->greeting, slot.index);
  const Verdict verdict = own == Verdict::kWelcome ? welcome->verdict : own;
  if (verdict == Verdict::kWelcome) co_return true;
  Complain(slot, VerdictId(verdict),
           fmt::format("{}: {}", who, DescribeVerdict(verdict, OwnGreeting(), welcome->greeting)));
  co_return false;
}

}  // namespace beian
