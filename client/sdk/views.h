#pragma once

#include <nlohmann/json.hpp>

#include "beian/v1/transaction.pb.h"
#include "ledger/chain/block.h"
#include "ledger/chain/execute.h"
#include "ledger/filing/record.h"

/// JSON forms of records for reading; the same members as the HTTP API has.
namespace beian::client {

using Json = nlohmann::ordered_json;

/// An old reason is no member: it belongs to the step back that a filing has left since.
Json FilingView(const FilingRecord& record);
/// "role", and of a provincial office "province".
Json ActorView(const Actor& actor);
Json SetView(const SetRecord& record);
Json SubjectView(const SubjectRecord& record);
Json HeaderView(const Header& header);
Json ResultsView(const TransactionResult& result);
/// By the names of the .proto file; commitments in base64.
Json ContentView(const v1::Filing& filing);
/// The filing that an action carries; null when it carries none.
const v1::Filing* FilingOf(const v1::Action& action);
/// "submit", "take_up": the name of the action in the .proto file.
std::string ActionName(const v1::Action& action);

/// `json` as text; octets that are not UTF-8 are replaced, so that printing never fails.
std::string Dump(const Json& json, int indent);

}  // namespace beian::client
