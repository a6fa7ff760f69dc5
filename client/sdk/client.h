#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/sdk/error.h"
#include "client/sdk/http_client.h"
#include "client/sdk/promise.h"
#include "ledger/verify/chain_walk.h"
#include "ledger/verify/proofs.h"

namespace beian::v1 {
class SubmitReply;
}

namespace beian::client {

inline constexpr size_t kSubmitChunkTransactions = 256;  ///< in one request; a node takes 512
inline constexpr size_t kSubmitChunkBytes = 2'000'000;   ///< a node takes 4 MB
inline constexpr uint64_t kRequestTimeoutMs = 10'000;  ///< beyond what the node is to wait
/// A transaction that one node has not brought to commit in this time is sent to the next as well.
inline constexpr uint64_t kSubmitWaitMs = 5'000;
inline constexpr uint64_t kDefaultSubmitTimeoutMs = 60'000;
inline constexpr uint64_t kRetryPauseMs = 200;
inline constexpr uint64_t kRetryPauseMsMax = 5'000;
/// However little time is left: a node on this machine answers in it, and one far away mostly.
inline constexpr uint64_t kTryMsMin = 1'000;

inline constexpr std::string_view kUnknownTransactionId = "transaction.unknown";
/// For commands that can say nothing else about it.
ClientError UnknownTransaction(const TransactionId& id);

/// What became of one transaction. Committed only after its receipt was verified here.
struct SubmitResult {
  enum class State : uint8_t { kPending, kCommitted, kRejected, kExpired, kUnknown };
  TransactionId id;
  State state = State::kPending;
  std::string error_id;  ///< of a rejection
  std::string remedy;
  std::string node;  ///< whose word a rejection is: no other one was asked
  std::optional<VerifiedReceipt> receipt;
  Bytes receipt_octets;       ///< EncodeReceipt
  bool may_be_known = false;  ///< a node has it, or may have it, whatever another node said
};

struct SubmitOptions {
  bool wait = true;
  uint64_t timeout_ms = kDefaultSubmitTimeoutMs;
};

/// A record or its absence, shown by a proof that was verified here.
struct VerifiedRecord {
  std::optional<Bytes> record;
  RecordProof proof;
  Bytes octets;      ///< EncodeRecordProof
  std::string node;  ///< that handed it out
};

/// Blocks as a node handed them out; nothing in them is checked.
struct ExportedBlocks {
  std::vector<StoredBlock> blocks;
  uint64_t tip = 0;
};

/// Talks to the nodes of one chain, one after the other until one answers; what they say is
/// believed only with a proof that the genesis file confirms. Not for two threads at once.
class Client {
 public:
  /// `genesis` must outlive the client. `nodes` are normalised URLs, at least one.
  Client(const Genesis& genesis, std::vector<std::string> nodes);

  /// Sends until each is committed, rejected or expired, or the time is over. Sending twice is
  /// harmless. One result for each transaction, in order. Error only when no node can be reached.
  std::expected<std::vector<SubmitResult>, ClientError> Submit(
      std::span<const TransactionPtr> transactions, const SubmitOptions& options);

  /// True when a node may hold a transaction of a Submit that failed.
  bool may_have_sent() const { return may_have_sent_; }

  /// What the nodes know of a transaction; unknown when no node that answers knows it. A node that
  /// has it may wait for its block.
  std::expected<SubmitResult, ClientError> GetTransaction(const TransactionId& id,
                                                          uint64_t wait_ms);

  std::expected<VerifiedRecord, ClientError> GetCode(const RegistrationCode& code);
  std::expected<VerifiedRecord, ClientError> GetFiling(const FilingId& id);
  std::expected<VerifiedRecord, ClientError> GetSet(uint32_t number);
  std::expected<VerifiedRecord, ClientError> GetSubject(const SubjectId& id);

  /// Blocks from `first`, at most `count`; fewer when the node bounds its reply.
  std::expected<ExportedBlocks, ClientError> Export(Height first, size_t count);

  /// A JSON answer that keeps its promise, otherwise unverified: status, lists. `path` begins with
  /// /v1/.
  std::expected<nlohmann::json, ClientError> GetJson(const std::string& path, Promise promise);
  std::expected<nlohmann::json, ClientError> GetJsonFrom(const std::string& node,
                                                         const std::string& path, Promise promise);

  /// Nodes whose proofs did not verify, with the error's id, in the order met.
  const std::vector<std::pair<std::string, std::string>>& liars() const { return liars_; }
  const std::vector<std::string>& nodes() const { return nodes_; }
  const Genesis& genesis() const { return genesis_; }
  /// From now on every request ends about then, whatever is asked: what --timeout is for. An end
  /// that stands already is never put off.
  void EndIn(uint64_t ms);
  /// Time left until that end.
  uint64_t LeftMs() const;
  /// Is told of every node that cannot be reached, whether or not another one answers.
  using NoAnswer = std::function<void(const std::string& node, const ClientError& error)>;
  void TellOfNoAnswer(NoAnswer listener) { no_answer_ = std::move(listener); }
  /// From now on requests and waiting end within about a second once this says so, with
  /// "client.interrupted" or with what is known.
  void StopWhen(bool (*stop)());
  /// The node to ask first; for threads that share the load.
  void StartAt(size_t node) { preferred_ = node % nodes_.size(); }

 private:
  struct Answer {
    HttpReply reply;
    size_t node = 0;
  };
  using Judge = std::function<std::optional<ClientError>(const HttpReply& reply, size_t node)>;
  struct Pending;
  /// How long one request may take.
  struct Patience {
    uint64_t wait_ms = 0;  ///< that the node is to wait before it answers
    uint64_t answer_ms = kRequestTimeoutMs;
  };
  /// A node's share of the time left, so that one that is silent leaves some to the others.
  static uint64_t ShareMs(uint64_t answer_ms, uint64_t left_ms, size_t nodes);

  std::expected<Answer, ClientError> Ask(const std::string& path, std::string_view accept,
                                         const Patience& patience, const Judge& judge);
  ClientError NotReached(size_t node, ClientError error) const;
  std::expected<VerifiedRecord, ClientError> GetRecord(const std::string& path, const MapKey& key);
  std::expected<void, ClientError> SubmitOnce(std::vector<Pending>& chunk,
                                              const Patience& patience);
  std::expected<SubmitResult, ClientError> AskTransaction(const TransactionId& id,
                                                          uint64_t wait_ms);
  static bool SpeaksOfOthers(const v1::SubmitReply& message, const std::vector<Pending>& chunk);
  void AdoptExpiry(SubmitResult& result);
  static void AdoptRefusals(std::vector<Pending>& chunk);
  void Adopt(const v1::SubmitReply& message, std::vector<Pending>& chunk);
  std::expected<void, ClientError> SubmitChunk(std::vector<Pending>& chunk,
                                               const SubmitOptions& options);
  void RememberLiar(size_t node, VerifyError error);

  const Genesis& genesis_;
  std::vector<std::string> nodes_;
  std::vector<HttpClient> connections_;
  std::vector<std::pair<std::string, std::string>> liars_;
  size_t preferred_ = 0;
  std::optional<std::chrono::steady_clock::time_point> end_;
  NoAnswer no_answer_;
  bool (*stop_)() = [] { return false; };
  bool may_have_sent_ = false;
};

}  // namespace beian::client
