#include "sim/byzantine/puppet.h"

// Boasts of heights and views that it cannot show, and answers questions with nothing, with halves
// or with other blocks. Finds: a replica that waits for the one that boasts loudest.
namespace beian::sim {
namespace {

constexpr uint64_t kBoast = uint64_t{1} << 61;

class LyingHeight : public Puppet {
 public:
  void Act(const Scene& scene) override {
    VoteAlong(scene);
    Status status;
    status.view = View(scene.random.Chance(500) ? kBoast : scene.top.value() + 3);
    status.final_view = View(status.view.value() - 1);
    status.final_height = Height(status.final_view.value());
    status.committed = Height(scene.random.Chance(500) ? kBoast
                                                       : scene.book.Tip().height.value() + 5);
    if (scene.random.Chance(300)) status.committed = Height(0);
    for (const ValidatorIndex to : scene.honest) scene.send(to, status, status.view);
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    const auto* range = std::get_if<GetBlocks>(&message);
    if (range == nullptr || scene.random.Chance(300)) return;
    Blocks reply;
    const Height first = scene.random.Chance(700) ? range->first : Height(1);
    BlockPtr block = scene.book.Find(scene.book.Tip().id());
    while (block != nullptr && block->header.height >= first) {
      reply.blocks.insert(reply.blocks.begin(), block);
      block = scene.book.Find(block->header.parent);
    }
    if (reply.blocks.size() > kBlocksPerReply) reply.blocks.resize(kBlocksPerReply);
    if (reply.blocks.empty()) return scene.Send(from, reply);
    // A proof of the newest block, which may not be the last one here.
    const View newest = scene.book.Tip().view;
    if (const auto final = scene.Finalization(newest)) reply.proof = FinalityProof{{}, *final};
    if (scene.random.Chance(300)) reply.blocks.pop_back();
    if (!reply.proof) reply.blocks.clear();
    scene.Send(from, reply);
  }
};

}  // namespace

std::unique_ptr<Puppet> MakeLyingHeight() { return std::make_unique<LyingHeight>(); }

}  // namespace beian::sim
