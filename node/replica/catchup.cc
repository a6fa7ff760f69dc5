#include "node/replica/catchup.h"

namespace beian {

void Catchup::OnStatus(Now now, ValidatorIndex from, Height committed) {
  Peer& peer = peers_[from.value()];
  if (committed > peer.committed) {
    peer.since = now.steady;
  }
  peer.committed = committed;   // it may honestly go down, after a lost disk
  if (!check_at_) check_at_ = now.steady + kCatchupPatienceMs;
}

std::optional<ValidatorIndex> Catchup::Choose(Now now, Height delivered) const {
  for (size_t i = 0; i < peers_.size(); ++i) {
    const size_t index = (turn_ + i) % peers_.size();
    const Peer& peer = peers_[index];
    // Far ahead: at once. Barely ahead: only if the normal course has not brought it by now.
    const bool far = peer.committed > delivered + kBlocksPerReply;
    const bool waited = now.steady >= peer.since + kCatchupPatienceMs;
    if (peer.committed > delivered && (far || waited) && now.steady >= peer.trusted_from) {
      return ValidatorIndex(static_cast<uint16_t>(index));
    }
  }
  return std::nullopt;
}

void Catchup::Update(Now now, Height delivered, Height committed, std::vector<Send>& sends) {
  if (question_) {
    if (now.steady < question_->until) return;
    peers_[question_->peer.value()].trusted_from = now.steady + kCatchupDistrustMs;
    question_.reset();
    ++turn_;
  }
  check_at_.reset();
  if (delivered > committed + kCatchupAheadMax) return;   // Committed brings us here again
  const std::optional<ValidatorIndex> peer = Choose(now, delivered);
  if (!peer) {
    for (const Peer& other : peers_) {
      if (other.committed > delivered) check_at_ = now.steady + kCatchupPatienceMs;
    }
    return;
  }
  question_ = Question{*peer, delivered.Next(), now.steady + kCatchupTimeoutMs};
  sends.push_back({*peer, GetBlocks{delivered.Next(), kBlocksPerReply}});
}

bool Catchup::Accept(Now now, ValidatorIndex from, const Blocks& blocks, const Header& tip) {
  if (!question_ || question_->peer != from) return false;
  question_.reset();
  auto wrong = [&] {
    peers_[from.value()].trusted_from = now.steady + kCatchupDistrustMs;
    ++turn_;
    return false;
  };
  if (blocks.blocks.empty()) {
    peers_[from.value()].committed = Height(0);   // it has nothing for us after all
    return false;
  }
  if (!blocks.proof || blocks.blocks.size() > kBlocksPerReply) return wrong();
  // The normal course may have delivered some of them meanwhile.
  BlockId parent = tip.id();
  Height height = tip.height;
  BlockId last;
  for (const BlockPtr& block : blocks.blocks) {
    if (block->header.height <= tip.height) continue;
    if (block->header.parent != parent || block->header.height != height.Next()) return wrong();
    parent = block->id;
    height = block->header.height;
  }
  last = blocks.blocks.back()->id;
  for (const Header& header : blocks.proof->descendants) {
    if (header.parent != last) return wrong();
    last = header.id();
  }
  const Statement& statement = blocks.proof->finalization.statement;
  return statement.kind == VoteKind::kFinalize && statement.id == last ? true : wrong();
}

std::optional<SteadyMs> Catchup::NextDeadline() const {
  if (question_) return question_->until;
  return check_at_;
}

}  // namespace beian
