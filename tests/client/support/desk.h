#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/client/support/answer.h"
#include "tests/client/support/filing_fields.h"
#include "tests/client/support/folder.h"

namespace beian {
class PrivateKey;
}

namespace beian::client {

class FakeNode;

struct Ran {
  int exit = 0;
  std::string out;
  std::string error;
  Answer json() const { return Answer::Parse(out); }
};

/// The whole program in this process.
Ran RunProgram(const std::vector<std::string>& arguments);

/// A user with a node, a connection file, the keys of all offices ("cac", "office-11") and those of
/// providers: "own", and "own-2" for the organisation 2 and so on. The ledger binds a key to one
/// organisation.
class Desk {
 public:
  Desk();
  ~Desk();

  FakeNode& node() { return *node_; }
  const Folder& folder() const { return folder_; }
  std::string path(const std::string& name) const { return folder_ / name; }

  Ran Run(std::vector<std::string> arguments) const;
  Answer Json(std::vector<std::string> arguments) const;

  /// Files a service of an organisation, signed with its key, and returns the filing's id. The
  /// ledger must accept it.
  std::string File(uint32_t organisation = 1) const;
  /// Takes a filing all the way to its code.
  std::string Approve(const std::string& filing) const;

 private:
  void AddKey(const std::string& name, const PrivateKey& key) const;

  std::unique_ptr<FakeNode> node_;
  Folder folder_;
};

}  // namespace beian::client
