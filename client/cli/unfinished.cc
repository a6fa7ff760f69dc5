#include "client/cli/unfinished.h"

#include <fmt/format.h>

#include "client/cli/already_filed.h"
#include "client/cli/language.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

/// The transaction in the file; null when the file holds none of this chain.
TransactionPtr ReadPending(const ChainId& chain, const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return nullptr;
  const auto wire = ReadFile(file, kTransactionCostMax);
  if (!wire) return nullptr;
  auto transaction = Transaction::Parse(chain, *wire);
  return transaction ? *std::move(transaction) : nullptr;
}

bool Carries(const Transaction& transaction, const KeyId& owner, const v1::Filing& filing) {
  return transaction.signer_id() == owner &&
         std::ranges::any_of(transaction.body().actions(), [&](const v1::Action& action) {
           const v1::Filing* carried = FilingOf(action);
           return carried != nullptr && SameService(owner, *carried, filing);
         });
}

/// What is final is for the list of what is filed. What no node has may be on its way until it has
/// expired, by this machine's clock.
bool IsUnderWay(Client& client, const Transaction& transaction) {
  const auto found = client.GetTransaction(transaction.id(), 0);
  if (found && found->state == SubmitResult::State::kCommitted) return false;
  if (found && found->state == SubmitResult::State::kPending) return true;
  return transaction.expiry().value() >= NowMs();
}

ClientError UnderWay(const v1::Filing& filing, const TransactionId& id) {
  return {"filing.submission_under_way",
          fmt::format("Another form of the same service was submitted and is not final yet: `{}`.",
                      Printable(filing.service().name())),
          id.hex(),
          "Wait for that submission, then supplement its filing; or file it once more with "
          "--again.",
          "beian filing wait " + id.hex(),
          Exit::kFailed,
          0};
}

}  // namespace

std::filesystem::path DisclosureFile(const std::filesystem::path& folder, const TransactionId& id,
                                     size_t action) {
  const std::string number = action == 0 ? "" : fmt::format(".{}", action);
  return (folder / fmt::format("{}{}.disclosure.json", id.hex(), number)).lexically_normal();
}

std::optional<SignedActions> FindPending(Session& session, Client& client,
                                         const std::string& file) {
  TransactionPtr transaction = ReadPending(client.genesis().chain_id, file);
  if (transaction == nullptr || HasExpired(client, *transaction)) return std::nullopt;
  SignedActions sent{std::move(transaction), {}, {file}, true};
  std::error_code ignored;
  const auto folder = std::filesystem::path(file).parent_path();
  for (const v1::Action& action : sent.transaction->body().actions()) {
    const v1::Filing* filing = FilingOf(action);
    if (filing == nullptr) return std::nullopt;
    const auto kept = DisclosureFile(folder, sent.transaction->id(), sent.actions.size());
    sent.actions.push_back({filing->service().name(), action,
                            std::filesystem::exists(kept, ignored) ? kept.string() : ""});
  }
  session.Say(fmt::format(fmt::runtime(Tr("{} was sent before: the same transaction goes again")),
                          Printable(sent.transaction->id().hex())));
  return sent;
}

void AddPending(std::vector<SignedActions>& all, SignedActions found) {
  const auto same = std::ranges::find_if(all, [&found](const SignedActions& sent) {
    return sent.transaction->id() == found.transaction->id();
  });
  if (same == all.end()) {
    all.push_back(std::move(found));
  } else {
    same->pending.push_back(found.pending.front());
  }
}

std::vector<TransactionPtr> PendingIn(const ChainId& chain, const std::filesystem::path& folder) {
  std::vector<TransactionPtr> pending;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != kPendingEnding) continue;
    if (auto transaction = ReadPending(chain, entry.path())) pending.push_back(transaction);
  }
  return pending;
}

std::expected<void, ClientError> RefuseUnderWay(Client& client, const KeyId& owner,
                                                std::span<const TransactionPtr> unfinished,
                                                const v1::Filing& filing) {
  for (const TransactionPtr& transaction : unfinished) {
    if (!Carries(*transaction, owner, filing) || !IsUnderWay(client, *transaction)) continue;
    return std::unexpected(UnderWay(filing, transaction->id()));
  }
  return {};
}

}  // namespace beian::client
