#include "client/sdk/certificate.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "client/sdk/reply.h"
#include "ledger/base/calendar.h"
#include "ledger/json/json.h"

namespace beian::client {
namespace {

constexpr std::string_view kSchema = "beian.certificate.v1";

ClientError Invalid(std::string_view id, std::string message, const std::string& file_name) {
  return {std::string(id),
          std::move(message),
          file_name,
          "Do not trust it. Get a new certificate from a node.",
          "beian code verify CODE",
          Exit::kInvalid,
          0};
}

ClientError OtherFile(const std::string& file_name) {
  return {"certificate.other_file",
          "The file is no filing certificate.",
          file_name,
          "Give a file that `beian code certificate` wrote.",
          "beian code certificate CODE",
          Exit::kUsage,
          0};
}

ClientError Malformed(const std::string& what, const std::string& file_name) {
  return Invalid("certificate.malformed", "The certificate is malformed: " + what + ".",
                 file_name);
}

std::optional<Bytes> Octets(const Json& json, const char* member) {
  const auto found = json.find(member);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return FromBase64(found->get_ref<const std::string&>());
}

std::string TextOf(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json AsOf(const Header& header) {
  return {{"height", header.height.value()},
          {"time", FormatTime(header.time)},
          {"block", header.id().hex()}};
}

/// The proof with the key that the code has, whatever the file says of it.
std::optional<RecordProof> ReadProof(const Json& proof, const MapKey& key, size_t set_size) {
  const auto record = Octets(proof, "record");
  const auto map = Octets(proof, "map_proof");
  const auto header = Octets(proof, "header");
  const auto finality = Octets(proof, "finality_proof");
  if (!record || !map || !header || !finality) return std::nullopt;
  auto map_proof = MapProof::Decode(*map);
  const auto decoded_header = Header::Decode(*header);
  auto decoded_finality = DecodeFinalityProof(*finality, set_size);
  if (!map_proof || !decoded_header || !decoded_finality) return std::nullopt;
  return RecordProof{key, *record, *std::move(map_proof), *decoded_header,
                     *std::move(decoded_finality)};
}

/// Every member of the file, made from the octets alone: the file must say exactly this.
Json CertificateJson(const RegistrationCode& code, const RecordProof& proof,
                     const FilingRecord& record, const Genesis& genesis) {
  return {{"schema", kSchema},
          {"chain_id", genesis.chain_id.hex()},
          {"code", code.characters()},
          {"as_of", AsOf(proof.header)},
          {"record", FilingJson(record)},
          {"proof",
           {{"key", proof.key.hex()},
            {"record", ToBase64(*proof.record)},
            {"map_proof", ToBase64(proof.map.Encode())},
            {"header", ToBase64(proof.header.Encode())},
            {"finality_proof", ToBase64(proof.proof.Encode(genesis.validators.size()))}}}};
}

}  // namespace

std::string FormatCertificate(const RegistrationCode& code, const VerifiedRecord& verified,
                              const Genesis& genesis) {
  CHECK(verified.record.has_value());
  const auto record = FilingRecord::Decode(*verified.record);
  CHECK(record.has_value());
  return PrintJson(CertificateJson(code, verified.proof, *record, genesis), 2) + "\n";
}

std::expected<Certificate, ClientError> VerifyCertificateFile(std::string_view text,
                                                              const std::string& file_name,
                                                              const Genesis& genesis) {
  if (text.size() > kCertificateBytesMax) return std::unexpected(OtherFile(file_name));
  const Json json = ParseJson(text);
  if (!json.is_object() || TextOf(json, "schema") != kSchema) {
    return std::unexpected(OtherFile(file_name));
  }
  if (HasMemberTwice(text)) {
    return std::unexpected(Malformed("a member stands in it twice", file_name));
  }
  if (!json.contains("proof") || !json["proof"].is_object()) {
    return std::unexpected(Malformed("its proof is missing", file_name));
  }
  const auto code = RegistrationCode::ParseCanonical(TextOf(json, "code"));
  if (!code) return std::unexpected(Malformed("its code is malformed", file_name));
  if (TextOf(json, "chain_id") != genesis.chain_id.hex()) {
    return std::unexpected(ClientError{
        "certificate.wrong_chain", "The certificate is of another chain than the genesis file.",
        file_name, "Get the genesis file of this chain; give it with --genesis.",
        "beian config show", Exit::kUnchecked, 0});
  }
  const MapKey key = CodeKey(*code);
  auto proof = ReadProof(json["proof"], key, genesis.validators.size());
  if (!proof) return std::unexpected(Malformed("its proof does not decode", file_name));
  const auto shown = VerifyRecordProof(*proof, key, genesis);
  if (!shown) {
    return std::unexpected(Invalid(VerifyErrorId(shown.error()),
                                   "The certificate's proof does not verify.", file_name));
  }
  auto record = FilingRecord::Decode(*proof->record);
  if (!record || record->code != *code) {
    return std::unexpected(
        Invalid("verify.bad_record", "The record is not one of that code.", file_name));
  }
  // Compared without regard to the order of members.
  if (nlohmann::json(json) != nlohmann::json(CertificateJson(*code, *proof, *record, genesis))) {
    return std::unexpected(Invalid("certificate.readable_part_differs",
                                   "What the certificate shows for reading is not what its "
                                   "octets say, or it has members of its own.",
                                   file_name));
  }
  return Certificate{*code, *std::move(proof), *std::move(record)};
}

}  // namespace beian::client
