#include "client/audit/block_pipeline.h"

#include <algorithm>

namespace beian::client {
namespace {

size_t BytesOf(const StoredBlock& block) {
  size_t bytes = block.header.size() + block.proof.size();
  for (const Bytes& entry : block.entries) bytes += entry.size();
  return bytes;
}

}  // namespace

BlockPipeline::BlockPipeline(BlockSource& source, const Genesis& genesis, AuditLevel level,
                             size_t threads, uint64_t vouched_height)
    : source_(source), genesis_(genesis), level_(level), vouched_height_(vouched_height) {
  threads_.emplace_back([this] { Read(); });
  for (size_t i = 0; i < std::max<size_t>(threads, 1); ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

BlockPipeline::~BlockPipeline() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void BlockPipeline::Read() {
  for (uint64_t height = 1;; ++height) {
    auto block = source_.Next();
    std::unique_lock lock(mutex_);
    if (!block || !*block) {
      ended_ = true;
      if (!block) failure_ = std::move(block.error());
      changed_.notify_all();
      return;
    }
    auto slot = std::make_shared<Slot>();
    slot->height = height;
    slot->block = **std::move(block);
    slot->bytes = BytesOf(slot->block);
    changed_.wait(lock, [this] {
      return stopping_ || (slots_.size() < kPipelineBlocksMax && bytes_ < kPipelineBytesMax);
    });
    if (stopping_) return;
    bytes_ += slot->bytes;
    slots_.push_back(std::move(slot));
    changed_.notify_all();
  }
}

void BlockPipeline::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto open = [this] {
      return std::find_if(slots_.begin(), slots_.end(),
                          [](const auto& slot) { return !slot->taken; });
    };
    changed_.wait(lock, [&] { return stopping_ || ended_ || open() != slots_.end(); });
    const auto found = open();
    if (stopping_ || (ended_ && found == slots_.end())) return;
    const std::shared_ptr<Slot> slot = *found;
    slot->taken = true;
    lock.unlock();
    const bool vouched = slot->height <= vouched_height_;
    Prepared prepared =
        PrepareBlock(slot->block, genesis_, level_, {.finality = vouched, .signatures = vouched});
    slot->block = {};
    lock.lock();
    slot->prepared = std::move(prepared);
    changed_.notify_all();
  }
}

std::expected<std::optional<BlockPipeline::Prepared>, ClientError> BlockPipeline::Next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock,
                [this] { return slots_.empty() ? ended_ : slots_.front()->prepared.has_value(); });
  if (slots_.empty()) {
    if (failure_) return std::unexpected(*failure_);
    return std::nullopt;
  }
  const std::shared_ptr<Slot> slot = slots_.front();
  slots_.pop_front();
  bytes_ -= slot->bytes;
  changed_.notify_all();
  return std::move(slot->prepared);
}

}  // namespace beian::client
