#include "node/api/http_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <asio.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <restinio/all.hpp>
#include <set>
#include <thread>

#include "ledger/base/check.h"
#include "node/api/http_status.h"
#include "node/api/port_owner.h"

// RESTinio parses requests, keeps time limits and writes responses. Accepting is done here, with
// parts of RESTinio's `impl` namespace: its own acceptor stops for good after one failed accept (no
// file descriptor left), keeps no room for real requests when idle connections fill the limit, and
// cannot close connections when it stops.
static_assert(RESTINIO_VERSION == RESTINIO_VERSION_MAKE(0, 6, 16));

namespace beian {
namespace {

constexpr auto kAcceptRetry = std::chrono::milliseconds(100);  ///< after a failed accept
constexpr auto kDrain = std::chrono::milliseconds(1'000);      ///< for answers under way, at Stop
/// What the kernel keeps of an answer for a reader: left alone it takes megabytes for each, out of
/// the memory that the validators' own links need.
constexpr int kSendBufferBytes = 256 * 1024;

using Clock = std::chrono::steady_clock;
using Tcp = asio::ip::tcp;

class Listener {
 public:
  void state_changed(const restinio::connection_state::notice_t& notice) noexcept {
    if (restinio::holds_alternative<restinio::connection_state::closed_t>(notice.cause())) {
      closed(notice.connection_id());
    }
  }
  std::function<void(restinio::connection_id_t)> closed;
};

/// A socket that knows when its reader last took something: an answer is written in pieces, each
/// begun when the one before it is gone.
class ReplySocket : public Tcp::socket {
 public:
  explicit ReplySocket(Tcp::socket socket) : Tcp::socket(std::move(socket)) {}

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    *progress_ = Clock::now();
    Tcp::socket::async_write_some(buffers, std::forward<Handler>(handler));
  }
  std::shared_ptr<Clock::time_point> progress() const { return progress_; }

 private:
  std::shared_ptr<Clock::time_point> progress_ = std::make_shared<Clock::time_point>();
};

struct Traits : restinio::traits_t<restinio::asio_timer_manager_t, restinio::null_logger_t> {
  using connection_state_listener_t = Listener;
  using stream_socket_t = ReplySocket;
};
using Factory = restinio::impl::connection_factory_t<Traits>;
using Connection = restinio::impl::connection_t<Traits>;
using Settings = restinio::server_settings_t<Traits>;
using ConnectionSettings = restinio::impl::connection_settings_t<Traits>;

/// Refuses a body before a single octet of it is kept: one that is announced as too long, and every
/// chunked one (RESTinio keeps a record of each chunk, so one-octet chunks would cost 70 times
/// their size). The handler then sees the headers alone and answers why.
int OnHeadersComplete(http_parser* parser) {
  auto* context = static_cast<restinio::impl::http_parser_ctx_t*>(parser->data);
  const bool chunked = (parser->flags & F_CHUNKED) != 0;
  const bool long_body = (parser->flags & F_CONTENTLENGTH) != 0 &&
                         parser->content_length > context->m_limits.max_body_size();
  if (!chunked && !long_body) {
    return restinio::impl::restinio_headers_complete_cb(parser);
  }
  parser->content_length = 0;
  const int failed = restinio::impl::restinio_headers_complete_cb(parser);
  return failed != 0 ? -1 : 1;  // 1: the message ends with its headers
}

http_parser_settings ParserSettings() {
  auto settings = restinio::impl::create_parser_settings<restinio::default_http_methods_t>();
  settings.on_headers_complete = OnHeadersComplete;
  return settings;
}

HttpRequest::Method MethodOf(const restinio::http_method_id_t& method) {
  if (method == restinio::http_method_get()) {
    return HttpRequest::Method::kGet;
  }
  if (method == restinio::http_method_post()) {
    return HttpRequest::Method::kPost;
  }
  return HttpRequest::Method::kOther;
}

/// 414, 431, or 0.
int RefusedHead(const restinio::http_request_header_t& header) {
  if (header.request_target().size() > kUrlBytesMax) {
    return 414;
  }
  const bool long_field = std::any_of(header.begin(), header.end(), [](const auto& field) {
    return field.name().size() > kHeaderNameBytesMax || field.value().size() > kHeaderValueBytesMax;
  });
  return header.fields_count() > kHeadersMax || long_field ? 431 : 0;
}

/// What OnHeadersComplete cut off: 413, 411, or 0.
int RefusedBody(const restinio::http_request_header_t& header, size_t body_bytes_max) {
  if (header.has_field("Transfer-Encoding")) {
    return 411;
  }
  const std::string length = header.get_field_or("Content-Length", std::string("0"));
  constexpr size_t kDigitsMax = 18;
  if (length.size() > kDigitsMax || std::strtoull(length.c_str(), nullptr, 10) > body_bytes_max) {
    return 413;
  }
  return 0;
}

ApiError StartError(const HttpConfig& config, const std::error_code& error) {
  const std::string where = config.address + ":" + std::to_string(config.port);
  if (error == asio::error::address_in_use) {
    return {"api.port_in_use",
            "cannot listen on " + where + ": port " + std::to_string(config.port) + " is held by " +
                DescribePortOwner(config.port),
            "stop that process or configure another port"};
  }
  if (error == asio::error::access_denied) {
    return {"api.port_forbidden",
            "cannot listen on " + where + ": this user may not bind port " +
                std::to_string(config.port),
            "choose a port above 1023"};
  }
  return {"api.bad_address", "cannot listen on " + where + ": " + error.message(),
          "give an IP address of this machine, such as 127.0.0.1"};
}

}  // namespace

/// Touched on the I/O thread only, unless it says otherwise. Members are destroyed from the last to
/// the first: connections die with `io`, after all that refers to them. An answer under way keeps
/// the state alive, so nothing that the state owns may own an answer once Stop is over.
struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
  struct Tracked {
    std::weak_ptr<Connection> connection;
    int descriptor = -1;
    bool busy = false;       ///< a request is with the handler, or its answer is being written
    uint64_t order = 0;      ///< of when it last became idle
    size_t reply_bytes = 0;  ///< of the answer that is being written
    std::shared_ptr<Clock::time_point> progress;  ///< of that writing
  };
  using Connections = std::map<restinio::connection_id_t, Tracked>;

