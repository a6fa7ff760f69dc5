#pragma once

namespace beian::client {

/// After this an interrupt or termination signal no longer ends the process at once: long work asks
/// Interrupted(), keeps what it has done and returns. A second signal ends the process.
void CatchInterrupts();
bool Interrupted();

}  // namespace beian::client
