#include "beian/v1/api.pb.h"
#include "node/api/json.h"
#include "node/api/openapi.h"
#include "node/api/proofs.h"
#include "node/api/route_table.h"

namespace beian::api {
namespace {

std::expected<Height, Failure> ParseHeight(const BlockReader& reader, const std::string& text) {
  if (text == "latest") {
    return reader.Tip().height;
  }
  const auto number = ParseNumber("the height", text, kWireNumberMax);
  if (!number) {
    return std::unexpected(number.error());
  }
  return Height(*number);
}

Json TransactionJson(const Transaction& transaction, const BlockReader& reader, LogIndex index) {
  const auto octets = reader.EntryAt(index);
  const auto entry = octets ? DecodeLogEntry(*octets) : std::nullopt;
  CHECK(entry.has_value());
  return {{"id", transaction.id().hex()},
          {"log_index", index.value()},
          {"signer", transaction.signer_id().hex()},
          {"octets", transaction.wire().size()},
          {"results", ResultsJson(entry->result)}};
}

}  // namespace

HttpResponse GetBlock(NodeService& node, const RouteRequest& request) {
  const auto reader = node.Snapshot();
  const auto height = ParseHeight(*reader, request.arguments[0]);
  if (!height) {
    return ErrorResponse(height.error());
  }
  const auto header = reader->HeaderAt(*height);
  const auto block = reader->BlockAt(*height);
  const auto proof = reader->ProofAt(*height);
  if (!header || !block || !proof) {
    return ErrorResponse({404, "block.unknown", "no block of that height is committed here",
                          request.arguments[0],
                          "heights go from 1 to " + std::to_string(reader->Tip().height.value())});
  }
  Json transactions = Json::array();
  uint64_t index = header->log_size - header->tx_count;
  for (const TransactionPtr& transaction : block->transactions) {
    transactions.push_back(TransactionJson(*transaction, *reader, LogIndex(index++)));
  }
  Json body = {{"header", HeaderJson(*header)}};
  body["header_octets"] = ToBase64(header->Encode());
  body["finality_proof"] = ToBase64(proof->Encode(node.genesis().validators.size()));
  body["transactions"] = std::move(transactions);
  return JsonResponse("block", body);
}

HttpResponse ExportBlocks(NodeService& node, const RouteRequest& request) {
  const auto first = QueryNumber(request, "first", 1, kWireNumberMax);
  const auto count = QueryNumber(request, "count", kExportBlocksMax, kExportBlocksMax);
  if (!first || !count) {
    return ErrorResponse(first ? count.error() : first.error());
  }
  const auto reader = node.Snapshot();
  const size_t set_size = node.genesis().validators.size();
  v1::BlocksReply reply;
  reply.set_tip(reader->Tip().height.value());
  size_t total_bytes = 0;
  const uint64_t begin = std::max<uint64_t>(*first, 1);
  for (uint64_t height = begin; height < begin + *count; ++height) {
    const auto block = MakeStoredBlock(*reader, Height(height), set_size);
    if (!block) {
      break;
    }
    Bytes encoded = EncodeStoredBlock(*block);
    total_bytes += encoded.size();
    if (reply.blocks_size() > 0 && total_bytes > kExportBytesMax) {
      break;
    }
    reply.add_blocks(std::move(encoded));
  }
  if (request.http.accept.find("application/json") == std::string::npos) {
    return ProtobufResponse(reply.SerializeAsString());
  }
  Json blocks = Json::array();
  for (const std::string& block : reply.blocks()) {
    blocks.push_back(ToBase64(block));
  }
  return JsonResponse("blocks", {{"tip", reply.tip()}, {"blocks", std::move(blocks)}});
}

HttpResponse GetGenesis(NodeService& node, const RouteRequest&) {
  HttpResponse response;
  response.content_type = "application/toml";
  response.body = node.genesis_file();
  return response;
}

HttpResponse GetStatus(NodeService& node, const RouteRequest&) {
  return JsonResponse("status", StatusJson(node.Status(), node.genesis()));
}

HttpResponse GetOpenApi(NodeService&, const RouteRequest&) {
  HttpResponse response;
  response.content_type = "application/yaml";
  response.body = std::string(OpenApiYaml());
  return response;
}

}  // namespace beian::api
