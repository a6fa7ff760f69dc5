#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beian/v1/transaction.pb.h"
#include "ledger/filing/lifecycle.h"
#include "ledger/filing/record.h"

/// What may be done with a filing next, by the ledger's rule.
namespace beian::client {

/// What an office does with a filing, and in which state it expects the filings of --all.
struct Step {
  std::string_view verb;
  v1::Action::KindCase kind;
  FilingStatus from;
  std::optional<Stage> stage;
  bool needs_reason;
  void (*fill)(v1::Action& action, const Bytes& filing, const std::string& reason);
};

extern const Step kTake;
extern const Step kForward;
extern const Step kApprove;
extern const Step kRequest;
extern const Step kRefuse;

/// Verbs of `review` that `actor` may do with the filing now; without one, what its holder may do.
/// Of the record only status, stage and division are looked at.
std::vector<std::string> OfficeSteps(const FilingRecord& record, const std::optional<Actor>& actor);

/// The commands that lead on from there, whoever may run them: "beian review take ID".
std::vector<std::string> CommandsFrom(const FilingRecord& record);

}  // namespace beian::client