  State(HttpConfig c, HttpHandler h)
      : config(std::move(c)),
        handler(std::move(h)),
        acceptor(io),
        retry(io),
        workers(std::make_unique<asio::thread_pool>(config.threads)) {}

  std::error_code Open();
  void Accept();
  void Accepted(const std::error_code& error, Tcp::socket socket);
  void Add(Tcp::socket socket);
  bool HasRoom() const;
  void EvictIdle();
  void BeginReply(restinio::connection_id_t id, size_t bytes);
  bool CloseSlowestReader(restinio::connection_id_t except);
  void EndReply(Tracked& tracked);
  void Close(Connections::iterator it);
  void Closed(restinio::connection_id_t id);
  void Began(restinio::connection_id_t id);
  void Finished(restinio::connection_id_t id);
  restinio::request_handling_status_t Handle(const restinio::request_handle_t& request);
  void Answer(const restinio::request_handle_t& request, HttpResponse response, bool close);
  std::unique_ptr<Factory> MakeFactory();
  void Run(std::function<void()> task);  ///< any thread

  HttpConfig config;
  HttpHandler handler;
  asio::io_context io{1};
  std::unique_ptr<Factory> factory;
  Tcp::acceptor acceptor;
  asio::steady_timer retry;
  Connections connections;
  size_t reply_bytes = 0;                 ///< of all connections
  restinio::connection_id_t next_id = 1;  ///< as Factory counts
  uint64_t order = 0;
  bool accepting = false;
  bool stopping = false;
  uint16_t port = 0;
  std::mutex mutex;  ///< guards the next three
  std::condition_variable idle;
  std::set<restinio::connection_id_t> under_way;  ///< whose answer is not written yet
  std::unique_ptr<asio::thread_pool> workers;     ///< none after Stop
  std::thread thread;
};

