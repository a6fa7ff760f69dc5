#include "node/net/peer_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <numeric>
#include <utility>

#include "ledger/chain/genesis.h"
#include "node/net/awaiting.h"
#include "node/net/host_port.h"
#include "node/net/network_state.h"

namespace beian {
namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Level = NetNote::Level;
using Counters = Link::Counters;
using StartKind = NetStartError::Kind;

std::vector<PublicKey> TlsKeysOf(const ValidatorSet& validators) {
  std::vector<PublicKey> keys;
  for (const Validator& validator : validators.members()) keys.push_back(validator.tls_key);
  return keys;
}

void AddCounters(Counters& to, const Counters& from) {
  to.bytes_in += from.bytes_in;
  to.bytes_out += from.bytes_out;
  to.frames_in += from.frames_in;
  to.frames_out += from.frames_out;
}

uint64_t Sum(const std::array<uint64_t, kPriorityCount>& counts) {
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

}  // namespace

PeerNetwork::State::State(asio::io_context& context, NetConfig net_config,
                          NetCallbacks net_callbacks)
    : io(context),
      config(std::move(net_config)),
      callbacks(std::move(net_callbacks)),
      acceptor(context),
      accept_timer(context),
      random(config.self.value() + 1u) {
  CHECK(config.validators.Contains(config.self));
  config.addresses.resize(config.validators.size());
  for (size_t i = 0; i < config.validators.size(); ++i) {
    const ValidatorIndex index(static_cast<uint16_t>(i));
    slots.push_back(index == config.self ? nullptr
                                         : std::make_unique<Slot>(io, index, config.addresses[i]));
  }
}

// ---- Helpers ----------------------------------------------------------------------------------

PeerNetwork::Slot* PeerNetwork::State::Find(ValidatorIndex index) {
  return index.value() < slots.size() ? slots[index.value()].get() : nullptr;
}

LinkPtr PeerNetwork::State::NewLink() {
  return std::make_shared<Link>(io, identity, config.timing, config.limits.queue_bytes_max);
}

Greeting PeerNetwork::State::OwnGreeting() const {
  return {Genesis::kProtocolVersion, config.chain_id, config.self};
}

std::string PeerNetwork::State::NameOf(const Slot& slot) const {
  return fmt::format("validator {} ({})", slot.index.value(),
                     config.validators.at(slot.index).name);
}

/// Half to all of `ms`.
uint64_t PeerNetwork::State::Jittered(uint64_t ms) {
  return ms / 2 + random() % (ms / 2 + 1);
}

void PeerNetwork::State::Note(Level level, std::string_view id, std::string detail) {
  if (!stopped) callbacks.on_note(NetNote{level, std::string(id), std::move(detail)});
}

/// Says what is wrong with a peer once, however often it is tried again.
void PeerNetwork::State::Complain(Slot& slot, std::string_view id, std::string detail) {
  slot.last_failure = id;
  std::string complaint = fmt::format("{} {}", id, detail);
  if (complaint == slot.last_complaint) return;
  slot.last_complaint = std::move(complaint);
  Note(Level::kWarning, id, std::move(detail));
}

void PeerNetwork::State::ComplainOfStranger(std::string_view id, const asio::ip::address& from,
                                            std::string detail) {
  const std::string address = from.to_string();
  if (!strangers.Allows(fmt::format("{} {}", id, address), Clock::now())) return;
  Note(Level::kWarning, id, fmt::format("a connection from {}: {}", address, detail));
}

// ---- Up and down ------------------------------------------------------------------------------

void PeerNetwork::State::Raise(Slot& slot, const LinkPtr& link, const std::string& remote) {
  if (const LinkPtr old = slot.link) {
    old->Close(LinkEnd::kReplaced);
    Lower(slot, old);
    if (stopped) return;
  }
  slot.link = link;
  slot.remote = remote;
  slot.up_since = Clock::now();
  slot.told_queue_full = false;
  slot.last_complaint.clear();
  ++slot.connections;
  link->Open();
  Note(Level::kInfo, "peer_up", fmt::format("{} at {}", NameOf(slot), slot.remote));
  if (!stopped) callbacks.on_up(slot.index);
}

void PeerNetwork::State::Lower(Slot& slot, const LinkPtr& link) {
  if (stopped || slot.link != link) return;
  AddCounters(slot.past, link->counters());
  for (size_t i = 0; i < kPriorityCount; ++i) slot.past_dropped[i] += link->queue().dropped()[i];
  slot.link = nullptr;
  slot.last_failure = LinkEndId(link->end());
  Note(Level::kWarning, "peer_down",
       fmt::format("{} at {}: {}", NameOf(slot), slot.remote, link->ShowEnd()));
  if (!stopped) callbacks.on_down(slot.index);
}

Awaitable<void> PeerNetwork::State::Converse(Slot& slot, const LinkPtr& link,
                                             const std::string& remote) {
  Raise(slot, link, remote);
  while (!link->ended()) {  // Stop ends it too
    std::optional<Bytes> frame = co_await link->Read();
    if (!frame) break;
    callbacks.on_message(slot.index, *std::move(frame));
  }
  link->Close(LinkEnd::kStopped);
  Lower(slot, link);
}

void PeerNetwork::State::Send(Slot& slot, Frame frame, Priority priority) {
  if (!slot.link || slot.link->ended()) {
    ++slot.unsent;
    return;
  }
  slot.link->Send(std::move(frame), priority);
  const SendQueue& queue = slot.link->queue();
  if (slot.told_queue_full || Sum(queue.dropped()) == 0) return;
  slot.told_queue_full = true;
  Note(Level::kWarning, "queue_full",
       fmt::format("{} at {} takes frames too slowly: {} octets wait, the oldest are dropped",
                   NameOf(slot), slot.remote, queue.bytes()));
}

void PeerNetwork::State::Drop(Slot& slot, std::string_view reason) {
  if (!slot.link || slot.link->ended()) return;
  slot.not_before = Clock::now() + Milliseconds(config.timing.penalty);
  slot.link->Close(LinkEnd::kDropped, std::string(reason));
}

ConnectionStatus PeerNetwork::State::StatusOf(const Slot& slot) const {
  ConnectionStatus status;
  status.peer = slot.index;
  status.address = slot.address;
  Counters counters = slot.past;
  status.dropped = slot.past_dropped;
  if (slot.link) {
    AddCounters(counters, slot.link->counters());
    const SendQueue& queue = slot.link->queue();
    status.connected = true;
    status.address = slot.remote;
    status.connected_ms = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - slot.up_since)
            .count());
    status.queued_frames = queue.frames();
    status.queued_bytes = queue.bytes();
    for (size_t i = 0; i < kPriorityCount; ++i) status.dropped[i] += queue.dropped()[i];
  }
  status.connections = slot.connections;
  status.bytes_in = counters.bytes_in;
  status.bytes_out = counters.bytes_out;
  status.frames_in = counters.frames_in;
  status.frames_out = counters.frames_out;
  status.unsent = slot.unsent;
  status.last_failure = slot.last_failure;
  return status;
}

