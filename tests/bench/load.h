#pragma once

#include <vector>

#include "tests/bench/target.h"

namespace beian::bench {

struct Result {
  double per_second = 0;      ///< filings committed
  double p50_ms = 0;          ///< from sending to the answer that it is committed
  double p99_ms = 0;
  double seconds = 0;
  uint64_t filings = 0;
};

/// Keys of providers whose subject an office has taken up: confirmed, untimed.
std::vector<PrivateKey> MakeProviders(const Target& target, size_t count);

/// Each filing its own transaction, signed by its own provider, signed before the clock runs.
/// `connections` senders with `batch` transactions in each request wait for the commit.
std::vector<TransactionPtr> SignFilings(const Target& target,
                                        const std::vector<PrivateKey>& providers, size_t count);
/// `actions` filings in each transaction.
std::vector<TransactionPtr> SignBulk(const Target& target, const std::vector<PrivateKey>& providers,
                                     size_t count, size_t actions);
Result RunLoad(const Target& target, const std::vector<TransactionPtr>& transactions,
               size_t connections, size_t batch);
/// One filing after the other, from sending to the receipt verified against genesis.
Result RunSingle(const Target& target, const std::vector<TransactionPtr>& transactions);

}  // namespace beian::bench