std::unique_ptr<Factory> HttpServer::State::MakeFactory() {
  using Ms = std::chrono::milliseconds;
  auto listener = std::make_shared<Listener>();
  listener->closed = [this](restinio::connection_id_t id) { Closed(id); };
  Settings settings;
  settings.connection_state_listener(listener)
      .request_handler(
          [this](const restinio::request_handle_t& request) { return Handle(request); })
      .read_next_http_message_timelimit(Ms(config.limits.read_timeout_ms))
      .write_http_response_timelimit(Ms(config.limits.write_timeout_ms))
      .handle_request_timeout(Ms(config.limits.handler_timeout_ms))
      .max_pipelined_requests(1)
      .incoming_http_msg_limits(restinio::incoming_http_msg_limits_t{}
                                    .max_url_size(HTTP_MAX_HEADER_SIZE)
                                    .max_field_name_size(HTTP_MAX_HEADER_SIZE)
                                    .max_field_value_size(HTTP_MAX_HEADER_SIZE)
                                    .max_field_count(kHeadersReadMax)
                                    .max_body_size(config.limits.body_bytes_max));
  auto timers = std::make_shared<restinio::asio_timer_manager_t>(io, std::chrono::seconds(1));
  auto connection_settings =
      std::make_shared<ConnectionSettings>(settings, ParserSettings(), std::move(timers));
  return std::make_unique<Factory>(std::move(connection_settings),
                                   settings.socket_options_setter());
}

std::error_code HttpServer::State::Open() {
  std::error_code error;
  const auto address = asio::ip::make_address(config.address, error);
  if (error) {
    return error;
  }
  const Tcp::endpoint endpoint(address, config.port);
  if (acceptor.open(endpoint.protocol(), error)) {
    return error;
  }
  if (acceptor.set_option(Tcp::acceptor::reuse_address(true), error) ||
      acceptor.bind(endpoint, error) ||
      acceptor.listen(asio::socket_base::max_listen_connections, error)) {
    std::error_code ignored;
    acceptor.close(ignored);
    return error;
  }
  port = acceptor.local_endpoint(error).port();
  return error;
}

bool HttpServer::State::HasRoom() const {
  if (connections.size() < config.limits.connections_max) {
    return true;
  }
  return std::any_of(connections.begin(), connections.end(),
                     [](const auto& item) { return !item.second.busy; });
}

void HttpServer::State::Accept() {
  if (accepting || stopping || !HasRoom()) {
    return;
  }
  accepting = true;
  acceptor.async_accept([this](const std::error_code& error, Tcp::socket socket) {
    accepting = false;
    Accepted(error, std::move(socket));
  });
}

void HttpServer::State::Accepted(const std::error_code& error, Tcp::socket socket) {
  if (stopping) {
    return;
  }
  if (error) {
    retry.expires_after(kAcceptRetry);
    retry.async_wait([this](const std::error_code& cancelled) {
      if (!cancelled) {
        Accept();
      }
    });
    return;
  }
  if (connections.size() >= config.limits.connections_max) {
    EvictIdle();
  }
  Add(std::move(socket));
  Accept();
}

void HttpServer::State::Add(Tcp::socket socket) {
  std::error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) {
    return;  // gone already
  }
  socket.set_option(Tcp::no_delay(true), error);
  socket.set_option(Tcp::socket::send_buffer_size(kSendBufferBytes), error);
  const int descriptor = socket.native_handle();
  const auto id = next_id;
  try {
    ReplySocket counted(std::move(socket));
    const auto progress = counted.progress();
    auto connection = factory->create_new_connection(std::move(counted), remote, {nullptr});
    ++next_id;
    CHECK(connection->connection_id() == id);
    connections[id] = Tracked{connection, descriptor, false, ++order, 0, progress};
    connection->init();
  } catch (const std::exception&) {
    connections.erase(id);  // no memory for it: the socket is closed
  }
}

