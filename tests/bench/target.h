#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/chain/genesis.h"
#include "ledger/chain/transaction.h"
#include "ledger/crypto/keys.h"

namespace beian::bench {

/// A running local cluster, as `beian cluster up` left it in its folder.
struct Target {
  struct Node {
    std::string name;
    std::string url;
    int pid = 0;
    std::string data_dir;
  };
  Genesis genesis;
  std::vector<Node> nodes;
  std::map<std::string, PrivateKey> role_keys;   ///< "cac", "beijing", ...
};

/// Ends the program with a message when the folder holds no running cluster.
Target LoadTarget(const std::string& directory);

double CpuSeconds(int pid);                      ///< user and system, of a running process
uint64_t ResidentBytes(int pid);
uint64_t DiskBytes(const std::string& directory);
[[noreturn]] void Fail(const std::string& what);

}  // namespace beian::bench
