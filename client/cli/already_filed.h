#pragma once

#include <expected>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "beian/v1/transaction.pb.h"
#include "client/sdk/client.h"
#include "ledger/filing/record.h"

namespace beian::client {

/// Whether two filings that `owner` signs are of one service: the same name, of the same subject.
bool SameService(const KeyId& owner, const v1::Filing& a, const v1::Filing& b);

/// What keys have filed already, as far as a node shows it. Each key's filings are listed once,
/// page by page, however many submissions are looked at. Any thread.
class FiledAlready {
 public:
  /// Refuses a submission when one of the filings is on the ledger already: the same service of the
  /// same subject, signed by the same key, and not refused since. What the list shows of it is
  /// believed only with its proof. What a node conceals, or what is in no block yet, is not found:
  /// then the ledger gets two filings, of which an office refuses one.
  /// Errors: "filing.already_filed" with the id of the filing that stands.
  std::expected<void, ClientError> Refuse(Client& client, const KeyId& owner,
                                          std::span<const v1::Filing* const> filings);

 private:
  using Records = std::multimap<std::string, FilingRecord>;  ///< by the name of the service
  struct Listing {
    std::mutex mutex;
    std::optional<Records> records;  ///< guarded by mutex; not changed once it is there
  };

  std::expected<const Records*, ClientError> RecordsOf(Client& client, const KeyId& owner);
  Listing& ListingOf(const KeyId& owner);

  std::mutex mutex_;
  std::map<KeyId, Listing> listings_;
};

}  // namespace beian::client
