#include "client/cli/steps.h"

#include <fmt/format.h>

#include "ledger/filing/province.h"

namespace beian::client {
namespace {

template <auto Mutable>
void FillPlain(v1::Action& action, const Bytes& filing, const std::string&) {
  (action.*Mutable)()->set_filing_id(filing);
}

template <auto Mutable>
void FillReasoned(v1::Action& action, const Bytes& filing, const std::string& reason) {
  (action.*Mutable)()->set_filing_id(filing);
  (action.*Mutable)()->set_reason(reason);
}

/// The office in whose hands the filing is.
Actor HolderOf(const FilingRecord& record) {
  Actor holder;
  holder.role = record.stage == Stage::kCac ? Actor::Role::kCac : Actor::Role::kProvincialOffice;
  const Province* province = FindProvince(record.division);
  if (record.stage == Stage::kProvince && province != nullptr) holder.province = province->gb2260;
  return holder;
}

}  // namespace

constexpr Step kTake{"take",
                     v1::Action::kTakeUp,
                     FilingStatus::kNotReviewed,
                     std::nullopt,
                     false,
                     FillPlain<&v1::Action::mutable_take_up>};
constexpr Step kForward{"forward",
                        v1::Action::kForward,
                        FilingStatus::kInReview,
                        Stage::kProvince,
                        false,
                        FillPlain<&v1::Action::mutable_forward>};
constexpr Step kApprove{"approve",
                        v1::Action::kApprove,
                        FilingStatus::kInReview,
                        Stage::kCac,
                        false,
                        FillPlain<&v1::Action::mutable_approve>};
constexpr Step kRequest{"request-supplement",
                        v1::Action::kRequestSupplement,
                        FilingStatus::kInReview,
                        std::nullopt,
                        true,
                        FillReasoned<&v1::Action::mutable_request_supplement>};
constexpr Step kRefuse{"refuse",
                       v1::Action::kRefuse,
                       FilingStatus::kInReview,
                       std::nullopt,
                       true,
                       FillReasoned<&v1::Action::mutable_refuse>};

std::vector<std::string> OfficeSteps(const FilingRecord& record,
                                     const std::optional<Actor>& actor) {
  std::vector<std::string> verbs;
  for (const Step* step : {&kTake, &kRequest, &kRefuse, &kForward, &kApprove}) {
    const FilingReject reject = JudgeStep(actor.value_or(HolderOf(record)), step->kind, record);
    if (reject == FilingReject::kAccepted) verbs.emplace_back(step->verb);
  }
  return verbs;
}

std::vector<std::string> CommandsFrom(const FilingRecord& record) {
  const std::string id = record.id.hex();
  std::vector<std::string> commands;
  for (const std::string& verb : OfficeSteps(record, std::nullopt)) {
    commands.push_back(fmt::format("beian review {} {}", verb, id));
  }
  switch (record.status) {
    case FilingStatus::kAwaitingSupplement:
      commands.push_back(fmt::format("beian filing supplement {} FILE", id));
      break;
    case FilingStatus::kNotPassed:
      commands.push_back(fmt::format("beian filing resubmit {} FILE", id));
      break;
    case FilingStatus::kFiled:
      if (record.code) {
        commands.push_back(fmt::format("beian set publish {}", record.code->characters()));
      }
      break;
    case FilingStatus::kNotReviewed:
    case FilingStatus::kInReview:
    case FilingStatus::kListed:
      break;
  }
  return commands;
}

}  // namespace beian::client
