#include "node/api/response.h"

#include "node/api/version.h"

namespace beian::api {

HttpResponse JsonResponse(std::string_view name, const Json& body, int status) {
  Json json = {{"schema", "beian." + std::string(name) + ".v1"}};
  json.update(body);
  HttpResponse response;
  response.status = status;
  response.body = PrintJson(json) + "\n";
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HttpResponse ProtobufResponse(Bytes body, int status) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/x-protobuf";
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Json StatusJson(const NodeStatus& status, const Genesis& genesis) {
  Json peers = Json::array();
  for (const PeerStatus& peer : status.peers) {
    peers.push_back({{"index", peer.index.value()},
                     {"name", peer.name},
                     {"connected", peer.connected},
                     {"final_height", peer.final_height},
                     {"queued_bytes", peer.queued_bytes},
                     {"dropped_frames", peer.dropped_frames}});
  }
  const ReplicaStatus& replica = status.replica;
  const bool known = genesis.validators.Contains(replica.leader);
  return {{"state", status.state},
          {"version", status.version},
          {"commit", BuildCommit()},
          {"uptime_ms", status.uptime_ms},
          {"chain", {{"name", genesis.name}, {"id", genesis.chain_id.hex()}}},
          {"epoch", replica.epoch.value()},
          {"view", replica.view.value()},
          {"leader", known ? genesis.validators.at(replica.leader).name : std::string()},
          {"final_view", replica.final_view.value()},
          {"final_height", replica.final_height.value()},
          {"committed_height", replica.committed_height.value()},
          {"highest_known", replica.highest_known.value()},
          {"pending_transactions", replica.pending_transactions},
          {"muted", replica.muted},
          {"below_floor", replica.below_floor},
          {"validators", genesis.validators.size()},
          {"quorum", genesis.validators.quorum()},
          {"peers", std::move(peers)},
          {"findings", status.findings}};
}

}  // namespace beian::api
