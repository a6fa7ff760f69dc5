#pragma once

#include <cstdint>
#include <string_view>

namespace beian {

/// Why a proof does not show what it claims. All are the proof's fault, never a matter of retrying.
enum class VerifyError : uint8_t {
  kMalformed,     ///< octets do not decode
  kWrongChain,    ///< a header of another genesis
  kWrongObject,   ///< the proof speaks of another code, filing or transaction than asked for
  kBadQuorum,     ///< fewer than q distinct members signed
  kBadSignature,  ///< one of the signatures does not verify
  kBadFinality,   ///< the certificate is not a finalization, or its header path does not link
  kBadLogPath,    ///< the inclusion path does not lead to the header's log root
  kBadMapPath,    ///< the map path does not lead to the header's map root
  kBadRecord,     ///< the record does not decode
};
std::string_view VerifyErrorId(VerifyError error);  ///< "verify.bad_map_path"
std::string_view VerifyErrorRemedy(VerifyError error);

}  // namespace beian
