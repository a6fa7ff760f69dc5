#include "node/store/vote_log_recovery.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

namespace beian::vote_log {
namespace {

std::unexpected<LogFinding> Finding(LogDamage damage, std::string detail) {
  return std::unexpected(LogFinding{damage, std::move(detail)});
}

using Judged = std::expected<void, LogFinding>;

std::string Show(const VotePosition& position) {
  return fmt::format("epoch {} view {}", position.first.value(), position.second.value());
}

/// Walks the segments in order and collects what they hold.
class Scan {
 public:
  Scan(const LogIdentity& identity, const HeadSlot& head) : identity_(identity), head_(head) {
    state_.identity = identity;
    state_.applied = head.applied;
    state_.head_sequence = head.sequence;
  }

  Judged ReadSegment(uint64_t first_record, BytesView octets, bool last) {
    name_ = SegmentName(first_record);
    if (const auto judged = ReadHeader(first_record, octets); !judged) return judged;
    state_.segments.push_back({first_record, std::nullopt});
    state_.write_offset = kSegmentHeaderBytes;
    state_.uncounted_offset = kSegmentHeaderBytes;
    while (true) {
      const FramePlace place{first_record, state_.write_offset, state_.check};
      const ReadFrameResult frame = ReadFrame(octets, place, NextBatch());
      if (frame.state != FrameState::kRecord) return EndSegment(octets, frame.state, last);
      if (const auto judged = TakeRecord(frame); !judged) return judged;
    }
  }

  /// What the head knows must be there.
  Judged CompareToHead() const {
    if (state_.voted < head_.voted) {
      return Finding(LogDamage::kRolledBack,
                     fmt::format("the highest vote in the log is of {}, the head knows one of {}; "
                                 "{} ends before record {}, the head counted {}",
                                 Show(state_.voted), Show(head_.voted), name_, state_.next_record,
                                 head_.records));
    }
    if (state_.next_record < head_.records) {
      return Finding(LogDamage::kTruncated,
                     fmt::format("{} ends at offset {} before record {}, the head counted {}",
                                 name_, state_.write_offset, state_.next_record, head_.records));
    }
    return {};
  }

  Recovery Take() { return {std::move(log_), std::move(state_), {}}; }

 private:
  Judged ReadHeader(uint64_t first_record, BytesView octets) {
    const auto header = DecodeSegmentHeader(octets);
    if (!header || header->first_record != first_record) {
      return Finding(LogDamage::kBadRecord, fmt::format("{} has a damaged header", name_));
    }
    if (!SameIdentity(header->identity, identity_)) {
      return Finding(
          LogDamage::kForeign,
          fmt::format("{} belongs to chain {}, validator {}, set of {}; this node is "
                      "chain {}, validator {}, set of {}",
                      name_, header->identity.chain.hex(), header->identity.validator.id().hex(),
                      header->identity.set_size, identity_.chain.hex(),
                      identity_.validator.id().hex(), identity_.set_size));
    }
    const bool front = state_.segments.empty();
    if (front) {
      state_.next_record = first_record;
      state_.check = header->previous_check;
      state_.voted = header->voted;
    }
    if (state_.next_record != first_record || state_.check != header->previous_check) {
      return Finding(LogDamage::kBadRecord,
                     fmt::format("{} does not continue the segment before it, which ends before "
                                 "record {}",
                                 name_, state_.next_record));
    }
    repeated_ = front ? 0 : header->standing;
    return {};
  }

  Judged TakeRecord(const ReadFrameResult& frame) {
    auto record = DecodeLogRecord(identity_.chain, frame.body);
    if (!record) return BadRecord("is not a record");
    state_.standing.Add(*record);
    Segment& segment = state_.segments.back();
    segment.highest = std::max(segment.highest, PositionOf(*record));
    if (const auto voted = VotedPositionOf(*record)) state_.voted = std::max(state_.voted, *voted);
    state_.check = frame.check;
    state_.batch = frame.batch;
    batch_closed_ = frame.last_of_batch;
    state_.write_offset = frame.end;
    ++state_.next_record;
    if (state_.next_record <= head_.records) state_.uncounted_offset = frame.end;
    if (repeated_ > 0) {
      --repeated_;
    } else {
      log_.records.push_back(*std::move(record));
    }
    return {};
  }

  /// An incomplete record may be cut only where nothing was synced: behind what the head counted,
  /// in the segment that was being written.
  Judged EndSegment(BytesView octets, FrameState state, bool last) {
    const size_t last_octet = octets.find_last_not_of('\0');
    state_.tail_end = last_octet == BytesView::npos ? 0 : last_octet + 1;
    state_.segment_bytes = octets.size();
    state_.uncounted =
        octets.substr(state_.uncounted_offset, state_.write_offset - state_.uncounted_offset);
    if (state == FrameState::kEnd) return {};
    if (state == FrameState::kBad) return BadRecord("was changed after it was written");
    if (!last || state_.next_record < head_.records) return BadRecord("is incomplete");
    log_.cut_tail =
        fmt::format("{}: cut {} octets of an unsynced write at offset {}, record {}", name_,
                    state_.tail_end - std::min(state_.tail_end, state_.write_offset),
                    state_.write_offset, state_.next_record);
    return {};
  }

