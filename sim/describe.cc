#include "sim/describe.h"

#include <fmt/format.h>

namespace beian::sim {
namespace {

template <class... Cases>
struct Overload : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;

std::string Short(const BlockId& id) { return id.hex().substr(0, 8); }

std::string Line(const Statement& statement) {
  std::string line = fmt::format("{} {}", VoteKindName(statement.kind), statement.view.value());
  if (statement.kind != VoteKind::kNullify) {
    line += fmt::format(" on {} block {}", statement.parent_view.value(), Short(statement.id));
  }
  return line;
}

std::string Line(const Certificate& certificate) {
  return fmt::format("certificate of {} by {}", Line(certificate.statement),
                     certificate.signatures.size());
}

std::string Line(const LogRecord& record) {
  return std::visit(
      Overload{
          [](const EpochRecord&) -> std::string { return "epoch"; },
          [](const VoteRecord& r) { return "vote " + Line(r.vote.statement); },
          [](const CertificateRecord& r) { return Line(r.certificate); },
          [](const BlockRecord& r) { return "body " + Short(r.block->id); },
          [](const ProposalRecord& r) { return "own " + Short(r.proposal.header.id()); },
          [](const FinalRecord& r) { return "last final " + Line(r.finalization.statement); },
          [](const ReentryRecord&) -> std::string { return "reentry"; },
          [](const FloorRecord& r) { return fmt::format("floor {}", r.floor.value()); }},
      record);
}

void Put(ByteWriter& out, const Message& message, size_t nodes) {
  out.U8(static_cast<uint8_t>(message.index()));
  std::visit(
      Overload{[&](const Vote& m) { out.Long(m.Encode()); },
               [&](const Certificate& m) { out.Long(m.Encode(nodes)); },
               [&](const Proposal& m) { out.Long(EncodeProposal(m, nodes)); },
               [&](const Status& m) {
                 out.U64(m.view.value());
                 out.U64(m.final_view.value());
                 out.U64(m.committed.value());
                 out.Raw(m.final_id.view());
               },
               [&](const GetCertificates& m) {
                 out.U64(m.first.value());
                 out.U64(m.last.value());
               },
               [&](const GetBody& m) { out.Raw(m.id.view()); },
               [&](const Body& m) { out.Raw(m.block->id.view()); },
               [&](const GetTransactions& m) {
                 out.Raw(m.block.view());
                 for (const WireId& id : m.wire_ids) out.Raw(id.view());
               },
               [&](const Transactions& m) {
                 for (const auto& t : m.transactions) out.Raw(t->wire_id().view());
               },
               [&](const GetBlocks& m) {
                 out.U64(m.first.value());
                 out.U32(m.count);
               },
               [&](const Blocks& m) {
                 for (const auto& block : m.blocks) out.Raw(block->id.view());
                 if (m.proof) out.Long(m.proof->Encode(nodes));
               },
               [&](const TransactionBatch& m) {
                 for (const auto& t : m.transactions) out.Raw(t->wire_id().view());
               },
               [&](const ReentryAsk& m) {
                 out.Raw({reinterpret_cast<const char*>(m.nonce.data()), m.nonce.size()});
               },
               [&](const ReentryAnswer& m) {
                 out.U64(m.view.value());
                 out.Raw(m.signature.view());
               }},
      message);
}

}  // namespace

std::string Line(const Message& message) {
  return std::visit(
      Overload{
          [](const Vote& m) {
            return fmt::format("vote of {}: {}", m.signer.value(), Line(m.statement));
          },
          [](const Certificate& m) { return Line(m); },
          [](const Proposal& m) {
            return fmt::format("proposal {} on {} height {} block {} with {}", m.view.value(),
                               m.parent_view.value(), m.header.height.value(),
                               Short(m.header.id()), m.header.tx_count);
          },
          [](const Status& m) {
            return fmt::format("status view {} final {} height {} committed {}", m.view.value(),
                               m.final_view.value(), m.final_height.value(), m.committed.value());
          },
          [](const GetCertificates& m) {
            return fmt::format("get certificates {}..{}", m.first.value(), m.last.value());
          },
          [](const GetBody& m) { return "get body " + Short(m.id); },
          [](const Body& m) { return "body " + Short(m.block->id); },
          [](const GetTransactions& m) {
            return fmt::format("get {} transactions of {}", m.wire_ids.size(), Short(m.block));
          },
          [](const Transactions& m) { return fmt::format("{} bodies", m.transactions.size()); },
          [](const GetBlocks& m) {
            return fmt::format("get blocks {}+{}", m.first.value(), m.count);
          },
          [](const Blocks& m) { return fmt::format("{} blocks", m.blocks.size()); },
          [](const TransactionBatch& m) {
            return fmt::format("batch of {}", m.transactions.size());
          },
          [](const ReentryAsk&) -> std::string { return "reentry ask"; },
          [](const ReentryAnswer& m) {
            return fmt::format("reentry answer view {}", m.view.value());
          }},
      message);
}

std::string Line(const Event& event) {
  return std::visit(
      Overload{[](const Tick&) -> std::string { return "tick"; },
               [](const PeerMessage& e) {
                 return fmt::format("from {} in view {}: {}", e.from.value(),
                                    e.sender_view.value(), Line(e.message));
               },
               [](const PeerUp& e) { return fmt::format("peer {} up", e.peer.value()); },
               [](const PeerDown& e) { return fmt::format("peer {} down", e.peer.value()); },
               [](const Submitted& e) { return fmt::format("submitted, token {}", e.token); },
               [](const Committed& e) { return fmt::format("committed {}", e.height.value()); }},
      event);
}

std::string Line(const Action& action) {
  return std::visit(
      Overload{
          [](const AppendRecord& a) { return "append " + Line(a.record); },
          [](const SyncLog&) -> std::string { return "sync"; },
          [](const Send& a) {
            return fmt::format("send {}: {}", a.to ? std::to_string(a.to->value()) : "all",
                               Line(a.message));
          },
          [](const ServeBlocks& a) {
            return fmt::format("serve blocks {} to {}", a.request.first.value(), a.to.value());
          },
          [](const CommitBlock& a) {
            return fmt::format("commit {} block {}", a.block->header.height.value(),
                               Short(a.block->id));
          },
          [](const PruneLog& a) { return fmt::format("prune below {}", a.below.value()); },
          [](const SubmitResult& a) {
            std::string line = fmt::format("result of token {}:", a.token);
            for (const auto& outcome : a.outcomes) {
              line += " " + std::string(MempoolVerdictId(outcome.verdict));
            }
            return line;
          },
          [](const Evidence& a) {
            return fmt::format("evidence against {}: {} and {}", a.first.signer.value(),
                               Line(a.first.statement), Line(a.second.statement));
          },
          [](const Halt& a) { return "halt: " + a.reason; },
          [](const Note& a) { return "note " + a.what + ": " + a.detail; }},
      action);
}

std::string Line(const Traced& traced) {
  const std::string text = std::visit(
      Overload{[](const Event* event) { return Line(*event); },
               [](const Action* action) { return "  " + Line(*action); },
               [](const Traced::Turn& turn) { return turn.text; }},
      traced.what);
  return fmt::format("{:>8} {} {}", traced.time_ms, traced.node.value(), text);
}

Bytes Fingerprint(const Event& event, size_t nodes) {
  ByteWriter out;
  out.U8(static_cast<uint8_t>(event.index()));
  if (const auto* message = std::get_if<PeerMessage>(&event)) {
    out.U16(message->from.value());
    out.U64(message->sender_view.value());
    Put(out, message->message, nodes);
  } else {
    out.Long(Line(event));
  }
  return out.Take();
}

Bytes Fingerprint(const Action& action, size_t nodes) {
  ByteWriter out;
  out.U8(static_cast<uint8_t>(action.index()));
  if (const auto* send = std::get_if<Send>(&action)) {
    out.U16(send->to ? send->to->value() : static_cast<uint16_t>(0xffff));
    Put(out, send->message, nodes);
  } else if (const auto* append = std::get_if<AppendRecord>(&action)) {
    out.Long(EncodeLogRecord(append->record, nodes));
  } else {
    out.Long(Line(action));
  }
  return out.Take();
}

}  // namespace beian::sim
