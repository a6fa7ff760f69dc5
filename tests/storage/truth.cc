#include "tests/storage/truth.h"

#include "ledger/filing/record.h"
#include "ledger/merkle/log.h"
#include "ledger/verify/proofs.h"

namespace beian::storage {
namespace {

constexpr size_t kListedMax = 100;

void Answer(ByteWriter& answers, const std::optional<Bytes>& value) {
  answers.U8(value ? 1 : 0);
  if (value) answers.Long(*value);
}

void Answer(ByteWriter& answers, const BlockReader::Listing& listing) {
  answers.U64(listing.records.size());
  for (const Bytes& record : listing.records) answers.Long(record);
  answers.Long(listing.next);
}

}  // namespace

Truth::Truth() {
  Record({EpochRecord{Epoch(0), genesis().validators.hash(), RootHeader(genesis()).id()}});
  const TransactionPtr first = chain_.Submit(1);
  const TransactionPtr second = chain_.Submit(2);
  const FilingId filing = TestChain::FilingOf(first);
  const PrivateKey& office = chain_.fixture().office("11");
  const PrivateKey& cac = chain_.fixture().cac;
  Extend({first, second});
  Extend({chain_.Sign({TakeUpAction(filing)}, office)});
  Extend({chain_.Sign({ForwardAction(filing)}, office)});
  Extend({chain_.Sign({ApproveAction(filing)}, cac)});
  v1::Action publish;
  publish.mutable_publish_set()->set_number(1);
  publish.mutable_publish_set()->set_published_on("2019-03-30");
  const auto approved = FilingRecord::Decode(*chain_.state().Record(FilingKey(filing)));
  publish.mutable_publish_set()->add_codes(Bytes(approved->code->characters()));
  Extend({chain_.Sign({publish}, cac)});
}

uint64_t Truth::RecordsAt(size_t height) const {
  uint64_t count = 1;
  for (size_t i = 0; i < height; ++i) {
    for (const auto& batch : batches_[i]) count += batch.size();
  }
  return count;
}

void Truth::Extend(std::vector<TransactionPtr> transactions) {
  const BlockPtr block = chain_.Extend(std::move(transactions));
  const Header& header = block->header;
  const Certificate finalization = chain_.Finalize(header);
  Statement statement = finalization.statement;
  const Vote finalize = Sign(statement);
  statement.kind = VoteKind::kNotarize;
  const Certificate notarization = chain_.Certify(statement);
  batches_.push_back({{BlockRecord{block}, VoteRecord{Sign(statement)}},
                      {CertificateRecord{notarization}, VoteRecord{finalize}},
                      {CertificateRecord{finalization}}});
  for (const auto& batch : batches_.back()) Record(batch);
  commits_.push_back(
      {block, std::make_shared<const Execution>(chain_.last()), {{}, finalization}});
}

void Truth::Record(const std::vector<LogRecord>& batch) {
  for (const LogRecord& record : batch) {
    records_.push_back(EncodeLogRecord(record, genesis().validators.size()));
  }
}

Vote Truth::Sign(const Statement& statement) const {
  Vote vote;
  vote.statement = statement;
  vote.signer = kSelf;
  vote.signature =
      key().Sign(statement.SignedBytes(genesis().chain_id, genesis().validators.hash()));
  return vote;
}

Bytes Truth::Answers(const BlockReader& reader) const {
  ByteWriter answers;
  const Header tip = reader.Tip();
  answers.Long(tip.Encode());
  answers.Long(reader.Log().Encode());
  for (uint64_t height = 1; height <= commits_.size(); ++height) {
    AnswerBlock(reader, Height(height), answers);
  }
  const TileReader tiles = [&](TileId tile, uint64_t width) { return reader.Tile(tile, width); };
  for (uint64_t i = 0; i < chain_.tip().log_size; ++i) {
    Answer(answers, reader.EntryAt(LogIndex(i)));
    if (i >= tip.log_size) continue;
    const auto path = MakeLogInclusion(i, tip.log_size, tiles);
    answers.U8(path ? 1 : 0);
    for (const Sha256Digest& hash : path.value_or(LogPath{})) answers.Raw(hash.view());
  }
  const auto root = MapRootOf(reader);
  answers.Raw(root ? root->view() : BytesView("the root page is damaged"));
  for (const auto& [key, record] : chain_.state().records()) {
    Answer(answers, reader.Record(key));
    const auto proven = ProveMapKey(reader, key);
    Answer(answers, proven ? std::optional(proven->proof.Encode()) : std::nullopt);
  }
  AnswerLists(reader, answers);
  return answers.Take();
}

void Truth::AnswerBlock(const BlockReader& reader, Height height, ByteWriter& answers) const {
  const auto header = reader.HeaderAt(height);
  Answer(answers, header ? std::optional(header->Encode()) : std::nullopt);
  const BlockPtr block = reader.BlockAt(height);
  Answer(answers, block != nullptr ? std::optional(block->Encode()) : std::nullopt);
  // A later finalization proves a block as well, by way of the headers between.
  const auto proof = reader.ProofAt(height);
  answers.U8(header && proof && VerifyFinality(*header, *proof, genesis()) ? 1 : 0);
  const CommitBlock& commit = commits_.at(height.value() - 1);
  answers.U64(reader.HeightOf(commit.block->id).value_or(Height(0)).value());
  for (const TransactionPtr& transaction : commit.block->transactions) {
    const auto place = reader.Find(transaction->id());
    answers.U8(reader.HasTransaction(transaction->id()) ? 1 : 0);
    answers.U8(place ? 1 : 0);
    if (!place) continue;
    answers.U64(place->height.value());
    answers.U32(place->index);
    answers.U64(place->log_index.value());
  }
}

void Truth::AnswerLists(const BlockReader& reader, ByteWriter& answers) const {
  constexpr uint8_t kListedKinds[] = {1, 3, 5};
  for (const uint8_t kind : kListedKinds) Answer(answers, reader.List(kind, "", kListedMax));
  FilingFilter filter;
  filter.province = "11";
  Answer(answers, reader.ListFilings(filter, "", kListedMax));
  filter = {};
  filter.set = 1;
  Answer(answers, reader.ListFilings(filter, "", kListedMax));
  for (const auto& [key, octets] : chain_.state().records()) {
    const auto filing = FilingRecord::Decode(octets);
    if (!filing || FilingKey(filing->id) != key) continue;
    filter = {};
    filter.owner = filing->owner;
    Answer(answers, reader.ListFilings(filter, "", kListedMax));
    filter = {};
    filter.subject = filing->subject;
    filter.status = filing->status;
    Answer(answers, reader.ListFilings(filter, "", kListedMax));
  }
}

}  // namespace beian::storage
