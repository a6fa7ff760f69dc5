#include "client/cli/bulk_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "client/cli/file_lock.h"
#include "client/cli/language.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

constexpr std::string_view kResultsSchema = "beian.bulk-results.v1";

ClientError CannotWrite(const std::string& file, int number) {
  return FileError("file.cannot_write", "The result file cannot be written", file, number);
}

/// Empty when `json` is no object, or has no such text.
std::string TextOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Open for this command alone. Two that read it before either wrote would file every row twice.
std::expected<int, ClientError> OpenAlone(const Session& session, const std::string& file) {
  while (true) {
    const int descriptor =
        ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, kPrivateFileMode);
    if (descriptor < 0) return std::unexpected(CannotWrite(file, errno));
    if (LockAlone(session, descriptor, file,
                  Tr("Another command writes this result file; waiting for it..."))) {
      return descriptor;
    }
    ::close(descriptor);
  }
}

std::string HeadingOf(const ChainId& chain) {
  return PrintJson(Json{{"schema", kResultsSchema}, {"chain", chain.hex()}}) + "\n";
}

/// Nothing when `line` begins a result file of the chain.
std::optional<ClientError> JudgeHeading(const std::string& file, std::string_view line,
                                        const ChainId& chain) {
  constexpr std::string_view kWayOut = "Give another --results FILE, or move this one away.";
  const Json heading = ParseJson(line);
  if (TextOf(heading, "schema") != kResultsSchema) {
    return ClientError{"bulk.no_results",
                       "The file named for the results is not a result file.",
                       file,
                       std::string(kWayOut),
                       "",
                       Exit::kFailed,
                       0};
  }
  const std::string other = TextOf(heading, "chain");
  if (other == chain.hex()) return std::nullopt;
  return ClientError{"bulk.other_chain",
                     fmt::format("The result file is of the chain {}, and this is the chain {}.",
                                 Printable(other), chain.hex()),
                     file,
                     std::string(kWayOut),
                     "",
                     Exit::kFailed,
                     0};
}

}  // namespace

std::expected<std::unique_ptr<BulkJournal>, ClientError> BulkJournal::Open(const Session& session,
                                                                           const std::string& file,
                                                                           const ChainId& chain) {
  const auto descriptor = OpenAlone(session, file);
  if (!descriptor) return std::unexpected(descriptor.error());
  std::unique_ptr<BulkJournal> journal(new BulkJournal(file, *descriptor));
  const auto text = ReadFile(file, kBulkBytesMax);
  if (!text) return std::unexpected(text.error());
  const size_t whole = text->rfind('\n') + 1;  // 0 without any
  if (whole > 0 || !HeadingOf(chain).starts_with(*text)) {
    if (auto error = JudgeHeading(file, text->substr(0, text->find('\n')), chain)) {
      return std::unexpected(*std::move(error));
    }
  }
  if (whole != text->size() && ::ftruncate(*descriptor, static_cast<off_t>(whole)) != 0) {
    return std::unexpected(CannotWrite(file, errno));
  }
  if (whole == 0) {
    const auto begun = journal->Append(HeadingOf(chain));
    if (!begun) return std::unexpected(begun.error());
  }
  journal->Read(std::string_view(*text).substr(0, whole), chain);
  return journal;
}

BulkJournal::~BulkJournal() {
  ::close(descriptor_);
}

void BulkJournal::Read(std::string_view text, const ChainId& chain) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const Json json = ParseJson(text.substr(0, end));
    text.remove_prefix(end + 1);
    const std::string digest = TextOf(json, "digest");
    if (digest.empty()) continue;
    Known known;
    const std::string state = TextOf(json, "state");
    if (state == "signed") {
      const auto wire = FromBase64(TextOf(json, "wire"));
      if (wire) known.signed_transaction = Transaction::Parse(chain, *wire).value_or(nullptr);
    } else if (state == "committed") {
      known.final_row = json;
    }
    known_[digest] = std::move(known);
  }
  for (const auto& [digest, known] : known_) {
    if (!known.signed_transaction) continue;
    for (const v1::Action& action : known.signed_transaction->body().actions()) {
      const v1::Filing* filing = FilingOf(action);
      if (filing == nullptr) continue;
      unfinished_[filing->service().name()].push_back(known.signed_transaction);
    }
  }
}

std::span<const TransactionPtr> BulkJournal::UnfinishedOf(const std::string& service) const {
  const auto found = unfinished_.find(service);
  if (found == unfinished_.end()) return {};
  return found->second;
}

const BulkJournal::Known* BulkJournal::Find(const std::string& digest) const {
  const auto found = known_.find(digest);
  return found == known_.end() ? nullptr : &found->second;
}

std::expected<void, ClientError> BulkJournal::Append(const std::string& lines) {
  const std::lock_guard lock(mutex_);
  for (std::string_view rest = lines; !rest.empty();) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return std::unexpected(CannotWrite(file_, errno));
    rest.remove_prefix(static_cast<size_t>(written));
  }
  if (::fdatasync(descriptor_) != 0) return std::unexpected(CannotWrite(file_, errno));
  return {};
}

Json BulkJournal::SignedLine(const BulkRow& row, const Transaction& transaction,
                             const std::vector<Disclosure>& disclosures) {
  Json json = {{"row", row.number},
               {"digest", row.digest},
               {"state", "signed"},
               {"transaction", transaction.id().hex()},
               {"wire", ToBase64(transaction.wire())},
               {"disclosures", Json::array()}};
  for (const Disclosure& disclosure : disclosures) {
    json["disclosures"].push_back({{"path", disclosure.path},
                                   {"text", disclosure.text},
                                   {"salt", ToBase64(disclosure.salt)}});
  }
  return json;
}

Json BulkJournal::FinalLine(const BulkRow& row, const Json& result) {
  Json json = {{"row", row.number}, {"line", row.line}, {"digest", row.digest}};
  json.update(result);
  return json;
}

}  // namespace beian::client
