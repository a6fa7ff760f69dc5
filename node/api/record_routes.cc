#include <limits>

#include "ledger/base/calendar.h"
#include "ledger/filing/province.h"
#include "node/api/proofs.h"
#include "node/api/response.h"
#include "node/api/route_table.h"

namespace beian::api {
namespace {

constexpr uint8_t kKindSet = 5;  ///< as in ledger/filing/record.h
constexpr size_t kCursorBytesMax = 128;

HttpResponse NoBlockYet() {
  return ErrorResponse({503, "node.no_block", "the chain has no final block yet", "",
                        "wait for the first block", 1'000});
}

/// A record with its proof, or the proof of its absence as 404 with `missing`.
struct Proved {
  Bytes record;
  Bytes proof;
};
std::expected<Proved, HttpResponse> ProveRecord(NodeService& node, const BlockReader& reader,
                                                const RouteRequest& request, const MapKey& key,
                                                Failure missing) {
  const auto proof = MakeRecordProof(reader, key);
  if (!proof) {
    return std::unexpected(NoBlockYet());
  }
  Bytes encoded = EncodeRecordProof(*proof, node.genesis().validators.size());
  if (!proof->record) {
    if (request.WantsProtobuf()) {
      return std::unexpected(ProtobufResponse(std::move(encoded), 404));
    }
    missing.proof = std::move(encoded);
    return std::unexpected(ErrorResponse(missing));
  }
  if (request.WantsProtobuf()) {
    return std::unexpected(ProtobufResponse(std::move(encoded)));
  }
  return Proved{*proof->record, std::move(encoded)};
}

Failure Missing(std::string id, std::string message, std::string object) {
  return {404, std::move(id), std::move(message), std::move(object),
          "check it for typing errors; the proof shows that the ledger does not hold it"};
}

Json ProofJson(const BlockReader& reader, const Proved& proved) {
  const Header tip = reader.Tip();
  return {{"height", tip.height.value()},
          {"time", FormatTime(tip.time)},
          {"time_ms", tip.time.value()},
          {"proof", ToBase64(proved.proof)}};
}

/// What the action that made the content in force says.
Json InForce(const BlockReader& reader, const Genesis& genesis, const FilingRecord& record) {
  const auto place = reader.Find(record.content_transaction);
  const auto octets = place ? reader.EntryAt(place->log_index) : std::nullopt;
  const auto entry = octets ? DecodeLogEntry(*octets) : std::nullopt;
  if (!entry) {
    return nullptr;
  }
  const auto transaction = Transaction::Parse(genesis.chain_id, entry->wire);
  if (!transaction || record.content_action >= (*transaction)->body().actions_size()) {
    return nullptr;
  }
  const v1::Filing* filing = FilingOf((*transaction)->body().actions(record.content_action));
  return filing == nullptr ? Json(nullptr) : ContentJson(*filing);
}

/// One record of a kind under `key`, as {"<name>": ..., proof}.
template <class Record>
HttpResponse OneRecord(NodeService& node, const RouteRequest& request, const MapKey& key,
                       const Failure& missing, const char* name, Json (*to_json)(const Record&)) {
  const auto reader = node.Snapshot();
  const auto proved = ProveRecord(node, *reader, request, key, missing);
  if (!proved) {
    return proved.error();
  }
  const auto record = Record::Decode(proved->record);
  CHECK(record.has_value());
  Json body = {{name, to_json(*record)}};
  body.update(ProofJson(*reader, *proved));
  return JsonResponse(name, body);
}

struct ListArguments {
  size_t count = kListCountMax;
  Bytes cursor;
};
std::expected<ListArguments, Failure> ParseList(const RouteRequest& request) {
  const auto count = QueryNumber(request, "count", kListCountMax, {1, kListCountMax});
  if (!count) {
    return std::unexpected(count.error());
  }
  ListArguments arguments{std::max<size_t>(*count, 1), {}};
  if (const auto it = request.query.find("cursor"); it != request.query.end()) {
    const auto cursor = FromHex(it->second);
    if (!cursor || cursor->empty() || cursor->size() > kCursorBytesMax) {
      return std::unexpected(Failure{400, "request.bad_cursor", "that is no cursor of this list",
                                     it->second, "take it from the `next` of a page"});
    }
    arguments.cursor = *cursor;
  }
  return arguments;
}

std::expected<FilingFilter, Failure> ParseFilter(const RouteRequest& request) {
  FilingFilter filter;
  if (const auto it = request.query.find("status"); it != request.query.end()) {
    filter.status = FilingStatusFromId(it->second);
    if (!filter.status) {
      return std::unexpected(Failure{400, "request.bad_status", "no filing has that status",
                                     it->second,
                                     "one of not_reviewed, in_review, awaiting_supplement, "
                                     "not_passed, filed, listed"});
    }
  }
  if (const auto it = request.query.find("province"); it != request.query.end()) {
    if (it->second.size() != 2 || FindProvince(it->second) == nullptr) {
      return std::unexpected(Failure{400, "request.bad_province", "no province has that number",
                                     it->second, "two digits of GB/T 2260, such as 11"});
    }
    filter.province = it->second;
  }
  if (request.query.contains("set")) {
    const auto set = QueryNumber(request, "set", 0, {0, std::numeric_limits<uint32_t>::max()});
    if (!set) {
      return std::unexpected(set.error());
    }
    filter.set = static_cast<uint32_t>(*set);
  }
  if (const auto it = request.query.find("subject"); it != request.query.end()) {
    const auto subject = ParseId<SubjectId>("the subject's id", it->second);
    if (!subject) {
      return std::unexpected(subject.error());
    }
    filter.subject = *subject;
  }
  if (const auto it = request.query.find("owner"); it != request.query.end()) {
    const auto owner = ParseId<KeyId>("the owner's key id", it->second);
    if (!owner) {
      return std::unexpected(owner.error());
    }
    filter.owner = *owner;
  }
  return filter;
}

/// A page of records; it may be short, or empty, and still have a next one.
template <class Record>
HttpResponse PageOf(const char* name, const BlockReader& reader,
                    const BlockReader::Listing& listing, Json (*to_json)(const Record&)) {
  Json items = Json::array();
  for (const Bytes& octets : listing.records) {
    const auto record = Record::Decode(octets);
    CHECK(record.has_value());
    items.push_back(to_json(*record));
  }
  Json body = {{"height", reader.Tip().height.value()}, {name, std::move(items)}};
  body["next"] = listing.next.empty() ? Json(nullptr) : Json(ToHex(listing.next));
  return JsonResponse(name, body);
}

}  // namespace

HttpResponse GetCode(NodeService& node, const RouteRequest& request) {
  const std::string& text = request.arguments[0];
  const auto code = RegistrationCode::Parse(text);
  if (!code) {
    return ErrorResponse({400, std::string(CodeErrorId(code.error())),
                          "that is not a well-formed registration code", text,
                          "give the 20 characters, or the full form 京网信备...号"});
  }
  const auto reader = node.Snapshot();
  const auto proved =
      ProveRecord(node, *reader, request, CodeKey(*code),
                  Missing("code.not_registered", "the code is well formed, but it was never issued",
                          std::string(code->characters())));
  if (!proved) {
    return proved.error();
  }
  const auto record = FilingRecord::Decode(proved->record);
  CHECK(record.has_value());
  Json body = {{"code", code->characters()},
               {"code_display", code->Display()},
               {"filing", FilingJson(*record)}};
  body.update(ProofJson(*reader, *proved));
  return JsonResponse("code", body);
}

HttpResponse GetFiling(NodeService& node, const RouteRequest& request) {
  const auto id = ParseId<FilingId>("the filing's id", request.arguments[0]);
  if (!id) {
    return ErrorResponse(id.error());
  }
  const auto reader = node.Snapshot();
  const auto proved = ProveRecord(node, *reader, request, FilingKey(*id),
                                  Missing("filing.unknown", "no filing has that id", id->hex()));
  if (!proved) {
    return proved.error();
  }
  const auto record = FilingRecord::Decode(proved->record);
  CHECK(record.has_value());
  Json body = {{"filing", FilingJson(*record)},
               {"content", InForce(*reader, node.genesis(), *record)}};
  body.update(ProofJson(*reader, *proved));
  return JsonResponse("filing", body);
}

HttpResponse ListFilings(NodeService& node, const RouteRequest& request) {
  const auto arguments = ParseList(request);
  const auto filter = ParseFilter(request);
  if (!arguments || !filter) {
    return ErrorResponse(arguments ? filter.error() : arguments.error());
  }
  const auto reader = node.Snapshot();
  return PageOf<FilingRecord>("filings", *reader,
                              reader->ListFilings(*filter, arguments->cursor, arguments->count),
                              FilingJson);
}

HttpResponse ListSets(NodeService& node, const RouteRequest& request) {
  const auto arguments = ParseList(request);
  if (!arguments) {
    return ErrorResponse(arguments.error());
  }
  const auto reader = node.Snapshot();
  return PageOf<SetRecord>("sets", *reader,
                           reader->List(kKindSet, arguments->cursor, arguments->count), SetJson);
}

HttpResponse GetSet(NodeService& node, const RouteRequest& request) {
  const auto number =
      ParseNumber("the set's number", request.arguments[0],
                  {0, std::numeric_limits<uint32_t>::max()});
  if (!number) {
    return ErrorResponse(number.error());
  }
  return OneRecord<SetRecord>(
      node, request, SetKey(static_cast<uint32_t>(*number)),
      Missing("set.unknown", "no set has that number", request.arguments[0]), "set", SetJson);
}

HttpResponse GetSubject(NodeService& node, const RouteRequest& request) {
  const auto id = ParseId<SubjectId>("the subject's id", request.arguments[0]);
  if (!id) {
    return ErrorResponse(id.error());
  }
  return OneRecord<SubjectRecord>(
      node, request, SubjectKey(*id),
      Missing("subject.unknown", "no office has taken up a filing of that subject", id->hex()),
      "subject", SubjectJson);
}

HttpResponse GetKey(NodeService& node, const RouteRequest& request) {
  const auto id = ParseId<KeyId>("the key's id", request.arguments[0]);
  if (!id) {
    return ErrorResponse(id.error());
  }
  return OneRecord<KeyRecord>(
      node, request, KeyRecordKey(*id),
      Missing("key.unknown", "the ledger says nothing of that key", id->hex()), "key", KeyJson);
}

}  // namespace beian::api
