#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Fails the system calls of this process one by one: those of this project, of RocksDB and of the
/// standard library alike. The program that links it defines open(2) and its siblings itself, which
/// go before those of the C library, so that the production code has no seam for it.
namespace beian {

/// Calls by what they do to a disk.
enum class DiskCall : uint8_t { kOpen, kRead, kWrite, kSync, kRename, kRemove, kAllocate };
inline constexpr size_t kDiskCalls = 7;
std::string_view DiskCallName(DiskCall call);  ///< "write"
/// Every call that changes something.
inline constexpr unsigned kChangingCalls = ~(1u << static_cast<unsigned>(DiskCall::kOpen) |
                                             1u << static_cast<unsigned>(DiskCall::kRead));

enum class DiskFault : uint8_t {
  kOnce,      ///< the call fails
  kForGood,   ///< so do all after it, but for reads
  kPowerCut,  ///< nothing comes after it: the process ends with kPowerCutExit
};
inline constexpr int kPowerCutExit = 77;

/// A write that fails leaves half of its octets behind: a full disk. A failed sync takes the octets
/// of that file since its last sync with it, and a power cut those of every file; creations and
/// renames stay. Other calls change nothing: an I/O error.
struct DiskFaultPlan {
  std::string directory;   ///< only calls on what lies in it count
  uint64_t call = 0;       ///< number of the call that fails, from 0
  DiskFault fault = DiskFault::kOnce;
  unsigned kinds = ~0u;    ///< a bit for each DiskCall that counts
};
/// May lie in memory that other processes share.
struct DiskFaultSeen {
  uint64_t calls = 0;  ///< that counted
  bool happened = false;
  DiskCall call{};     ///< that failed first
};

/// `seen` must outlive the plan. Files opened before do not count.
void ArmDiskFault(const DiskFaultPlan& plan, DiskFaultSeen& seen);
void DisarmDiskFault();

}  // namespace beian
