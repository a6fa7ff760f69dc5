#include "client/cli/bulk_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "client/sdk/files.h"

namespace beian::client {
namespace {

ClientError CannotWrite(const std::string& file, int number) {
  return FileError("file.cannot_write", "The result file cannot be written", file, number);
}

std::string TextOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::expected<std::unique_ptr<BulkJournal>, ClientError> BulkJournal::Open(const std::string& file,
                                                                           const ChainId& chain) {
  const int descriptor =
      ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, kPrivateFileMode);
  if (descriptor < 0) return std::unexpected(CannotWrite(file, errno));
  std::unique_ptr<BulkJournal> journal(new BulkJournal(file, descriptor));
  const auto text = ReadFile(file, kBulkBytesMax);
  if (!text) return std::unexpected(text.error());
  const size_t last = text->rfind('\n');
  const size_t whole = last == std::string::npos ? 0 : last + 1;
  if (whole != text->size() && ::ftruncate(descriptor, static_cast<off_t>(whole)) != 0) {
    return std::unexpected(CannotWrite(file, errno));
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
    const Json json = Json::parse(text.substr(0, end), nullptr, false);
    text.remove_prefix(end + 1);
    if (!json.is_object() || !json.value("row", Json()).is_number_unsigned()) continue;
    Known known;
    known.digest = TextOf(json, "digest");
    const std::string state = TextOf(json, "state");
    if (state == "signed") {
      const auto wire = FromBase64(TextOf(json, "wire"));
      if (wire) known.signed_transaction = Transaction::Parse(chain, *wire).value_or(nullptr);
    } else if (state == "committed") {
      known.final_row = json;
    }
    known_[json["row"].get<size_t>()] = std::move(known);
  }
}

const BulkJournal::Known* BulkJournal::Find(size_t row) const {
  const auto found = known_.find(row);
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
  Json json = {{"row", row.number}, {"digest", row.digest}};
  json.update(result);
  return json;
}

}  // namespace beian::client