  std::unexpected<LogFinding> BadRecord(std::string_view what) const {
    return Finding(LogDamage::kBadRecord,
                   fmt::format("{}: record {} at offset {} {}; the head counted {}", name_,
                               state_.next_record, state_.write_offset, what, head_.records));
  }

  uint32_t NextBatch() const {
    return batch_closed_ ? (state_.batch + 1) & kBatchMask : state_.batch;
  }

  const LogIdentity& identity_;
  const HeadSlot& head_;
  RecoveredLog log_;
  LogState state_;
  std::string name_;
  bool batch_closed_ = true;
  uint16_t repeated_ = 0;  ///< records still to come that only repeat those of segments before
};

struct Files {
  std::vector<uint64_t> segments;  ///< first record numbers, ascending
  bool has_head = false;
  std::vector<std::string> left_behind;
};

std::expected<Files, std::string> FindFiles(const std::string& directory) {
  Files files;
  if (!FileExists(directory)) return files;
  const auto names = ListDirectory(directory);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (const auto first = ParseSegmentName(name)) files.segments.push_back(*first);
    if (name == kHeadName) files.has_head = true;
    if (name.ends_with(kNewSuffix)) files.left_behind.push_back(name);
  }
  return files;
}

std::expected<Bytes, std::string> ReadFile(const std::string& path) {
  const auto file = File::Open(path, O_RDONLY);
  if (!file) return std::unexpected(file.error());
  return file->ReadAll();
}

/// What a damaged disk or a careless copy left in the place of a file of the log.
Judged JudgeKinds(const std::string& directory, const Files& files) {
  if (const auto wrong = WrongKind(directory + "/" + std::string(kHeadName), FileKind::kFile)) {
    return Finding(LogDamage::kHeadMissing, fmt::format("{}/{}: {}", directory, kHeadName, *wrong));
  }
  for (const uint64_t first : files.segments) {
    const std::string path = directory + "/" + SegmentName(first);
    const auto wrong = WrongKind(path, FileKind::kFile);
    if (wrong) return Finding(LogDamage::kBadRecord, path + ": " + *wrong);
  }
  return {};
}

/// Segments below the head's first one were being removed when the process ended.
Judged DropPruned(const HeadSlot& head, Files& files) {
  auto& segments = files.segments;
  const auto first = std::ranges::find(segments, head.first_record);
  if (first == segments.end()) {
    return Finding(LogDamage::kTruncated,
                   fmt::format("{} is missing", SegmentName(head.first_record)));
  }
  for (auto old = segments.begin(); old != first; ++old) {
    files.left_behind.push_back(SegmentName(*old));
  }
  segments.erase(segments.begin(), first);
  return {};
}

std::expected<HeadSlot, LogFinding> JudgeHead(const Files& files, const LogIdentity& identity,
                                              BytesView octets) {
  if (files.segments.empty()) {
    return Finding(LogDamage::kMissing,
                   files.has_head ? "a head file but no segment" : "neither head file nor segment");
  }
  const auto head = NewestHeadSlot(octets);
  if (!head) {
    return Finding(LogDamage::kHeadMissing,
                   files.has_head ? "both slots of the head are damaged" : "there is no head file");
  }
  if (!SameIdentity(head->identity, identity)) {
    return Finding(LogDamage::kForeign,
                   fmt::format("the head belongs to chain {}, validator {}; this node is chain {}, "
                               "validator {}",
                               head->identity.chain.hex(), head->identity.validator.id().hex(),
                               identity.chain.hex(), identity.validator.id().hex()));
  }
  return *head;
}

Recovery Damaged(LogFinding finding, std::optional<AppliedBlock> applied) {
  Recovery recovery;
  recovery.log.finding = std::move(finding);
  recovery.log.applied = applied;
  return recovery;
}

}  // namespace

std::expected<Recovery, std::string> Recover(const std::string& directory,
                                             const LogIdentity& identity) {
  auto files = FindFiles(directory);
  if (!files) return std::unexpected(files.error());
  if (const auto judged = JudgeKinds(directory, *files); !judged) {
    return Damaged(judged.error(), std::nullopt);
  }
  Bytes head_octets;
  if (files->has_head) {
    auto octets = ReadFile(directory + "/" + std::string(kHeadName));
    if (!octets) return std::unexpected(octets.error());
    head_octets = *std::move(octets);
  }
  const auto head = JudgeHead(*files, identity, head_octets);
  if (!head) return Damaged(head.error(), std::nullopt);
  if (const auto dropped = DropPruned(*head, *files); !dropped) {
    return Damaged(dropped.error(), head->applied);
  }
  Scan scan(identity, *head);
  for (const uint64_t first : files->segments) {
    const auto octets = ReadFile(directory + "/" + SegmentName(first));
    if (!octets) return std::unexpected(octets.error());
    const auto judged = scan.ReadSegment(first, *octets, first == files->segments.back());
    if (!judged) return Damaged(judged.error(), head->applied);
  }
  if (const auto judged = scan.CompareToHead(); !judged) {
    return Damaged(judged.error(), head->applied);
  }
  Recovery recovery = scan.Take();
  recovery.log.applied = head->applied;
  recovery.left_behind = std::move(files->left_behind);
  return recovery;
}

}  // namespace beian::vote_log
