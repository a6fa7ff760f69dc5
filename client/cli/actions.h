#pragma once

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "client/cli/command.h"
#include "client/cli/session.h"
#include "client/sdk/filing_input.h"
#include "client/sdk/reply.h"

/// From actions to signed transactions to what became of them.
namespace beian::client {

/// The shared options of commands that submit.
std::vector<Option> SubmitOptionList();

/// --no-wait and --timeout.
SubmitOptions SubmitOptionsOf(const Values& values);

/// One action with the object that the user knows it by.
struct NamedAction {
  std::string object;  ///< filing id, service name, "set 3"
  v1::Action action;
  std::string disclosure = {};  ///< file of its personal data; empty: none was written
};

/// How long a transaction may wait for its block. Half of what the ledger allows, because the clock
/// of this machine may be ahead of the validators'.
inline constexpr uint64_t kClientExpiryMs = kExpiryWindowMs / 2;

uint64_t NowMs();
void SleepMs(uint64_t ms);
v1::TransactionBody NewBody();

/// Signs the actions in order, as few transactions as the limits allow. Error when one action alone
/// is too large.
struct SignedActions {
  TransactionPtr transaction;
  std::vector<NamedAction> actions;
  std::vector<std::string> pending = {};  ///< files that hold it until its fate is known
  bool sent_before = false;               ///< a node may have it, whatever is heard now
};
std::expected<std::vector<SignedActions>, ClientError> SignActions(const ChainId& chain,
                                                                   std::vector<NamedAction> actions,
                                                                   const PrivateKey& key);

/// Which filing this is: what it says, as it was written, and who signs it on which chain. 32 hex
/// digits. Empty values count as not given.
std::string FilingDigest(const ChainId& chain, const KeyId& signer, const FilingFields& fields);

/// True when a node says that it is in no block and never will be: only then may what it carries be
/// signed anew. No node is asked before its time is over by this machine's clock.
bool HasExpired(Client& client, const Transaction& transaction);

/// Sends and reports one row for each action: object, filing, transaction, state, code, error.
CommandResult SubmitActions(Session& session, const Values& values,
                            std::vector<SignedActions> transactions);

/// The same for actions that are signed with the session's key.
CommandResult SignAndSubmit(Session& session, const Values& values,
                            std::vector<NamedAction> actions);

/// The client, whose requests end with --timeout; nodes that do not answer are named at once on
/// standard error.
std::expected<Client*, ClientError> TimedClient(Session& session, const Values& values);

/// Asks again while no node can be reached and the client has time.
template <class Question>
auto AskWhileUnreachable(Client& client, Question ask) {
  uint64_t pause_ms = kRetryPauseMs;
  while (true) {
    auto answer = ask();
    const bool unreachable =
        !answer && answer.error().exit == Exit::kUnreachable && answer.error().id != kBadReplyId;
    if (!unreachable || client.LeftMs() <= pause_ms) return answer;
    SleepMs(pause_ms);
    pause_ms = std::min(2 * pause_ms, kRetryPauseMsMax);
  }
}

/// Id of the filing that an action makes or names; empty when it does neither.
std::string FilingOfAction(const v1::Action& action, const TransactionId& transaction,
                           uint16_t index);

/// Whether its fate is known for good. A word of one node is not enough when another may have the
/// transaction, nor for its expiry.
bool IsSettled(const SignedActions& sent, const SubmitResult& result);

/// Rows of a transaction's results, or of its fate when it has none.
Json ResultRows(const SignedActions& sent, const SubmitResult& result);
CommandResult ReportRows(Session& session, Json rows);
/// "accepted and final: 12  filing.wrong_state: 1"; of a dry run, in which nothing can be accepted,
/// "valid; nothing was sent: 12".
std::string SummaryText(const Json& rows, bool dry_run, const Style& style);

/// 64 hex digits, a 20-character code's filing (asked from a node), or `@FILE` and `-` for lists.
std::expected<std::vector<FilingId>, ClientError> ResolveFilings(
    Session& session, const std::vector<std::string>& texts);

template <class Id>
std::optional<Id> ParseId(std::string_view hex) {
  const auto octets = FromHex(hex);
  if (!octets || octets->size() != Id::kSize) return std::nullopt;
  return Id::FromBytes(*octets);
}

/// The record of a filing, verified.
std::expected<FilingRecord, ClientError> DecodeFiling(const VerifiedRecord& verified,
                                                      const std::string& object);

}  // namespace beian::client
