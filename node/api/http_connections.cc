#include "node/api/http_connections.h"

#include <poll.h>

#include <algorithm>
#include <vector>

namespace beian {

using Phase = HttpConnection::Phase;

bool HttpConnections::HasRoom() const {
  return all_.size() < connections_max_ || std::any_of(all_.begin(), all_.end(), [](const auto& c) {
           return c.second->phase == Phase::kReading;
         });
}

bool HttpConnections::MakeRoom() {
  if (all_.size() < connections_max_) {
    return true;
  }
  auto oldest = all_.end();
  for (auto it = all_.begin(); it != all_.end(); ++it) {
    if (it->second->phase == Phase::kReading &&
        (oldest == all_.end() || it->second->since < oldest->second->since)) {
      oldest = it;
    }
  }
  if (oldest == all_.end()) {
    return false;
  }
  Reset(oldest);
  return true;
}

void HttpConnections::Add(Id id, Pointer connection) {
  all_.emplace(id, std::move(connection));
}

HttpConnections::Pointer HttpConnections::Find(Id id) const {
  const auto it = all_.find(id);
  return it == all_.end() ? nullptr : it->second;
}

void HttpConnections::Remove(Id id) {
  if (const auto it = all_.find(id); it != all_.end()) {
    bytes_ -= it->second->bytes;
    all_.erase(it);
  }
}

void HttpConnections::Reset(Id id) {
  if (const auto it = all_.find(id); it != all_.end()) {
    Reset(it);
  }
}

void HttpConnections::Came(HttpConnection& connection, size_t bytes) {
  connection.piece += bytes;
  if (connection.bytes == 0 || connection.piece >= kProgressBytes) {
    connection.progress = HttpConnection::Clock::now();
    connection.piece = 0;
  }
  connection.bytes += bytes;
  bytes_ += bytes;
  MakeRoomFor(connection);
}

bool HttpConnections::Lend(HttpConnection& connection, size_t bytes) {
  Enter(connection, Phase::kWaiting);
  bytes_ += bytes;
  if (MakeRoomFor(connection)) {
    return true;
  }
  bytes_ -= bytes;
  return false;
}

void HttpConnections::Release(size_t bytes) {
  bytes_ -= bytes;
}

void HttpConnections::Answer(HttpConnection& connection, size_t bytes) {
  Enter(connection, Phase::kWriting);
  connection.progress = connection.since;
  connection.bytes = bytes;
  bytes_ += bytes;
  MakeRoomFor(connection);
}

void HttpConnections::Rest(HttpConnection& connection) {
  Enter(connection, Phase::kReading);
}

void HttpConnections::Enter(HttpConnection& connection, Phase phase) {
  bytes_ -= connection.bytes;
  connection.bytes = 0;
  connection.piece = 0;
  connection.phase = phase;
  connection.since = HttpConnection::Clock::now();
}

bool HttpConnections::MakeRoomFor(const HttpConnection& connection) {
  while (bytes_ > bytes_max_) {
    if (!ResetSlowest(connection)) {
      return false;
    }
  }
  return true;
}

/// The one on which nothing came or went for longest: one that goes on outlives any number of those
/// that do not.
bool HttpConnections::ResetSlowest(const HttpConnection& except) {
  auto slowest = all_.end();
  for (auto it = all_.begin(); it != all_.end(); ++it) {
    if (it->second.get() != &except && it->second->bytes != 0 &&
        (slowest == all_.end() || it->second->progress < slowest->second->progress)) {
      slowest = it;
    }
  }
  if (slowest == all_.end()) {
    return false;
  }
  Reset(slowest);
  return true;
}

/// RESTinio does not read while a request waits, so that it cannot see the end of the stream; and
/// octets that were sent ahead would hide it from a read.
void HttpConnections::ResetHungUp() {
  const auto now = HttpConnection::Clock::now();
  std::vector<Map::iterator> waiting;
  std::vector<pollfd> sockets;
  for (auto it = all_.begin(); it != all_.end(); ++it) {
    if (it->second->phase == Phase::kWaiting && now - it->second->since >= kHangUpGrace) {
      waiting.push_back(it);
      sockets.push_back({it->second->socket.native_handle(), POLLRDHUP, 0});
    }
  }
  if (::poll(sockets.data(), sockets.size(), 0) <= 0) {
    return;
  }
  for (size_t i = 0; i < sockets.size(); ++i) {
    if (sockets[i].revents != 0) {
      Reset(waiting[i]);
    }
  }
}

/// The kernel, too, forgets what nobody reads.
void HttpConnections::Reset(Map::iterator it) {
  std::error_code ignored;
  it->second->socket.set_option(asio::socket_base::linger(true, 0), ignored);
  it->second->socket.close(ignored);
  bytes_ -= it->second->bytes;
  all_.erase(it);
}

void HttpConnections::CloseAll() {
  std::error_code ignored;
  for (const auto& [id, connection] : all_) {
    connection->socket.close(ignored);
  }
  all_.clear();
}

}  // namespace beian