// ---- Start and stop ---------------------------------------------------------------------------

std::expected<void, NetStartError> PeerNetwork::State::CheckAddresses() const {
  for (const auto& slot : slots) {
    if (!slot || slot->index > config.self || slot->address.empty()) continue;
    const auto target = ParseHostPort(slot->address);
    if (target && target->port != 0) continue;
    return std::unexpected(
        NetStartError{StartKind::kBadAddress,
                      fmt::format("{}: '{}' is not host:port", NameOf(*slot), slot->address)});
  }
  return {};
}

std::expected<void, NetStartError> PeerNetwork::State::LoadIdentity() {
  auto made = TlsIdentity::Make(config.tls_key_pem, TlsKeysOf(config.validators));
  if (!made) {
    return std::unexpected(
        NetStartError{StartKind::kBadTlsKey, "not an Ed25519 key in PKCS #8 PEM"});
  }
  const PublicKey& pinned = config.validators.at(config.self).tls_key;
  if ((*made)->own_key() != pinned) {
    return std::unexpected(NetStartError{
        StartKind::kForeignTlsKey,
        fmt::format("the key's id is {}, genesis pins {} for validator {}",
                    (*made)->own_key().id().hex(), pinned.id().hex(), config.self.value())});
  }
  identity = *std::move(made);
  return {};
}

