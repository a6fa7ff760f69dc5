#pragma once

#include "client/cli/command.h"
#include "client/cli/session.h"
#include "ledger/filing/record.h"
#include "ledger/verify/proofs.h"

/// Answers about one code: the verdict first, then who and what, then the checks with the trust
/// root, then what was not checked.
namespace beian::client {

struct CheckedCode {
  RegistrationCode code;
  FilingRecord record;
  RecordProof proof;
  std::string node;  ///< empty: from a certificate
};

CommandResult GenuineVerdict(Session& session, const CheckedCode& checked);
/// `absent` shows that the code was never issued up to its header.
CommandResult AbsentVerdict(Session& session, const RegistrationCode& code,
                            const VerifiedRecord& absent);
/// Checked, and not genuine; the error itself when it says that nothing could be checked.
CommandResult InvalidVerdict(Session& session, const ClientError& error);

/// "12 s ago", "3 h ago"; "in the future" when the clock of this machine is behind.
std::string AgeOf(TimeMs time);

}  // namespace beian::client
