#include "ledger/verify/verify_error.h"

#include "ledger/base/check.h"

namespace beian {

std::string_view VerifyErrorId(VerifyError error) {
  switch (error) {
    case VerifyError::kMalformed:
      return "verify.malformed";
    case VerifyError::kWrongChain:
      return "verify.wrong_chain";
    case VerifyError::kWrongObject:
      return "verify.wrong_object";
    case VerifyError::kBadQuorum:
      return "verify.bad_quorum";
    case VerifyError::kBadSignature:
      return "verify.bad_signature";
    case VerifyError::kBadFinality:
      return "verify.bad_finality";
    case VerifyError::kBadLogPath:
      return "verify.bad_log_path";
    case VerifyError::kBadMapPath:
      return "verify.bad_map_path";
    case VerifyError::kBadRecord:
      return "verify.bad_record";
  }
  CHECK(!"an error without an id");
  return {};
}

std::string_view VerifyErrorRemedy(VerifyError error) {
  switch (error) {
    case VerifyError::kMalformed:
      return "Get the proof again: it is damaged, or was not made by this version.";
    case VerifyError::kWrongChain:
      return "Use the genesis file of the chain that the proof is meant for.";
    case VerifyError::kWrongObject:
      return "Ask for the proof of this very code, filing or transaction.";
    case VerifyError::kBadQuorum:
      return "Do not trust it: too few validators stand behind it. Get the proof from another "
             "node.";
    case VerifyError::kBadSignature:
      return "Do not trust it: a signature is not genuine. Get the proof from another node.";
    case VerifyError::kBadFinality:
      return "Do not trust it: the validators did not finalize this block. Ask another node.";
    case VerifyError::kBadLogPath:
      return "Do not trust it: the log does not hold this entry. Get the proof from another node.";
    case VerifyError::kBadMapPath:
      return "Do not trust it: the ledger does not hold this record. Ask another node.";
    case VerifyError::kBadRecord:
      return "Do not trust it: what it shows is not a record. Get the proof from another node.";
  }
  CHECK(!"an error without a remedy");
  return {};
}

}  // namespace beian
