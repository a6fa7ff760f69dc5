#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "beian/v1/transaction.pb.h"
#include "ledger/chain/block.h"
#include "ledger/chain/execute.h"
#include "ledger/filing/lifecycle.h"
#include "ledger/filing/record.h"

/// Records as JSON for people and their scripts: what the node hands out and what the client shows
/// has the same members, those of node/api/openapi.yaml. Digests are hex, times both milliseconds
/// and RFC 3339. Never hashed or signed, and nothing is believed for being read from it.
namespace beian {

using Json = nlohmann::ordered_json;

Json HeaderJson(const Header& header);
/// An old reason is no member: it belongs to the step back that a filing has left since.
Json FilingJson(const FilingRecord& record);
/// "role", and of a provincial office "province".
Json ActorJson(const Actor& actor);
Json SubjectJson(const SubjectRecord& record);
Json KeyJson(const KeyRecord& record);
Json SetJson(const SetRecord& record);
/// One object for each action: accepted, code or error id and remedy.
Json ResultsJson(const TransactionResult& result);
/// By Protobuf's own mapping with the names of the .proto file; commitments in base64.
Json ContentJson(const v1::Filing& filing);

/// The filing that an action carries; null when it carries none.
const v1::Filing* FilingOf(const v1::Action& action);
/// "submit", "take_up": the name of the action in the .proto file.
std::string ActionName(const v1::Action& action);

/// Records are a few levels deep; far deeper, and copying a value would take all of the stack.
inline constexpr int kJsonDepthMax = 64;

/// Discarded when the text is no JSON or is nested deeper than that.
template <class Value = Json>
Value ParseJson(std::string_view text) {
  bool too_deep = false;
  const auto watch = [&too_deep](int depth, typename Value::parse_event_t, Value&) {
    too_deep |= depth > kJsonDepthMax;
    return !too_deep;
  };
  Value value = Value::parse(text, watch, false);
  return too_deep ? Value(nlohmann::detail::value_t::discarded) : value;
}

/// Whether a member stands twice in an object of this JSON: readers differ in which of the two they
/// show, so that one could be shown while the other is compared.
bool HasMemberTwice(std::string_view json);

/// `json` as text, in one line without `indent`; octets that are not UTF-8 are replaced, so that
/// printing never fails.
std::string PrintJson(const Json& json, int indent = -1);

}  // namespace beian