std::expected<void, NetStartError> PeerNetwork::State::Listen() {
  const auto local = ParseHostPort(config.listen);
  asio::error_code error;
  const auto address = local ? asio::ip::make_address(local->host, error) : asio::ip::address();
  if (!local || error) {
    return std::unexpected(NetStartError{
        StartKind::kBadAddress,
        fmt::format("listen: '{}' is not a numeric address and a port", config.listen)});
  }
  const tcp::endpoint endpoint(address, local->port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  asio::error_code ignored;
  acceptor.close(ignored);
  return std::unexpected(NetStartError{
      StartKind::kListenFailed, fmt::format("{}: {}", config.listen, error.message())});
}

std::expected<void, NetStartError> PeerNetwork::State::Start() {
  CHECK(!identity && !stopped);
  if (auto checked = CheckAddresses(); !checked) return checked;
  if (auto loaded = LoadIdentity(); !loaded) return loaded;
  if (auto listening = Listen(); !listening) return listening;
  Note(Level::kInfo, "listening", fmt::format("{}, port {}", config.listen, Port()));
  asio::co_spawn(io, AcceptLoop(shared_from_this()), asio::detached);
  for (const auto& slot : slots) {
    if (!slot || slot->index > config.self || slot->address.empty()) continue;
    asio::co_spawn(io, DialLoop(shared_from_this(), *slot), asio::detached);
  }
  return {};
}

uint16_t PeerNetwork::State::Port() const {
  asio::error_code error;
  const auto endpoint = acceptor.local_endpoint(error);
  return error ? uint16_t{0} : endpoint.port();
}

void PeerNetwork::State::Stop() {
  if (std::exchange(stopped, true)) return;
  asio::error_code ignored;
  acceptor.close(ignored);
  accept_timer.cancel();
  for (const Pending& waiting : pending) waiting.link->Close(LinkEnd::kStopped);
  pending.clear();
  for (const auto& slot : slots) {
    if (!slot) continue;
    slot->retry_timer.cancel();
    if (slot->dialing) slot->dialing->Close(LinkEnd::kStopped);
    if (slot->link) slot->link->Close(LinkEnd::kStopped);
    slot->link = nullptr;
  }
}

PeerNetwork::PeerNetwork(asio::io_context& io, NetConfig config, NetCallbacks callbacks)
    : state_(std::make_shared<State>(io, std::move(config), std::move(callbacks))) {}

PeerNetwork::~PeerNetwork() {
  Stop();
}

std::expected<void, NetStartError> PeerNetwork::Start() {
  return state_->Start();
}

void PeerNetwork::Stop() {
  state_->Stop();
}

void PeerNetwork::Send(ValidatorIndex peer, Frame frame, Priority priority) {
  CHECK(frame != nullptr);
  if (Slot* slot = state_->Find(peer)) state_->Send(*slot, std::move(frame), priority);
}

void PeerNetwork::Broadcast(const Frame& frame, Priority priority) {
  for (const auto& slot : state_->slots) {
    if (slot && slot->link) Send(slot->index, frame, priority);
  }
}

void PeerNetwork::Drop(ValidatorIndex peer, std::string_view reason) {
  if (Slot* slot = state_->Find(peer)) state_->Drop(*slot, reason);
}

uint16_t PeerNetwork::port() const {
  return state_->Port();
}

std::vector<ConnectionStatus> PeerNetwork::peers() const {
  std::vector<ConnectionStatus> peers;
  for (const auto& slot : state_->slots) {
    if (slot) peers.push_back(state_->StatusOf(*slot));
  }
  return peers;
}

size_t PeerNetwork::connected() const {
  return static_cast<size_t>(std::ranges::count_if(
      state_->slots, [](const auto& slot) { return slot && slot->link != nullptr; }));
}

}  // namespace beian
