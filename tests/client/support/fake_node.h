#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "ledger/base/types.h"
#include "tests/client/support/http_listener.h"

namespace beian {
class SmallLedger;
struct Genesis;
struct GenesisFixture;
}  // namespace beian

namespace beian::client {

/// A node without consensus: the HTTP API over a SmallLedger whose blocks have this machine's time.
/// Tests may make it refuse, lie or hang up; how real nodes behave is for tests/cluster.
class FakeNode {
 public:
  FakeNode();
  ~FakeNode();

  const Genesis& genesis() const;
  const GenesisFixture& fixture() const;
  SmallLedger& ledger() { return *ledger_; }
  std::string url() const { return listener_.url(); }

  /// Called before the node answers; a status other than 0 is the answer.
  std::function<TestReply(const TestRequest&)> before = [](const TestRequest&) {
    return TestReply{0, "", "", false};
  };
  /// Changes proofs and receipts on their way out.
  std::function<void(Bytes& octets)> lie = [](Bytes&) {};
  std::atomic<bool> commits = true;     ///< false: what is submitted stays pending, in no block
  std::atomic<size_t> submissions = 0;  ///< requests

  static TimeMs Now();

 private:
  TestReply Answer(const TestRequest& request);
  TestReply Submit(const TestRequest& request);
  TestReply Outcome(const TransactionId& id) const;
  TestReply Record(const MapKey& key) const;
  TestReply Status() const;
  TestReply List(const std::string& target) const;
  TestReply Sets() const;
  TestReply Export(const std::string& target) const;

  std::unique_ptr<SmallLedger> ledger_;
  std::set<TransactionId> pending_;  ///< submitted while nothing was committed
  HttpListener listener_;
};

}  // namespace beian::client
