#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>

#include "ledger/merkle/map_page.h"
#include "node/consensus/log_record.h"
#include "node/net/hello.h"
#include "tests/fuzz/target.h"
#include "tests/ledger/verify/small_ledger.h"
#include "tests/node/consensus/record_samples.h"
#include "tests/node/net/sample_messages.h"

/// Writes the seeds of every target: what the encoders give for the samples of the unit tests, and
/// the same cut short. The same in every run: `beian-fuzz-corpus tests/fuzz/corpus`.
namespace beian::fuzz {
namespace {

class Corpus {
 public:
  explicit Corpus(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void Add(const std::string& target, const std::string& name, BytesView octets) {
    std::filesystem::create_directories(folder_ / target);
    std::ofstream(folder_ / target / (name + ".bin"), std::ios::binary) << octets;
  }
  /// Also without its last octet and without its second half.
  void AddWithCuts(const std::string& target, const std::string& name, BytesView octets) {
    Add(target, name, octets);
    Add(target, name + "-short", octets.substr(0, octets.size() - 1));
    Add(target, name + "-half", octets.substr(0, octets.size() / 2));
  }

 private:
  std::filesystem::path folder_;
};

/// Ed25519, whose signatures are the same in every run.
TransactionPtr FullSubmit() {
  const auto key = PrivateKey::FromSeed(KeyScheme::kEd25519, "a provider of the corpus");
  v1::Action submit;
  *submit.mutable_submit()->mutable_filing() = ValidFiling(1);
  auto transaction = Transaction::Sign(
      kChain, MakeBody(TimeMs(1'600'000'000'000), 1, {submit, TakeUpAction(FilingId{})}), key);
  CHECK(transaction != nullptr);
  return transaction;
}

void AddMessages(Corpus& corpus) {
  for (const auto& [name, message] : net_test::SampleMessages()) {
    corpus.Add("message", name, EncodeMessage(message, View(7), kSetSize));
  }
  const Bytes proposal = EncodeMessage(net_test::SampleProposal(), View(7), kSetSize);
  corpus.AddWithCuts("message", "proposal", proposal);
  const Greeting greeting{Genesis::kProtocolVersion, kChain, ValidatorIndex(1)};
  corpus.AddWithCuts("hello", "hello", EncodeHello(greeting));
  corpus.AddWithCuts("hello", "welcome", EncodeWelcome({Verdict::kWrongIndex, greeting}));
}

void AddLogRecords(Corpus& corpus) {
  for (const LogRecord& record : SampleRecords(kChain, 9)) {
    const Bytes octets = EncodeLogRecord(record, kSetSize);
    corpus.AddWithCuts("log_record", "kind-" + std::to_string(record.index() + 1), octets);
  }
  corpus.Add("log_record", "kind-unknown", "\x09");
}

void AddTransactions(Corpus& corpus) {
  const TransactionPtr full = FullSubmit();
  const TransactionPtr small = net_test::SampleTransaction(1);
  corpus.AddWithCuts("transaction", "submit", full->wire());
  corpus.AddWithCuts("transaction", "refuse", small->wire());
  corpus.AddWithCuts("wire_scanner", "signed", small->wire());
  corpus.AddWithCuts("wire_scanner", "submit", full->body().SerializeAsString());
  corpus.AddWithCuts("wire_scanner", "refuse", small->body().SerializeAsString());
  const auto code = RegistrationCode::ParseCanonical("11010519864491550014");
  const ActionResult accepted{FilingReject::kAccepted, std::nullopt};
  const ActionResult approved{FilingReject::kAccepted, *code};
  const ActionResult refused{FilingReject::kWrongState, std::nullopt};
  corpus.AddWithCuts("log_entry", "submit", EncodeLogEntry(*full, {{approved, refused}}));
  corpus.AddWithCuts("log_entry", "refuse", EncodeLogEntry(*small, {{accepted}}));
}

void AddBlocks(Corpus& corpus) {
  const BlockPtr block = net_test::SampleBlock(5, 2);
  corpus.AddWithCuts("block", "header", block->header.Encode());
  corpus.AddWithCuts("block", "two", block->Encode());
  corpus.AddWithCuts("block", "empty", net_test::SampleBlock(6, 0)->Encode());
  const Certificate finalization = net_test::SampleCertificate(VoteKind::kFinalize);
  const Certificate nullification = net_test::SampleCertificate(VoteKind::kNullify);
  corpus.AddWithCuts("certificate", "finalize", finalization.Encode(kSetSize));
  corpus.AddWithCuts("certificate", "nullify", nullification.Encode(kSetSize));
  corpus.Add("certificate", "nullify-largest", nullification.Encode(kValidatorsMax));
  corpus.AddWithCuts("certificate", "vote", net_test::SampleVote(VoteKind::kNotarize).Encode());
  corpus.AddWithCuts("certificate", "proof",
                     FinalityProof{{block->header}, finalization}.Encode(kSetSize));
}

/// Without the last line break it is a file all the same, so there is no "-short".
void AddGenesis(Corpus& corpus) {
  for (const size_t n : {1, 4}) {
    const std::string text = MakeGenesis(n).text;
    corpus.Add("genesis", "validators-" + std::to_string(n), text);
    corpus.Add("genesis", "validators-" + std::to_string(n) + "-half",
               text.substr(0, text.size() / 2));
  }
}

/// What a node proves of a chain of three blocks, and the octets that stand in its store.
void AddLedger(Corpus& corpus) {
  const auto key = PrivateKey::FromSeed(KeyScheme::kEd25519, "a provider of the corpus");
  SmallLedger ledger(kSetSize);
  TransactionPtr last;
  for (uint64_t salt = 1; salt <= 3; ++salt) {
    last = MakeSubmit(ledger.genesis(), key, ledger.tip().time + 60'000, salt);
    ledger.Extend({last});
    corpus.AddWithCuts("log_frontier", "size-" + std::to_string(salt),
                       ledger.state().Log().Encode());
  }
  const MapKey present = ledger.state().records().begin()->first;
  const MapKey absent = FilledDigest<MapKey>(0xab);
  corpus.AddWithCuts("receipt", "receipt", EncodeReceipt(ledger.ReceiptOf(last->id()), kSetSize));
  corpus.AddWithCuts("receipt", "present", EncodeRecordProof(ledger.ProofOf(present), kSetSize));
  corpus.AddWithCuts("receipt", "absent", EncodeRecordProof(ledger.ProofOf(absent), kSetSize));
  corpus.AddWithCuts("map_proof", "present", ledger.ProofOf(present).map.Encode());
  corpus.AddWithCuts("map_proof", "absent", ledger.ProofOf(absent).map.Encode());
  const Bytes root_page = *ledger.state().Page("");
  corpus.AddWithCuts("map_page", "root", Bytes(1, '\0') + root_page);
  for (const auto& [record_key, octets] : ledger.state().records()) {
    corpus.AddWithCuts("record", "ledger-" + record_key.hex().substr(0, 8), octets);
  }
}

/// Two leaves that share 244 bits: what stands deepest in a map.
void AddDeepMap(Corpus& corpus) {
  MapPage page;
  const PagePath path(kPathMax, '\0');
  for (const uint8_t slot : {1, 15}) {
    MapKey key;
    key.octets.back() = slot;
    page.slots[slot] = {PageSlot::Kind::kLeaf, key, FilledDigest<Sha256Digest>(slot)};
  }
  const Bytes depth(1, static_cast<char>(kPathMax));
  corpus.AddWithCuts("map_page", "deepest", depth + path + page.Encode());
  MapPage above;
  above.slots[0] = {PageSlot::Kind::kPage, {}, FilledDigest<Sha256Digest>(3)};
  corpus.AddWithCuts("map_page", "second", Bytes("\x01\x05") + above.Encode());
  MapProof proof;
  proof.siblings.assign(kKeyBits, {});
  proof.siblings.back() = FilledDigest<Sha256Digest>(4);
  proof.other = {FilledDigest<MapKey>(5), FilledDigest<Sha256Digest>(6)};
  corpus.AddWithCuts("map_proof", "deepest", proof.Encode());
}

void AddRecords(Corpus& corpus) {
  const auto subject = FilledDigest<SubjectId>(2);
  const auto key = FilledDigest<KeyId>(3);
  corpus.AddWithCuts(
      "record", "subject",
      SubjectRecord{subject, SubjectNature::kOrganisation, "110105", key, 2}.Encode());
  corpus.AddWithCuts("record", "key", KeyRecord{key, subject, true, false}.Encode());
  corpus.AddWithCuts("record", "set",
                     SetRecord{1, "2019-03-30", 197, FilledDigest<Sha256Digest>(4)}.Encode());
}

}  // namespace
}  // namespace beian::fuzz

int main(int argc, char** argv) {
  using namespace beian::fuzz;
  if (argc != 2) {
    std::cerr << "usage: beian-fuzz-corpus FOLDER\n";
    return 2;
  }
  Corpus corpus(argv[1]);
  AddMessages(corpus);
  AddLogRecords(corpus);
  AddTransactions(corpus);
  AddBlocks(corpus);
  AddGenesis(corpus);
  AddLedger(corpus);
  AddDeepMap(corpus);
  AddRecords(corpus);
  return 0;
}
