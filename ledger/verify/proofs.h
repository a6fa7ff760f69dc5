#pragma once

#include <expected>
#include <optional>

#include "ledger/chain/certificate.h"
#include "ledger/chain/execute.h"
#include "ledger/chain/genesis.h"
#include "ledger/filing/record.h"
#include "ledger/merkle/log.h"
#include "ledger/merkle/map.h"
#include "ledger/verify/verify_error.h"

/// What a stranger with the genesis file checks. Pure; any thread; shared by client and auditor.
namespace beian {

/// Shows that `header` is final on the chain of `genesis`: the certificate is a finalization by a
/// quorum, of this header or of a descendant that the path leads to.
std::expected<void, VerifyError> VerifyFinality(const Header& header, const FinalityProof& proof,
                                                const Genesis& genesis);

/// A transaction with its results, and that the log of a final block holds it.
struct Receipt {
  Bytes entry;  ///< log leaf: EncodeLogEntry
  LogIndex index;
  LogPath path;   ///< to header.log_root at header.log_size
  Header header;  ///< of the block that holds it, or of a later one
  FinalityProof proof;
};
struct VerifiedReceipt {
  TransactionPtr transaction;
  TransactionResult result;
  Header header;
};
/// Also checks the client's signature and, when given, that it is the transaction asked for.
std::expected<VerifiedReceipt, VerifyError> VerifyReceipt(const Receipt& receipt,
                                                          const Genesis& genesis,
                                                          const std::optional<TransactionId>& id);

/// What stands under a key of the state as of `header`: the record, or that there is none.
struct RecordProof {
  MapKey key;
  std::optional<Bytes> record;  ///< nothing: absence
  MapProof map;
  Header header;
  FinalityProof proof;
};
/// True: the record is there; false: the key was never set up to that height.
std::expected<bool, VerifyError> VerifyRecordProof(const RecordProof& proof, const MapKey& key,
                                                   const Genesis& genesis);

/// A finality proof from octets: only the canonical form for a set of that size is accepted.
std::optional<FinalityProof> DecodeFinalityProof(BytesView encoded, size_t set_size);

/// Wire forms: messages Receipt and RecordProof of proto/beian/v1/proof.proto. `set_size` is the
/// number of validators of genesis. Decode is bounded and strict: it accepts only what Encode
/// makes, so that no octet of an accepted proof can be changed without being noticed.
Bytes EncodeReceipt(const Receipt& receipt, size_t set_size);
std::optional<Receipt> DecodeReceipt(BytesView encoded, size_t set_size);
Bytes EncodeRecordProof(const RecordProof& proof, size_t set_size);
std::optional<RecordProof> DecodeRecordProof(BytesView encoded, size_t set_size);
/// Why octets were refused by either Decode: kWrongChain when the header in them is of another
/// chain, whose proofs have the form of another set; otherwise kMalformed.
VerifyError WhyRefused(BytesView encoded, const ChainId& chain);

}  // namespace beian
