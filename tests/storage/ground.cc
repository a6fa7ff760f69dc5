#include "tests/storage/ground.h"

#include "node/runtime/export.h"
#include "tests/storage/children.h"

namespace beian::storage {
namespace {

constexpr size_t kHurtOctet = 600;  // inside the first record of a vote log

std::expected<DataDirectory, std::string> Open(const std::string& directory, const Truth& truth) {
  return OpenDataDirectory(directory, truth.genesis(), kSelf, RocksStore::kCheckedBytesMax,
                           kLogOptions);
}

void HurtLogAndStore(const std::string& directory) {
  const std::string segment = directory + "/votes/votes-00000000000000000000.log";
  Bytes octets = ReadTestFile(segment);
  octets[kHurtOctet] = static_cast<char>(octets[kHurtOctet] ^ 1);
  WriteTestFile(segment, octets);
  std::filesystem::remove(directory + "/store/CURRENT");
}

}  // namespace

std::expected<void, std::string> CommitOnly(DataDirectory& data, const Truth& truth, size_t height,
                                            Promised& promised) {
  data.store->NoteVoted({kSelf, data.log->voted()});
  const CommitBlock& commit = truth.commit(height);
  if (auto done = data.store->Commit(commit); !done) return done;
  promised.blocks = std::max<uint64_t>(promised.blocks, height);
  data.log->SetApplied(commit.block->header.height, commit.block->id);
  return {};
}

std::expected<void, std::string> RunBlock(DataDirectory& data, const Truth& truth, size_t height,
                                          Promised& promised) {
  for (const auto& batch : truth.batches(height)) {
    for (const LogRecord& record : batch) {
      if (auto done = data.log->Append(record); !done) return done;
    }
    if (auto done = data.log->Sync(); !done) return done;
    promised.records += batch.size();
  }
  return CommitOnly(data, truth, height, promised);
}

std::expected<void, std::string> EndOrderly(DataDirectory& data) {
  data.store->NoteVoted({kSelf, data.log->voted()});
  return data.store->SaveVoted();
}

Ground::Ground() {
  const auto end = RunChild(folder(), [this] { return Make() ? 0 : 1; });
  if (end.exit_code != 0) {
    std::fprintf(stderr, "%s\n", ReadTestFile(folder_ / "last-words").c_str());
  }
  CHECK(end.exit_code == 0);
  for (size_t i = 0; i <= truth_.height(); ++i) answers_.push_back(ReadTestFile(AnswersFile(i)));
}

std::string Ground::AnswersFile(size_t height) const {
  return folder_ / ("answers-" + std::to_string(height));
}

bool Ground::Make() const {
  if (!RunChain(folder_ / "running")) return false;
  CopyDirectory(killed(), ended());
  auto data = Open(ended(), truth_);
  if (!data || !data->findings.empty() || !EndOrderly(*data)) return false;
  CopyDirectory(killed(), hurt());
  HurtLogAndStore(hurt());
  return true;
}

bool Ground::RunChain(const std::string& directory) const {
  if (!InitialiseDataDirectory(directory, truth_.genesis(), kSelf, kLogOptions)) return false;
  auto data = Open(directory, truth_);
  if (!data) return false;
  Promised promised;
  WriteTestFile(AnswersFile(0), truth_.Answers(*data->store));
  for (size_t height = 1; height <= truth_.height(); ++height) {
    if (!RunBlock(*data, truth_, height, promised)) return false;
    WriteTestFile(AnswersFile(height), truth_.Answers(*data->store));
    if (height == kBegunBlocks) CopyDirectory(directory, begun());
  }
  CopyDirectory(directory, killed());
  return ExportChain(*data->store, truth_.genesis(), chain_file()) == truth_.height();
}

}  // namespace beian::storage
