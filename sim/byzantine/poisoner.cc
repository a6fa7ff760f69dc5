#include <algorithm>

#include "sim/byzantine/puppet.h"

// Claims a height that a peer will ask for, and answers with good material badly put together:
// blocks in another order, one with other transactions, a proof of another one, a body under
// another's id. Finds: what is stored before it is verified, and who is asked for ever.
namespace beian::sim {
namespace {

class Poisoner : public Puppet {
 public:
  void Act(const Scene& scene) override {
    VoteAlong(scene);
    Status status;
    status.view = scene.top;
    const Header tip = scene.book.Tip();
    status.final_view = tip.view;
    status.final_height = tip.height;
    status.final_id = tip.id();
    // Now and then so far ahead that it is asked before the others.
    status.committed = tip.height + scene.random.Below(2 * kBlocksPerReply);
    scene.SendSome(status, 200);
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    if (const auto* wanted = std::get_if<GetBody>(&message)) {
      const BlockPtr other = scene.book.Find(scene.book.Tip().id());
      if (other != nullptr) scene.Send(from, Body{other});
      if (scene.random.Chance(500)) Puppet::OnMessage(scene, from, *wanted);
    } else if (const auto* range = std::get_if<GetBlocks>(&message)) {
      scene.Send(from, Poison(scene, range->first));
    } else if (const auto* asked = std::get_if<GetTransactions>(&message)) {
      scene.Send(from, Transactions{asked->block, scene.Youngest(5)});
    } else {
      Puppet::OnMessage(scene, from, message);
    }
  }

 private:
  static Blocks Poison(const Scene& scene, Height first) {
    Blocks reply;
    BlockPtr block = scene.book.Find(scene.book.Tip().id());
    while (block != nullptr && block->header.height >= first) {
      reply.blocks.push_back(block);
      block = scene.book.Find(block->header.parent);
    }
    std::ranges::reverse(reply.blocks);
    if (reply.blocks.size() > kBlocksPerReply) reply.blocks.resize(kBlocksPerReply);
    if (reply.blocks.empty()) return reply;
    const auto proof = scene.Finalization(reply.blocks.back()->header.view);
    if (proof) reply.proof = FinalityProof{{}, *proof};
    switch (scene.random.Below(6)) {
      case 0: std::swap(reply.blocks.front(), reply.blocks.back()); break;
      case 1: reply.blocks.front() = Altered(scene, *reply.blocks.front()); break;
      case 2: reply.blocks.back() = Altered(scene, *reply.blocks.back()); break;
      case 3:
        if (reply.proof) reply.proof->descendants.push_back(reply.blocks.back()->header);
        break;
      case 4: reply.blocks.erase(reply.blocks.begin()); break;
      case 5: reply.blocks.pop_back(); break;
      default: break;
    }
    if (!reply.proof || reply.blocks.empty()) return {};
    return reply;
  }
  /// The header of one block over the transactions of nobody, or over those of today.
  static BlockPtr Altered(const Scene& scene, const Block& block) {
    return Block::Make(block.header, scene.random.Chance(500) ? std::vector<TransactionPtr>{}
                                                              : scene.Youngest(2));
  }
};

}  // namespace

std::unique_ptr<Puppet> MakePoisoner() { return std::make_unique<Poisoner>(); }

}  // namespace beian::sim