/// Closes the connection that has been idle longest, or reading its request longest.
void HttpServer::State::EvictIdle() {
  auto oldest = connections.end();
  for (auto it = connections.begin(); it != connections.end(); ++it) {
    if (!it->second.busy &&
        (oldest == connections.end() || it->second.order < oldest->second.order)) {
      oldest = it;
    }
  }
  if (oldest != connections.end()) {
    Close(oldest);
  }
}

/// Counts an answer that is about to be written. A bound on connections alone would let each hold
/// the longest answer there is.
void HttpServer::State::BeginReply(restinio::connection_id_t id, size_t bytes) {
  const auto it = connections.find(id);
  if (it == connections.end()) {
    return;  // closed meanwhile: nothing will be written
  }
  it->second.reply_bytes = bytes;
  *it->second.progress = Clock::now();
  reply_bytes += bytes;
  while (reply_bytes > config.limits.reply_bytes_max && CloseSlowestReader(id)) {
  }
}

/// The one whose reader has taken nothing for longest: one that goes on reading outlives any number
/// of those that do not.
bool HttpServer::State::CloseSlowestReader(restinio::connection_id_t except) {
  auto slowest = connections.end();
  for (auto it = connections.begin(); it != connections.end(); ++it) {
    if (it->first != except && it->second.reply_bytes != 0 &&
        (slowest == connections.end() || *it->second.progress < *slowest->second.progress)) {
      slowest = it;
    }
  }
  if (slowest == connections.end()) {
    return false;
  }
  const linger reset{1, 0};  // the kernel, too, forgets what nobody reads
  ::setsockopt(slowest->second.descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  Close(slowest);
  return true;
}

void HttpServer::State::EndReply(Tracked& tracked) {
  reply_bytes -= tracked.reply_bytes;
  tracked.reply_bytes = 0;
}

void HttpServer::State::Close(Connections::iterator it) {
  if (!it->second.connection.expired()) {
    ::shutdown(it->second.descriptor, SHUT_RDWR);  // RESTinio sees the end and closes it
  }
  EndReply(it->second);
  connections.erase(it);
}

void HttpServer::State::Run(std::function<void()> task) {
  const std::lock_guard lock(mutex);
  if (workers) {
    asio::post(*workers, std::move(task));
  }
}

void HttpServer::State::Closed(restinio::connection_id_t id) {
  if (const auto it = connections.find(id); it != connections.end()) {
    EndReply(it->second);
    connections.erase(it);
  }
  Finished(id);
}

void HttpServer::State::Began(restinio::connection_id_t id) {
  if (const auto it = connections.find(id); it != connections.end()) {
    it->second.busy = true;
  }
  const std::lock_guard lock(mutex);
  under_way.insert(id);
}

void HttpServer::State::Finished(restinio::connection_id_t id) {
  if (const auto it = connections.find(id); it != connections.end()) {
    EndReply(it->second);
    it->second.busy = false;
    it->second.order = ++order;
  }
  {
    const std::lock_guard lock(mutex);
    under_way.erase(id);
  }
  idle.notify_all();
  Accept();
}

void HttpServer::State::Answer(const restinio::request_handle_t& request, HttpResponse response,
                               bool close) {
  const auto status = static_cast<std::uint16_t>(response.status);
  auto builder = request->create_response(restinio::http_status_line_t{
      restinio::http_status_code_t{status}, std::string(ReasonPhrase(response.status))});
  builder.append_header(restinio::http_field::content_type, std::move(response.content_type));
  builder.append_header("X-Content-Type-Options", "nosniff");
  for (auto& [name, value] : response.headers) {
    builder.append_header(std::move(name), std::move(value));
  }
  BeginReply(request->connection_id(), response.body.size());
  builder.set_body(std::move(response.body));
  if (close || stopping) {
    builder.connection_close();
  }
  // RESTinio also calls back for what is never written, at the latest when `io` is destroyed.
  builder.done([weak = weak_from_this(), id = request->connection_id()](const std::error_code&) {
    if (const auto state = weak.lock()) {
      state->Finished(id);
    }
  });
}

restinio::request_handling_status_t HttpServer::State::Handle(
    const restinio::request_handle_t& request) {
  const auto& header = request->header();
  Began(request->connection_id());
  // Called from any thread; the answer is written on the I/O thread, once. The state outlives the
  // request, whose connection lives in `io`.
  struct Once {
    std::shared_ptr<State> state;
    restinio::request_handle_t request;
    bool close = false;
    std::atomic<bool> used = false;
    ~Once() {
      if (!used.exchange(true)) {  // forgotten: the connection is closed by its time limit
        asio::post(state->io,
                   [s = state.get(), id = request->connection_id()] { s->Finished(id); });
      }
    }
  };
  auto once = std::make_shared<Once>();
  once->state = shared_from_this();
  once->request = request;
  HttpRespond respond = [once](HttpResponse response) {
    if (once->used.exchange(true)) {
      return;
    }
    State* state = once->state.get();
    asio::post(state->io, [state, request = once->request, close = once->close,
                           answer = std::move(response)]() mutable {
      try {
        state->Answer(request, std::move(answer), close);
      } catch (const std::exception&) {
        state->Finished(request->connection_id());  // no memory: closed by its time limit
      }
    });
  };

  const int refused_head = RefusedHead(header);
  const int refused =
      refused_head != 0 ? refused_head : RefusedBody(header, config.limits.body_bytes_max);
  if (refused != 0) {
    once->close = true;
    respond(RefusalOf(refused, config.limits));
    return restinio::request_accepted();
  }
  once->close = header.connection() == restinio::http_connection_header_t::upgrade;
  HttpRequest plain;
  plain.method = MethodOf(header.method());
  once->close = once->close || plain.method == HttpRequest::Method::kOther;  // HEAD expects no body
  plain.path = std::string(header.path());
  plain.query = std::string(header.query());
  plain.accept = header.get_field_or(restinio::http_field::accept, std::string());
  plain.content_type = header.get_field_or(restinio::http_field::content_type, std::string());
  plain.body = request->body();
  plain.remote_address = request->remote_endpoint().address().to_string();
  Run([this, plain = std::move(plain), respond = std::move(respond)]() mutable {
    handler(std::move(plain), std::move(respond));
  });
  return restinio::request_accepted();
}

HttpServer::HttpServer(HttpConfig config, HttpHandler handler)
    : state_(std::make_shared<State>(std::move(config), std::move(handler))) {}

HttpServer::~HttpServer() {
  Stop();
}

std::expected<void, ApiError> HttpServer::Start() {
  const std::error_code error = state_->Open();
  if (error) {
    return std::unexpected(StartError(state_->config, error));
  }
  state_->factory = state_->MakeFactory();
  asio::post(state_->io, [state = state_.get()] { state->Accept(); });
  state_->thread = std::thread([state = state_.get()] {
    const auto work = asio::make_work_guard(state->io);
    state->io.run();
  });
  return {};
}

uint16_t HttpServer::port() const {
  return state_->port;
}

void HttpServer::Stop() {
  State* state = state_.get();
  if (!state->thread.joinable()) {
    return;
  }
  asio::post(state->io, [state] {
    state->stopping = true;
    std::error_code ignored;
    state->acceptor.close(ignored);
    state->retry.cancel();
  });
  {
    std::unique_lock lock(state->mutex);
    state->idle.wait_for(lock, kDrain, [state] { return state->under_way.empty(); });
  }
  asio::post(state->io, [state] {
    for (const auto& [id, tracked] : state->connections) {
      if (!tracked.connection.expired()) {
        ::shutdown(tracked.descriptor, SHUT_RDWR);
      }
    }
    asio::post(state->io, [state] { state->io.stop(); });
  });
  state->thread.join();
  std::unique_ptr<asio::thread_pool> workers;
  {
    const std::lock_guard lock(state->mutex);
    workers = std::move(state->workers);
  }
  workers->stop();
  workers->join();
}

void HttpServer::Run(std::function<void()> task) {
  state_->Run(std::move(task));
}

}  // namespace beian
