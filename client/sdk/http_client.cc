#include "client/sdk/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <mutex>

#include "ledger/base/check.h"

namespace beian::client {
namespace {

void InitialiseOnce() {
  static std::once_flag once;
  std::call_once(once, [] { CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

struct HeaderListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, HeaderListDeleter>;

HeaderList MakeHeaders(std::string_view accept, std::string_view content_type) {
  curl_slist* list = curl_slist_append(nullptr, fmt::format("Accept: {}", accept).c_str());
  if (!content_type.empty()) {
    list = curl_slist_append(list, fmt::format("Content-Type: {}", content_type).c_str());
  }
  list = curl_slist_append(list, "Expect:");  // no pause before a large body
  CHECK(list != nullptr);
  return HeaderList(list);
}

size_t Receive(char* data, size_t size, size_t count, void* target) {
  auto& body = *static_cast<Bytes*>(target);
  if (body.size() + size * count > kReplyBytesMax) return 0;  // makes the transfer fail
  body.append(data, size * count);
  return size * count;
}

/// Asked while a transfer is under way, once a second at least.
int AskToStop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return reinterpret_cast<bool (*)()>(stop)() ? 1 : 0;
}

ClientError TransferError(CURLcode code, const std::string& url, const char* detail) {
  ClientError error;
  error.object = url;
  error.exit = Exit::kUnreachable;
  error.next = "beian doctor";
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      error.id = "node.timeout";
      error.message = "The node did not answer in time.";
      error.remedy = "Try again, or give another node.";
      break;
    case CURLE_ABORTED_BY_CALLBACK:
      error.id = "client.interrupted";
      error.message = "Interrupted before the node answered.";
      error.remedy = "Run the same command again.";
      error.next.clear();
      error.exit = Exit::kInterrupted;
      break;
    case CURLE_WRITE_ERROR:
      error.id = "node.reply_too_large";
      error.message = fmt::format("The reply is larger than {} octets.", kReplyBytesMax);
      error.remedy = "Give another node: no node should answer so.";
      break;
    default:
      error.id = "node.unreachable";
      error.message = fmt::format("The node cannot be reached: {}.",
                                  *detail != '\0' ? detail : curl_easy_strerror(code));
      error.remedy = "Check that the node runs and that the address is right.";
  }
  return error;
}

}  // namespace

struct HttpClient::State {
  State() {
    InitialiseOnce();
    handle = curl_easy_init();
    CHECK(handle != nullptr);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { curl_easy_cleanup(handle); }

  std::expected<HttpReply, ClientError> Perform(const std::string& url, curl_slist* headers,
                                                uint64_t timeout_ms) {
    char detail[CURL_ERROR_SIZE] = "";
    HttpReply reply;
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Receive);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &reply.body);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectTimeoutMs));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
    const CURLcode code = curl_easy_perform(handle);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
    long request_bytes = 0;
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &request_bytes);
    sent = request_bytes > 0;
    if (code != CURLE_OK) return std::unexpected(TransferError(code, url, detail));
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    const char* type = nullptr;
    curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
    reply.status = static_cast<int>(status);
    if (type != nullptr) reply.content_type = type;
    return reply;
  }

  CURL* handle = nullptr;
  bool sent = false;
};

void HttpClient::StopWhen(bool (*stop)()) {
  curl_easy_setopt(state_->handle, CURLOPT_XFERINFOFUNCTION, &AskToStop);
  curl_easy_setopt(state_->handle, CURLOPT_XFERINFODATA, reinterpret_cast<void*>(stop));
  curl_easy_setopt(state_->handle, CURLOPT_NOPROGRESS, 0L);
}

HttpClient::HttpClient() : state_(std::make_unique<State>()) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

bool HttpClient::sent() const {
  return state_->sent;
}

std::expected<HttpReply, ClientError> HttpClient::Get(const std::string& url,
                                                      std::string_view accept,
                                                      uint64_t timeout_ms) {
  const HeaderList headers = MakeHeaders(accept, {});
  curl_easy_setopt(state_->handle, CURLOPT_HTTPGET, 1L);
  return state_->Perform(url, headers.get(), timeout_ms);
}

std::expected<HttpReply, ClientError> HttpClient::Post(const std::string& url, BytesView body,
                                                       std::string_view content_type,
                                                       std::string_view accept,
                                                       uint64_t timeout_ms) {
  const HeaderList headers = MakeHeaders(accept, content_type);
  curl_easy_setopt(state_->handle, CURLOPT_POST, 1L);
  curl_easy_setopt(state_->handle, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(state_->handle, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(body.size()));
  return state_->Perform(url, headers.get(), timeout_ms);
}

}  // namespace beian::client
