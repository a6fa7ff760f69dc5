#include "node/api/http_server.h"

#include <algorithm>
#include <asio.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <restinio/all.hpp>
#include <set>
#include <thread>

#include "node/api/http_connections.h"
#include "node/api/http_status.h"
#include "node/api/port_owner.h"

// RESTinio parses requests, keeps time limits and writes responses. Accepting is done here, with
// parts of RESTinio's `impl` namespace: its own acceptor stops for good after one failed accept (no
// file descriptor left), keeps no room for real requests when idle connections fill the limit, and
// cannot close connections when it stops.
static_assert(RESTINIO_VERSION == RESTINIO_VERSION_MAKE(0, 6, 16));

namespace beian {
namespace {

constexpr auto kAcceptRetry = std::chrono::milliseconds(100);   ///< after a failed accept
constexpr auto kDrain = std::chrono::milliseconds(1'000);       ///< for answers under way, at Stop
constexpr auto kHangUpPeriod = std::chrono::milliseconds(250);  ///< between looks at who hung up
/// What the kernel keeps of an answer for a reader: left alone it takes megabytes for each, out of
/// the memory that the validators' own links need.
constexpr int kSendBufferBytes = 256 * 1024;

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

/// A connection's socket as RESTinio uses it. It tells what comes, and when the reader last took
/// something: an answer is written in pieces, each begun when the one before it is gone.
class Socket {
 public:
  using executor_type = Tcp::socket::executor_type;

  Socket(HttpConnections& all, HttpConnections::Pointer connection)
      : all_(&all), connection_(std::move(connection)) {}

  operator Tcp::socket&() { return connection_->socket; }
  executor_type get_executor() { return connection_->socket.get_executor(); }
  Tcp::socket::lowest_layer_type& lowest_layer() { return connection_->socket.lowest_layer(); }
  bool is_open() const { return connection_->socket.is_open(); }
  void cancel(std::error_code& error) { connection_->socket.cancel(error); }
  void shutdown(Tcp::socket::shutdown_type what, std::error_code& error) {
    connection_->socket.shutdown(what, error);
  }
  void close() { connection_->socket.close(); }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    connection_->progress = HttpConnection::Clock::now();
    connection_->socket.async_write_some(buffers, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    const auto executor = asio::get_associated_executor(handler);
    auto came = [all = all_, connection = connection_, handler = std::forward<Handler>(handler)](
                    const std::error_code& error, size_t size) mutable {
      if (connection->socket.is_open()) {  // not reset meanwhile
        all->Came(*connection, size);
      }
      handler(error, size);
    };
    connection_->socket.async_read_some(buffers, asio::bind_executor(executor, std::move(came)));
  }

 private:
  HttpConnections* all_;
  HttpConnections::Pointer connection_;
};

struct Traits : restinio::traits_t<restinio::asio_timer_manager_t, restinio::null_logger_t> {
  using connection_state_listener_t = Listener;
  using stream_socket_t = Socket;
};
using Factory = restinio::impl::connection_factory_t<Traits>;
using Settings = restinio::server_settings_t<Traits>;
using ConnectionSettings = restinio::impl::connection_settings_t<Traits>;
using Builder = restinio::response_builder_t<restinio::restinio_controlled_output_t>;

/// Refuses a body before a single octet of it is kept: one that is announced as too long, and every
/// chunked one (RESTinio keeps a record of each chunk, so one-octet chunks would cost 70 times
/// their size). The handler then sees the headers alone and answers why. Keeps the version.
int OnHeadersComplete(http_parser* parser) {
  auto* context = static_cast<restinio::impl::http_parser_ctx_t*>(parser->data);
  context->m_header.http_major(parser->http_major);  // RESTinio itself does not
  context->m_header.http_minor(parser->http_minor);
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

/// The parser takes two things that others read otherwise, or as another request: every version,
/// and a space before a header's colon, as a part of the name (RFC 9112, 2.3 and 5.1).
bool IsLax(const restinio::http_request_header_t& header) {
  return header.http_major() != 1 || header.http_minor() > 1 ||
         std::any_of(header.begin(), header.end(), [](const auto& field) {
           return field.name().find(' ') != std::string::npos;
         });
}

/// 400, 414, 431, what RefusedBody says, or 0.
int Refused(const restinio::http_request_header_t& header, size_t body_bytes_max) {
  if (IsLax(header)) {
    return 400;
  }
  if (header.request_target().size() > kUrlBytesMax) {
    return 414;
  }
  const bool long_field = std::any_of(header.begin(), header.end(), [](const auto& field) {
    return field.name().size() > kHeaderNameBytesMax || field.value().size() > kHeaderValueBytesMax;
  });
  return header.fields_count() > kHeadersMax || long_field ? 431
                                                           : RefusedBody(header, body_bytes_max);
}

HttpRequest PlainRequest(const restinio::request_t& request) {
  const auto& header = request.header();
  HttpRequest plain;
  plain.method = MethodOf(header.method());
  plain.path = std::string(header.path());
  plain.query = std::string(header.query());
  plain.accept = header.get_field_or(restinio::http_field::accept, std::string());
  plain.content_type = header.get_field_or(restinio::http_field::content_type, std::string());
  if (plain.method == HttpRequest::Method::kPost) {
    plain.body = request.body();
  }
  plain.remote_address = request.remote_endpoint().address().to_string();
  return plain;
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
  State(HttpConfig c, HttpHandler h)
      : config(std::move(c)),
        handler(std::move(h)),
        connections(config.limits.connections_max, config.limits.under_way_bytes_max),
        acceptor(io),
        retry(io),
        hang_up(io),
        workers(std::make_unique<asio::thread_pool>(config.threads)) {}

  std::error_code Open();
  void Accept();
  void Accepted(const std::error_code& error, Tcp::socket socket);
  void Add(Tcp::socket socket);
  void WatchForHangUps();
  void Closed(restinio::connection_id_t id);
  void Finished(restinio::connection_id_t id);
  void GiveUp(restinio::connection_id_t id);
  restinio::request_handling_status_t Handle(const restinio::request_handle_t& request);
  HttpRespond MakeRespond(const restinio::request_handle_t& request, bool close);
  void Answer(Builder builder, restinio::connection_id_t id, HttpResponse response);
  std::unique_ptr<Factory> MakeFactory();
  void Run(std::function<void()> task);  ///< any thread

  HttpConfig config;
  HttpHandler handler;
  asio::io_context io{1};
  std::unique_ptr<Factory> factory;
  HttpConnections connections;
  Tcp::acceptor acceptor;
  asio::steady_timer retry;
  asio::steady_timer hang_up;
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
      acceptor.listen(asio::socket_base::max_listen_connections, error) ||
      acceptor.non_blocking(true, error)) {
    std::error_code ignored;
    acceptor.close(ignored);
    return error;
  }
  port = acceptor.local_endpoint(error).port();
  return error;
}

/// A connection is taken only when there is room for it; until then it waits in the kernel.
void HttpServer::State::Accept() {
  if (accepting || stopping || !connections.HasRoom()) {
    return;
  }
  accepting = true;
  acceptor.async_wait(Tcp::acceptor::wait_read, [this](std::error_code error) {
    accepting = false;
    if (stopping || !connections.MakeRoom()) {
      return;
    }
    Tcp::socket socket(io);
    if (!error) {
      acceptor.accept(socket, error);
    }
    Accepted(error, std::move(socket));
  });
}

void HttpServer::State::Accepted(const std::error_code& error, Tcp::socket socket) {
  const bool gone = error == asio::error::would_block || error == asio::error::connection_aborted;
  if (error && !gone) {
    retry.expires_after(kAcceptRetry);
    retry.async_wait([this](const std::error_code& cancelled) {
      if (!cancelled) {
        Accept();
      }
    });
    return;
  }
  if (!error) {
    Add(std::move(socket));
  }
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
  try {
    const auto connection = std::make_shared<HttpConnection>(std::move(socket));
    const auto served =
        factory->create_new_connection(Socket(connections, connection), remote, {nullptr});
    connections.Add(served->connection_id(), connection);
    served->init();
  } catch (const std::exception&) {  // no memory for it
  }
}

void HttpServer::State::WatchForHangUps() {
  hang_up.expires_after(kHangUpPeriod);
  hang_up.async_wait([this](const std::error_code& cancelled) {
    if (!cancelled) {
      connections.ResetHungUp();
      Accept();
      WatchForHangUps();
    }
  });
}

void HttpServer::State::Run(std::function<void()> task) {
  const std::lock_guard lock(mutex);
  if (workers) {
    asio::post(*workers, std::move(task));
  }
}

void HttpServer::State::Closed(restinio::connection_id_t id) {
  connections.Remove(id);
  Finished(id);
}

void HttpServer::State::Finished(restinio::connection_id_t id) {
  if (const auto connection = connections.Find(id)) {
    connections.Rest(*connection);
  }
  {
    const std::lock_guard lock(mutex);
    under_way.erase(id);
  }
  idle.notify_all();
  Accept();
}

void HttpServer::State::Answer(Builder builder, restinio::connection_id_t id,
                               HttpResponse response) {
  const auto status = static_cast<std::uint16_t>(response.status);
  builder.header().status_line(restinio::http_status_line_t{
      restinio::http_status_code_t{status}, std::string(ReasonPhrase(response.status))});
  builder.append_header(restinio::http_field::content_type, std::move(response.content_type));
  builder.append_header("X-Content-Type-Options", "nosniff");
  for (auto& [name, value] : response.headers) {
    builder.append_header(std::move(name), std::move(value));
  }
  if (const auto connection = connections.Find(id)) {
    connections.Answer(*connection, response.body.size());
  }
  builder.set_body(std::move(response.body));
  if (stopping) {
    builder.connection_close();
  }
  // RESTinio also calls back for what is never written, at the latest when `io` is destroyed.
  builder.done([weak = weak_from_this(), id](const std::error_code&) {
    if (const auto state = weak.lock()) {
      state->Finished(id);
    }
  });
}

/// May be called from any thread; the answer is written on the I/O thread, once. It keeps the
/// state, but not the request: a body is not to stay until its answer.
HttpRespond HttpServer::State::MakeRespond(const restinio::request_handle_t& request, bool close) {
  struct Once {
    std::shared_ptr<State> state;
    restinio::connection_id_t id;
    Builder builder;
    std::atomic<bool> used = false;

    Once(std::shared_ptr<State> s, restinio::connection_id_t i, Builder b)
        : state(std::move(s)), id(i), builder(std::move(b)) {}
    ~Once() {
      if (!used.exchange(true)) {  // forgotten by the handler
        asio::post(state->io,
                   [s = state.get(), id = id, b = std::move(builder)] { s->GiveUp(id); });
      }
    }
  };
  auto once = std::make_shared<Once>(shared_from_this(), request->connection_id(),
                                     request->create_response());
  if (close) {
    once->builder.connection_close();
  }
  return [once](HttpResponse response) {
    if (once->used.exchange(true)) {
      return;
    }
    State* state = once->state.get();
    asio::post(state->io, [state, id = once->id, builder = std::move(once->builder),
                           answer = std::move(response)]() mutable {
      try {
        state->Answer(std::move(builder), id, std::move(answer));
      } catch (const std::exception&) {
        state->GiveUp(id);  // no memory for it
      }
    });
  };
}

/// There will be no answer.
void HttpServer::State::GiveUp(restinio::connection_id_t id) {
  connections.Reset(id);
  Finished(id);
}

restinio::request_handling_status_t HttpServer::State::Handle(
    const restinio::request_handle_t& request) {
  const auto id = request->connection_id();
  const auto connection = connections.Find(id);
  if (!connection) {
    return restinio::request_rejected();  // reset while its octets were on the way to here
  }
  {
    const std::lock_guard lock(mutex);
    under_way.insert(id);
  }
  HttpRequest plain = PlainRequest(*request);
  const int refused = Refused(request->header(), config.limits.body_bytes_max);
  const size_t lent = refused == 0 ? plain.body.size() : 0;
  const bool taken = connections.Lend(*connection, lent);
  const bool close = refused != 0 || plain.method == HttpRequest::Method::kOther ||  // such as HEAD
                     request->header().connection() == restinio::http_connection_header_t::upgrade;
  HttpRespond respond = MakeRespond(request, close);
  if (refused != 0 || !taken) {
    respond(RefusalOf(refused != 0 ? refused : 503, config.limits));
    return restinio::request_accepted();
  }
  Run([this, lent, plain = std::move(plain), respond = std::move(respond)]() mutable {
    handler(std::move(plain), std::move(respond));
    asio::post(io, [this, lent] { connections.Release(lent); });
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
  asio::post(state_->io, [state = state_.get()] {
    state->Accept();
    state->WatchForHangUps();
  });
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
    state->hang_up.cancel();
  });
  {
    std::unique_lock lock(state->mutex);
    state->idle.wait_for(lock, kDrain, [state] { return state->under_way.empty(); });
  }
  asio::post(state->io, [state] {
    state->connections.CloseAll();
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
