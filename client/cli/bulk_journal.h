#pragma once

#include <expected>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/cli/bulk_rows.h"
#include "client/cli/session.h"
#include "ledger/chain/transaction.h"
#include "ledger/json/json.h"

namespace beian::client {

/// The result file of a bulk submission: one JSON object a line, appended and synced, mode 0600.
///
///   {"schema":"beian.bulk-results.v1","chain"}                              at first
///   {"row","digest","state":"signed","transaction","wire","disclosures"}    before it is sent
///   {"row","line","digest","state":"committed","accepted","filing",...}     once it is final
///   {"row","line","digest","state":"rejected","error_id",...}  refused, and in no node's hands
///
/// The digest says which row it is, by what it files and who signs it; the numbers are for people.
/// One command at a time has it, from before it is read until the run ends. Any thread.
class BulkJournal {
 public:
  /// What an earlier run knows of a row; the later line wins.
  struct Known {
    TransactionPtr signed_transaction;  ///< null: none was signed, or its fate is known
    Json final_row;                     ///< null: not final
  };

  /// Waits for the command that has it. Reads what is there and goes on behind it; a torn last line
  /// is cut off. A file that is no result file, or another chain's, is refused and stays as it is.
  /// Errors: "bulk.no_results", "bulk.other_chain", "file.*".
  static std::expected<std::unique_ptr<BulkJournal>, ClientError> Open(const Session& session,
                                                                       const std::string& file,
                                                                       const ChainId& chain);
  ~BulkJournal();

  /// Null when an earlier run did not get to the row.
  const Known* Find(const std::string& digest) const;
  /// Transactions of a service that earlier runs signed, and whose fate is not known.
  std::span<const TransactionPtr> UnfinishedOf(const std::string& service) const;
  /// Durable when it returns.
  std::expected<void, ClientError> Append(const std::string& lines);

  static Json SignedLine(const BulkRow& row, const Transaction& transaction,
                         const std::vector<Disclosure>& disclosures);
  static Json FinalLine(const BulkRow& row, const Json& result);

 private:
  BulkJournal(std::string file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}
  void Read(std::string_view text, const ChainId& chain);

  const std::string file_;
  const int descriptor_;
  std::mutex mutex_;
  // As read at first; not changed later.
  std::map<std::string, Known> known_;                             ///< by digest
  std::map<std::string, std::vector<TransactionPtr>> unfinished_;  ///< by the name of the service
};

}  // namespace beian::client
