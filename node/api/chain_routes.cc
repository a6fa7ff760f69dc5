#include "beian/v1/api.pb.h"
#include "node/api/openapi.h"
#include "node/api/proofs.h"
#include "node/api/response.h"
#include "node/api/route_table.h"

namespace beian::api {
namespace {

std::expected<Height, Failure> ParseHeight(const BlockReader& reader, const std::string& text) {
  if (text == "latest") {
    return reader.Tip().height;
  }
  const auto number = ParseNumber("the height", text, {0, kWireNumberMax});
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

constexpr uint64_t kExportRetryMs = 1'000;

/// An export costs a thousand times what another answer does: the others go before those that are
/// more than a few.
Failure TooManyExports() {
  return {503,
          "node.busy",
          "the node builds as many exports as it will at one time",
          "",
          "ask again later, or another node",
          kExportRetryMs};
}

struct ExportRange {
  uint64_t first;
  uint64_t count;
};

HttpResponse ExportResponse(const Call& call, const ExportRange& range) {
  const auto reader = call.context->node.Snapshot();
  const size_t set_size = call.context->node.genesis().validators.size();
  v1::BlocksReply reply;
  reply.set_tip(reader->Tip().height.value());
  size_t total_bytes = 0;
  for (uint64_t i = 0; i < range.count; ++i) {
    const auto block = MakeStoredBlock(*reader, Height(range.first + i), set_size);
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
  if (!call.request().WantsJson()) {
    return ProtobufResponse(reply.SerializeAsString());
  }
  Json blocks = Json::array();
  for (const std::string& block : reply.blocks()) {
    blocks.push_back(ToBase64(block));
  }
  return JsonResponse("blocks", {{"tip", reply.tip()}, {"blocks", std::move(blocks)}});
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

void ExportBlocks(std::shared_ptr<Call> call) {
  const auto first = QueryNumber(call->request(), "first", 1, {1, kWireNumberMax});
  const auto count =
      QueryNumber(call->request(), "count", kExportBlocksMax, {1, kExportBlocksMax});
  if (!first || !count) {
    call->respond(ErrorResponse(first ? count.error() : first.error()));
    return;
  }
  Context& context = *call->context;
  if (context.exports.fetch_add(1) >= kExportsMax) {
    context.exports.fetch_sub(1);
    call->respond(ErrorResponse(TooManyExports()));
    return;
  }
  context.run([call, range = ExportRange{*first, *count}] {
    HttpResponse response = ExportResponse(*call, range);
    call->context->exports.fetch_sub(1);
    call->respond(std::move(response));
  });
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
