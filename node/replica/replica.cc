#include "node/replica/replica.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace beian {
namespace {

consensus::CoreConfig MakeCoreConfig(const ReplicaConfig& config, const Genesis& genesis,
                                     consensus::VoteSigner signer) {
  consensus::CoreConfig core;
  core.chain = genesis.chain_id;
  core.epoch = Epoch(0);
  core.set = genesis.validators;
  core.root = RootHeader(genesis).id();
  core.self = config.self;
  core.timing = config.timing;
  core.timing.heartbeat = genesis.heartbeat_ms;
  core.sign = std::move(signer);
  core.nonce = config.nonce;
  return core;
}

}  // namespace

Replica::Replica(const ReplicaConfig& config, const Genesis& genesis, const StateView& committed,
                 const Header& tip, const std::optional<FinalityProof>& tip_proof,
                 consensus::VoteSigner signer, const std::vector<LogRecord>& log)
    : config_(config),
      genesis_(genesis),
      leaders_(genesis.chain_id, Epoch(0), RootHeader(genesis).id(), genesis.validators.size()),
      core_(MakeCoreConfig(config, genesis, std::move(signer))),
      mempool_(config.mempool),
      tree_(genesis, leaders_, committed, tip),
      fetcher_(genesis.validators.size(), config.self),
      catchup_(genesis.validators.size()),
      delivered_(tip),
      delivered_id_(tip.id()),
      pruned_height_(tip.height),
      highest_known_(tip.height),
      chain_tip_(tip.id()) {
  for (const LogRecord& record : log) {
    core_.Recover(record);
    const auto* body = std::get_if<BlockRecord>(&record);
    if (body != nullptr && tree_.Insert(body->block)) logged_bodies_.insert(body->block->id);
  }
  if (tip_proof) {
    const auto& path = tip_proof->descendants;
    core_.RecoverFinal(tip_proof->finalization, path.empty() ? tip : path.back());
  }
  core_.OnCommitted(tip.height);
}

Actions Replica::Start(Now now) {
  now_ = now;
  ExecuteReady();
  core_.Start(now);
  Settle();
  return std::exchange(actions_, {});
}

Actions Replica::Step(Now now, const Event& event) {
  now_ = now;
  Handle(event);
  Settle();
  return std::exchange(actions_, {});
}

void Replica::Handle(const Event& event) {
  if (const auto* message = std::get_if<PeerMessage>(&event)) {
    HandleMessage(*message);
  } else if (const auto* submitted = std::get_if<Submitted>(&event)) {
    HandleSubmitted(*submitted);
  } else if (const auto* committed = std::get_if<Committed>(&event)) {
    HandleCommitted(committed->height);
  } else if (const auto* up = std::get_if<PeerUp>(&event)) {
    core_.OnPeerUp(now_, up->peer);
  } else if (const auto* down = std::get_if<PeerDown>(&event)) {
    core_.OnPeerDown(now_, down->peer);
  } else {
    core_.OnTick(now_);
  }
}

void Replica::HandleMessage(const PeerMessage& event) {
  const ValidatorIndex from = event.from;
  core_.OnHeard(now_, from, event.sender_view);
  const Message& message = event.message;
  if (const auto* vote = std::get_if<Vote>(&message)) {
    core_.OnVote(now_, from, *vote);
  } else if (const auto* certificate = std::get_if<Certificate>(&message)) {
    core_.OnCertificate(now_, from, *certificate);
  } else if (const auto* proposal = std::get_if<Proposal>(&message)) {
    core_.OnProposal(now_, from, *proposal);
  } else if (const auto* status = std::get_if<Status>(&message)) {
    catchup_.OnStatus(now_, from, status->committed);
    core_.OnStatus(now_, from, *status);
  } else if (const auto* certificates = std::get_if<GetCertificates>(&message)) {
    core_.OnGetCertificates(now_, from, *certificates);
  } else if (const auto* get_body = std::get_if<GetBody>(&message)) {
    ServeBody(from, *get_body);
  } else if (const auto* body = std::get_if<Body>(&message)) {
    HandleBody(from, body->block);
  } else if (const auto* get_transactions = std::get_if<GetTransactions>(&message)) {
    ServeTransactions(from, *get_transactions);
  } else if (const auto* transactions = std::get_if<Transactions>(&message)) {
    HandleTransactions(transactions->transactions, false);
  } else if (const auto* get_blocks = std::get_if<GetBlocks>(&message)) {
    Emit(ServeBlocks{from, *get_blocks});
  } else if (const auto* blocks = std::get_if<Blocks>(&message)) {
    HandleBlocks(from, *blocks);
  } else if (const auto* batch = std::get_if<TransactionBatch>(&message)) {
    HandleTransactions(batch->transactions, true);
  } else if (const auto* ask = std::get_if<ReentryAsk>(&message)) {
    core_.OnReentryAsk(now_, from, *ask);
  } else if (const auto* answer = std::get_if<ReentryAnswer>(&message)) {
    core_.OnReentryAnswer(now_, from, *answer);
  }
}

