#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "client/sdk/client.h"
#include "ledger/filing/registration_code.h"

namespace beian::client {

inline constexpr size_t kCertificateBytesMax = 1 << 20;

/// The filing certificate: what anyone with the genesis file can check without a node. A JSON file:
///
///   schema      "beian.certificate.v1"
///   chain_id    hex of the genesis file's SHA-256
///   code        the 20 characters
///   as_of       height, time, block: of the header that the proof leads to
///   record      the record for reading; what counts are the octets in proof
///   proof       key (hex), record, map_proof, header, finality_proof (base64 of canonical octets)
///
/// It shows that the code was registered as of that header, not that it is now.
struct Certificate {
  RegistrationCode code;
  RecordProof proof;
  FilingRecord record;
};

/// CHECKs that `verified` holds the record of that code.
std::string FormatCertificate(const RegistrationCode& code, const VerifiedRecord& verified,
                              const Genesis& genesis);

/// Reads and verifies against `genesis` alone: the record's octets under the code's key, the
/// header's map root, the finalization by a quorum. The readable parts must say what the octets
/// say. The error's exit is kInvalid: the file was checked and shows nothing. But kUsage, with
/// certificate.other_file, for what does not even call itself a certificate, and kUnchecked for one
/// of another chain.
std::expected<Certificate, ClientError> VerifyCertificateFile(std::string_view text,
                                                              const std::string& file_name,
                                                              const Genesis& genesis);

}  // namespace beian::client
