#include "node/net/link.h"

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/connect.hpp>
#include <asio/detached.hpp>
#include <asio/write.hpp>
#include <utility>

#include "node/net/awaiting.h"
#include "node/net/hello.h"

namespace beian {
namespace {

constexpr std::chrono::milliseconds kGrace{10};  ///< from a deadline to the end of a connection

}  // namespace

std::string_view LinkEndId(LinkEnd end) {
  switch (end) {
    case LinkEnd::kClosed:
      return "closed";
    case LinkEnd::kTimeout:
      return "timeout";
    case LinkEnd::kWriteStalled:
      return "write_stalled";
    case LinkEnd::kTlsFailed:
      return "tls_failed";
    case LinkEnd::kFrameTooLong:
      return "frame_too_long";
    case LinkEnd::kRefused:
      return "refused";
    case LinkEnd::kReplaced:
      return "replaced";
    case LinkEnd::kCrowdedOut:
      return "crowded_out";
    case LinkEnd::kDropped:
      return "dropped";
    case LinkEnd::kStopped:
      return "stopped";
  }
  CHECK(!"an end without an id");
  return {};
}

Link::Link(asio::io_context& io, std::shared_ptr<TlsIdentity> identity, const NetTiming& timing,
           size_t queue_bytes_max)
    : identity_(std::move(identity)),
      timing_(timing),
      stream_(io, identity_->context()),
      watch_timer_(io),
      write_timer_(io),
      reader_(kHelloBytesMax),
      queue_(queue_bytes_max) {
  TlsIdentity::WatchPeerKey(stream_.native_handle(), &peer_key_);
}

// ---- Deadlines --------------------------------------------------------------------------------

void Link::SetDue(Clock::time_point& due, Clock::time_point value) {
  due = value;
  // A later deadline is seen when the timer fires; for an earlier one it must be set anew.
  if (value < watch_timer_.expiry()) watch_timer_.cancel();
}

void Link::ExpectWithin(uint64_t ms) {
  SetDue(read_due_, Clock::now() + Milliseconds(ms));
  if (std::exchange(watched_, true)) return;
  asio::co_spawn(watch_timer_.get_executor(), Watch(shared_from_this()), asio::detached);
}

asio::awaitable<void> Link::Watch(std::shared_ptr<Link> link) {
  bool warned = false;
  while (!link->ended()) {
    const auto due = std::min(link->read_due_, link->write_due_);
    const auto now = Clock::now();
    // A process that was stopped for a while finds every deadline passed and the octets waiting in
    // its sockets: it reads before it judges.
    const bool over = now >= due && std::exchange(warned, true);
    if (over) {
      link->Close(due == link->write_due_ ? LinkEnd::kWriteStalled : LinkEnd::kTimeout);
      co_return;
    }
    warned = now >= due;
    link->watch_timer_.expires_at(warned ? now + kGrace : due);
    asio::error_code error;
    co_await link->watch_timer_.async_wait(Into(error));
  }
}

void Link::Close(LinkEnd why, std::string detail) {
  if (ended()) return;
  end_ = why;
  detail_ = std::move(detail);
  watch_timer_.cancel();
  write_timer_.cancel();
  asio::error_code ignored;
  socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket().close(ignored);
}

std::string Link::ShowEnd() const {
  if (!ended()) return "open";
  std::string text(LinkEndId(*end_));
  if (!detail_.empty()) text += ": " + detail_;
  return text;
}

// ---- Greeting ---------------------------------------------------------------------------------

asio::awaitable<bool> Link::Connect(const std::vector<asio::ip::tcp::endpoint>& endpoints) {
  asio::error_code error;
  co_await asio::async_connect(socket(), endpoints, Into(error));
  if (error) Close(LinkEnd::kClosed, error.message());
  co_return !ended();
}

asio::awaitable<bool> Link::Handshake(asio::ssl::stream_base::handshake_type side) {
  asio::error_code error;
  socket().set_option(asio::ip::tcp::no_delay(true), error);
  socket().set_option(asio::socket_base::keep_alive(true), error);
  error.clear();
  co_await stream_.async_handshake(side, Into(error));
  if (error) Close(LinkEnd::kTlsFailed, error.message());
  co_return !ended();
}

asio::awaitable<bool> Link::WriteNow(const Bytes& frame) {
  const std::vector<Frame> frames(1, std::make_shared<const Bytes>(frame));
  const bool written = co_await Write(frames);
  co_return written;
}

void Link::Open() {
  open_ = true;
  reader_.set_frame_bytes_max(kFrameBytesMax);
  ExpectWithin(timing_.idle);
  asio::co_spawn(write_timer_.get_executor(), WriteQueue(shared_from_this()), asio::detached);
}

// ---- Reading ----------------------------------------------------------------------------------

asio::awaitable<std::optional<Bytes>> Link::Read() {
  while (!ended()) {
    auto frame = reader_.Next(unread_);
    if (!frame) {
      Close(LinkEnd::kFrameTooLong);
      break;
    }
    if (frame->has_value()) {
      ++counters_.frames_in;
      co_return *std::move(frame);
    }
    asio::error_code error;
    const size_t count = co_await stream_.async_read_some(asio::buffer(read_buffer_), Into(error));
    if (ended()) break;
    if (error) {
      Close(LinkEnd::kClosed, error.message());
      break;
    }
    counters_.bytes_in += count;
    // A greeting has one deadline in all, so that octets one by one do not stretch it.
    if (open_) ExpectWithin(timing_.idle);
    unread_ = BytesView(read_buffer_.data(), count);
  }
  co_return std::nullopt;
}

// ---- Writing ----------------------------------------------------------------------------------

void Link::Send(Frame frame, Priority priority) {
  if (ended()) return;
  queue_.Push(std::move(frame), priority);
  if (std::exchange(writer_waits_, false)) write_timer_.cancel();
}

asio::awaitable<void> Link::WriteQueue(std::shared_ptr<Link> link) {
  while (!link->ended()) {
    if (link->queue_.empty()) co_await link->WaitForFrames();
    if (link->ended()) co_return;
    if (link->queue_.empty()) {
      co_await link->WriteKeepalive();
      continue;
    }
    const std::vector<Frame> frames = link->queue_.Take(kWriteBatchFrames, kWriteBatchBytes);
    const bool written = co_await link->Write(frames);
    if (written) link->counters_.frames_out += frames.size();
  }
}

asio::awaitable<void> Link::WaitForFrames() {
  writer_waits_ = true;
  write_timer_.expires_after(Milliseconds(timing_.ping));
  asio::error_code error;
  co_await write_timer_.async_wait(Into(error));
  writer_waits_ = false;
}

asio::awaitable<bool> Link::Write(const std::vector<Frame>& frames) {
  std::vector<std::array<char, kFrameHeaderBytes>> headers;
  headers.reserve(frames.size());
  std::vector<asio::const_buffer> buffers;
  buffers.reserve(2 * frames.size());
  for (const Frame& frame : frames) {
    headers.push_back(FrameHeader(static_cast<uint32_t>(frame->size())));
    buffers.emplace_back(headers.back().data(), kFrameHeaderBytes);
    buffers.emplace_back(frame->data(), frame->size());
  }
  const bool written = co_await WriteBuffers(buffers);
  co_return written;
}

asio::awaitable<bool> Link::WriteKeepalive() {
  const auto header = FrameHeader(kKeepaliveLength);
  const std::vector<asio::const_buffer> buffers(1, asio::buffer(header));
  const bool written = co_await WriteBuffers(buffers);
  co_return written;
}

asio::awaitable<bool> Link::WriteBuffers(
    const std::vector<asio::const_buffer>& buffers) {
  const auto step = [this](const asio::error_code& error, size_t) -> size_t {
    SetDue(write_due_, Clock::now() + Milliseconds(timing_.write_stall));
    return error ? 0 : kWriteStepBytes;
  };
  asio::error_code error;
  const size_t count = co_await asio::async_write(stream_, buffers, step, Into(error));
  counters_.bytes_out += count;
  write_due_ = Clock::time_point::max();
  if (error) Close(LinkEnd::kClosed, error.message());
  co_return !ended();
}

}  // namespace beian