// After every event, to a fixed point: the core's outputs may bring blocks, blocks move the core.
void Replica::Settle() {
  RunCore();
  std::vector<Send> sends;
  fetcher_.DropProposalsBelow(core_.view());
  fetcher_.DropBodiesUpTo(tree_.tip().view);
  fetcher_.Retry(now_, sends);
  catchup_.Update(now_, delivered_.height, tree_.tip().height, sends);
  EmitAll(sends);
  AnnounceStale();
  if (now_.steady >= announced_at_ + kAnnounceEveryMs) FlushAnnouncements();
  UpdateChain();
  core_.OnWork(now_, HasWork());
  RunCore();
}

void Replica::RunCore() {
  for (consensus::Outputs outputs = core_.TakeOutputs(); !outputs.empty();
       outputs = core_.TakeOutputs()) {
    for (consensus::Output& output : outputs) Perform(std::move(output));
    UpdateChain();
    core_.OnWork(now_, HasWork());
  }
}

void Replica::Perform(consensus::Output output) {
  std::vector<Send> sends;
  if (auto* append = std::get_if<AppendRecord>(&output)) {
    Emit(std::move(*append));
  } else if (std::holds_alternative<SyncLog>(output)) {
    Emit(SyncLog{});
  } else if (auto* send = std::get_if<Send>(&output)) {
    Emit(std::move(*send));
  } else if (const auto* body = std::get_if<consensus::AppendBody>(&output)) {
    AppendBody(body->id);
  } else if (const auto* build = std::get_if<consensus::Build>(&output)) {
    BuildBlock(*build);
  } else if (const auto* validate = std::get_if<consensus::Validate>(&output)) {
    const BlockId id = validate->proposal.header.id();
    if (tree_.StateOf(id) == BlockTree::State::kInvalid) return core_.OnBlockInvalid(now_, id);
    if (const auto block = fetcher_.WantProposal(now_, validate->proposal, mempool_, sends)) {
      InsertBlock(block);
    }
  } else if (auto* need = std::get_if<consensus::NeedBody>(&output)) {
    if (tree_.StateOf(need->id) == BlockTree::State::kUnknown) {
      fetcher_.WantBody(now_, need->id, need->view, std::move(need->holders), sends);
    }
  } else if (const auto* finalized = std::get_if<consensus::Finalized>(&output)) {
    pending_final_ = finalized->finalization;
    TryDeliver();
  } else if (auto* evidence = std::get_if<Evidence>(&output)) {
    Emit(std::move(*evidence));
  } else if (auto* halt = std::get_if<Halt>(&output)) {
    Emit(std::move(*halt));
  } else if (auto* note = std::get_if<Note>(&output)) {
    Emit(std::move(*note));
  }
  EmitAll(sends);
}

void Replica::AppendBody(const BlockId& id) {
  if (!logged_bodies_.insert(id).second) return;
  const BlockPtr block = tree_.Find(id);
  CHECK(block != nullptr);   // the core votes only for what the tree has executed
  Emit(AppendRecord{BlockRecord{block}});
}

void Replica::EmitAll(std::vector<Send>& sends) {
  for (Send& send : sends) Emit(std::move(send));
  sends.clear();
}

SteadyMs Replica::NextDeadline() const {
  SteadyMs next = core_.NextDeadline();
  if (const auto at = fetcher_.NextDeadline()) next = std::min(next, *at);
  if (const auto at = catchup_.NextDeadline()) next = std::min(next, *at);
  if (!announcements_.empty()) next = std::min(next, announced_at_ + kAnnounceEveryMs);
  if (!mempool_.empty()) next = std::min(next, stale_check_at_);
  return next;
}

bool Replica::Wants(ValidatorIndex from, const Message& message) const {
  if (const auto* body = std::get_if<Body>(&message)) return fetcher_.WantsBody(body->block->id);
  if (from.value() >= genesis_.validators.size()) return false;
  return core_.Wants(message);
}

ReplicaStatus Replica::status() const {
  ReplicaStatus status;
  status.view = core_.view();
  status.leader = core_.Leader(core_.view());
  status.final_view = core_.final().view;
  status.final_height = std::max(core_.final_height(), delivered_.height);
  status.committed_height = tree_.tip().height;
  status.pending_transactions = mempool_.size();
  status.muted = core_.muted();
  status.observer = core_.observer();
  status.below_floor = core_.view() <= core_.floor();
  status.highest_known = std::max(highest_known_, status.final_height);
  return status;
}

}  // namespace beian
