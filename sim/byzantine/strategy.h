#pragma once

#include <cstdint>
#include <string>

namespace beian::sim {

/// What a dishonest validator does.
enum class Strategy : uint8_t {
  kMute,          ///< silent, neither up nor down
  kDoubleVoter,   ///< signs everything there is to sign, and tells some
  kEquivocator,   ///< two valid blocks in its view, one for each half
  kWrongParent,   ///< proposes on older blocks, with gaps that are not nullified
  kLiar,          ///< proposals with one field that lies
  kWithholder,    ///< proposes what nobody else has and gives it to few
  kReplayer,      ///< old messages again
  kFlooder,       ///< numbers far away, many proposals in a view
  kLyingHeight,   ///< boasts of heights and views that it cannot show, answers with rubbish
  kImpersonator,  ///< signs in other names; answers re-entry with views as low as it can prove
  kMangler,       ///< passes on good proposals with something beside the signed part changed
  kNullifyAndFinalize,   ///< both for one view, each to some
  kFutureView,    ///< votes and proposes before its time
  kLyingClock,    ///< valid blocks at the edge of what clocks may differ by
  kTardy,         ///< its block when half the others have given up
  kSignedTwice,   ///< transactions with two signatures over one body
  kPoisoner,      ///< good blocks and proofs badly put together
  kSelectiveSender,   ///< an honest replica that some do not hear
  kAmnesiac,      ///< an honest replica that forgets its votes
  kSmallScope,    ///< an honest replica, its messages off by one
  kTwins,         ///< two honest replicas with one key
  kMix,           ///< another one every turn
};
inline constexpr Strategy kLastStrategy = Strategy::kMix;
std::string StrategyName(Strategy strategy);

}  // namespace beian::sim
