#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/chain/genesis.h"
#include "node/store/rocks_store.h"
#include "node/store/vote_log.h"

namespace beian {

/// What start found on disk and what was done about it.
///
///   <data_dir>/votes/     vote log and head file
///   <data_dir>/store/     RocksDB
///   <data_dir>/reentry    exists while a lost log is being replaced, so that a crash in between
///                         cannot leave a log that looks new
///   <data_dir>/damaged    exists when a running node found its store damaged: says how; the next
///                         start acts on it
struct DataDirectory {
  std::unique_ptr<RocksStore> store;
  std::unique_ptr<VoteLog> log;
  std::vector<LogRecord> records;      ///< of the log, in order
  std::vector<std::string> findings;   ///< what was damaged or missing, one sentence each
};

/// Makes a new validator's directory: an empty vote log that begins with E(0), an empty store. Only
/// this makes a log that may vote at once; it is refused where one stands.
std::expected<void, std::string> InitialiseDataDirectory(const std::filesystem::path& directory,
                                                         const Genesis& genesis,
                                                         ValidatorIndex self,
                                                         const VoteLogOptions& log_options = {});

/// Opens and checks everything. A vote log that is missing or damaged, or older than the store
/// knows it to have been, is a lost log: it is set aside and a new one begins with REENTRY, so that
/// the replica stays mute until its peers have told it from which view on it may vote. A damaged
/// store, or that of another validator, is set aside and filled again from peers. The log of
/// another chain or validator, and the store of another chain, are errors and stay as they are.
std::expected<DataDirectory, std::string> OpenDataDirectory(const std::filesystem::path& directory,
                                                            const Genesis& genesis,
                                                            ValidatorIndex self,
                                                            uint64_t checked_bytes_max,
                                                            const VoteLogOptions& log_options = {});

/// Makes the next start set the store aside. Durable when it returns.
std::expected<void, std::string> MarkStoreDamaged(const std::filesystem::path& directory,
                                                  const std::string& finding);

}  // namespace beian
