#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <vector>

#include "ledger/base/types.h"
#include "ledger/chain/block.h"
#include "ledger/chain/validator_set.h"

namespace beian {

enum class VoteKind : uint8_t { kNotarize = 1, kNullify = 2, kFinalize = 3 };
std::string_view VoteKindName(VoteKind kind);

/// What a vote says. Nullify statements carry zero parent_view and id. Two statements differ when
/// any field does: a re-proposed block has one id and many statements.
struct Statement {
  VoteKind kind = VoteKind::kNullify;
  Epoch epoch;
  View view;
  View parent_view;
  BlockId id;
  auto operator<=>(const Statement&) const = default;

  /// Octets that are signed: "beian/vote/v1\0" ‖ chain id ‖ kind ‖ epoch ‖ set hash ‖ view
  /// [‖ parent view ‖ id, unless nullify]. Source: CONSENSUS.md section 2.
  Bytes SignedBytes(const ChainId& chain, const SetHash& set) const;

  /// kind ‖ epoch ‖ view [‖ parent view ‖ id, unless nullify]: how a statement stands in votes and
  /// certificates. Read gives nothing on an unknown kind or a number above kWireNumberMax.
  void Write(ByteWriter& writer) const;
  static std::optional<Statement> Read(ByteReader& reader);
};

struct Vote {
  Statement statement;
  ValidatorIndex signer;
  Signature signature;
  auto operator<=>(const Vote&) const = default;
  Bytes Encode() const;                                  ///< statement ‖ u16 signer ‖ signature
  static std::optional<Vote> Decode(BytesView encoded);  ///< strict; signer < kValidatorsMax
};

/// q or more signatures over one statement: a notarization, nullification or finalization. Typed: a
/// finalization may stand in for a notarization as evidence, but its octets never verify as one.
struct Certificate {
  Statement statement;
  std::vector<std::pair<ValidatorIndex, Signature>> signatures;  ///< ascending by index

  bool operator==(const Certificate&) const = default;
  bool HasSigner(ValidatorIndex index) const;
  /// statement ‖ u8 n ‖ bitmap of ceil(n/8) octets ‖ signatures in index order; n = set size. Index
  /// i is bit i%8, lowest first, of octet i/8. CHECKs that the indices ascend and are below n.
  Bytes Encode(size_t set_size) const;
  /// Strict: bits below n only, exactly popcount signatures, n <= kValidatorsMax.
  static std::optional<Certificate> Decode(BytesView encoded);
};

/// Verifies a validator's signature: OpenSSL in the node, an oracle in the simulator.
using VoteVerifier =
    std::function<bool(const PublicKey& key, BytesView message, const Signature& signature)>;

enum class CertificateError {
  kBadQuorum,     ///< fewer than q distinct members
  kBadSigner,     ///< an index outside the set, or not ascending
  kBadSignature,  ///< any one of the signatures, even when q others are good
};

bool VerifyVote(const Vote& vote, const ChainId& chain, const ValidatorSet& set,
                const VoteVerifier& verify);
/// Every signature is checked, also those beyond the quorum.
std::expected<void, CertificateError> VerifyCertificate(const Certificate& certificate,
                                                        const ChainId& chain,
                                                        const ValidatorSet& set,
                                                        const VoteVerifier& verify);

inline constexpr size_t kFinalityPathMax = 1024;

/// Shows that a block is final: the finalization of it or of a descendant, and the headers from
/// its child to that descendant.
struct FinalityProof {
  std::vector<Header> descendants;  ///< at most kFinalityPathMax
  Certificate finalization;
  bool operator==(const FinalityProof&) const = default;
  Bytes Encode(size_t set_size) const;  ///< u16 count ‖ headers of 242 octets ‖ certificate
  /// Strict about the form; whether the headers link up and the signatures hold is for the
  /// verifier.
  static std::optional<FinalityProof> Decode(BytesView encoded);
};

}  // namespace beian
