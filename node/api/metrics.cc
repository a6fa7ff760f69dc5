#include "node/api/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <sstream>

#include "node/api/version.h"

namespace beian {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using Buckets = Histogram::BucketBoundaries;

const Buckets kDiskSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};
const Buckets kHttpSeconds = {0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60};

}  // namespace

struct Metrics::State {
  explicit State(const Genesis& g) : genesis(g) {}

  Family<Counter>& Counters(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Gauge>& Gauges(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }
  Gauge& One(const char* name, const char* help) { return Gauges(name, help).Add({}); }
  Histogram& Seconds(const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({},
                                                                                     kDiskSeconds);
  }

  const Genesis& genesis;
  prometheus::Registry registry;

  Counter& blocks =
      Counters("beian_blocks_committed_total", "Blocks written to the store.").Add({});
  Counter& transactions =
      Counters("beian_transactions_committed_total", "Transactions in committed blocks.").Add({});
  Family<Counter>& actions =
      Counters("beian_actions_committed_total", "Actions in committed blocks, by result.");
  Family<Counter>& verified =
      Counters("beian_client_signatures_verified_total", "Client signatures checked, by result.");
  Family<Counter>& peer_verified =
      Counters("beian_peer_signatures_verified_total", "Validator signatures checked, by result.");
  Family<Counter>& submitted =
      Counters("beian_transactions_submitted_total", "Transactions from clients, by outcome.");
  Family<Counter>& http = Counters("beian_http_requests_total", "Requests answered, by route.");
  Family<Histogram>& http_seconds = prometheus::BuildHistogram()
                                        .Name("beian_http_request_duration_seconds")
                                        .Help("Time from a whole request to its answer.")
                                        .Register(registry);
  Histogram& commit = Seconds("beian_commit_duration_seconds", "Time to write one block.");
  Histogram& sync = Seconds("beian_vote_log_sync_duration_seconds", "Time to sync the vote log.");

  Gauge& epoch = One("beian_epoch", "Epoch of the validator set.");
  Gauge& view = One("beian_view", "View of this replica.");
  Gauge& final_height = One("beian_final_height", "Height of the last final block.");
  Gauge& committed = One("beian_committed_height", "Height of the last block in the store.");
  Gauge& known = One("beian_highest_known_height", "Greatest height that a verified proof showed.");
  Gauge& pending = One("beian_pending_transactions", "Transactions in the mempool.");
  Gauge& ready = One("beian_ready", "1 when the node's state is ready.");
  Gauge& muted = One("beian_muted", "1 while the node may not vote: it waits for re-entry.");
  Gauge& uptime = One("beian_uptime_seconds", "Time since the process began.");
  Gauge& connected = One("beian_peers_connected", "Validators this node is connected to.");
  Gauge& validators = One("beian_validators", "Validators in the current set.");
  Family<Gauge>& peer_up = Gauges("beian_peer_connected", "1 while the peer is connected.");
  Family<Gauge>& peer_height = Gauges("beian_peer_final_height", "Final height that a peer told.");
  Family<Gauge>& peer_queue = Gauges("beian_peer_queued_bytes", "Octets waiting for a peer.");
  Family<Gauge>& peer_dropped =
      Gauges("beian_peer_dropped_frames", "Frames dropped for a peer since the process began.");
};

Metrics::Metrics(const Genesis& genesis) : state_(std::make_unique<State>(genesis)) {
  state_->Gauges("beian_build_info", "Always 1; its labels say what runs.")
      .Add({{"version", std::string(BuildVersion())}, {"commit", std::string(BuildCommit())}})
      .Set(1);
}

Metrics::~Metrics() = default;

void Metrics::CountCommit(size_t transactions, size_t actions_accepted, size_t actions_rejected) {
  state_->blocks.Increment();
  state_->transactions.Increment(static_cast<double>(transactions));
  state_->actions.Add({{"result", "accepted"}}).Increment(static_cast<double>(actions_accepted));
  state_->actions.Add({{"result", "rejected"}}).Increment(static_cast<double>(actions_rejected));
}

void Metrics::CountVerified(size_t good, size_t bad) {
  state_->verified.Add({{"result", "good"}}).Increment(static_cast<double>(good));
  state_->verified.Add({{"result", "bad"}}).Increment(static_cast<double>(bad));
}

void Metrics::CountPeerSignatures(size_t good, size_t bad) {
  state_->peer_verified.Add({{"result", "good"}}).Increment(static_cast<double>(good));
  state_->peer_verified.Add({{"result", "bad"}}).Increment(static_cast<double>(bad));
}

void Metrics::CountSubmitted(std::string_view outcome) {
  state_->submitted.Add({{"outcome", std::string(outcome)}}).Increment();
}

void Metrics::ObserveCommitSeconds(double seconds) {
  state_->commit.Observe(seconds);
}
void Metrics::ObserveSyncSeconds(double seconds) {
  state_->sync.Observe(seconds);
}

void Metrics::ObserveHttp(std::string_view route, int status, double seconds) {
  const std::string name(route);
  state_->http.Add({{"route", name}, {"status", std::to_string(status)}}).Increment();
  state_->http_seconds.Add({{"route", name}}, kHttpSeconds).Observe(seconds);
}

void Metrics::Observe(const NodeStatus& status) {
  const ReplicaStatus& replica = status.replica;
  const auto number = [](auto value) { return static_cast<double>(value); };
  state_->epoch.Set(number(replica.epoch.value()));
  state_->view.Set(number(replica.view.value()));
  state_->final_height.Set(number(replica.final_height.value()));
  state_->committed.Set(number(replica.committed_height.value()));
  state_->known.Set(number(replica.highest_known.value()));
  state_->pending.Set(number(replica.pending_transactions));
  state_->ready.Set(status.state == "ready" ? 1 : 0);
  state_->muted.Set(replica.muted ? 1 : 0);
  state_->uptime.Set(number(status.uptime_ms) / 1000);
  state_->validators.Set(number(state_->genesis.validators.size()));
  size_t connected = 0;
  for (const PeerStatus& peer : status.peers) {
    const prometheus::Labels labels = {{"peer", peer.name}};
    connected += peer.connected ? 1 : 0;
    state_->peer_up.Add(labels).Set(peer.connected ? 1 : 0);
    state_->peer_height.Add(labels).Set(number(peer.final_height));
    state_->peer_queue.Add(labels).Set(number(peer.queued_bytes));
    state_->peer_dropped.Add(labels).Set(number(peer.dropped_frames));
  }
  state_->connected.Set(number(connected));
}

std::string Metrics::Text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, state_->registry.Collect());
  return out.str();
}

}  // namespace beian
