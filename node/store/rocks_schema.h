#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "node/store/block_store.h"
#include "node/store/vote_log.h"

/// What stands where in the database. Numbers in keys are big-endian, so that their order is the
/// order of the keys.
///
///   family        key                    value
///   default       "format"               u32 kStoreFormat
///                 "chain"                chain id (32)
///                 "tip"                  u64 height ‖ block id ‖ log frontier
///                 "voted_by"             u16 validator ‖ u64 epoch ‖ u64 view: whose store it is,
///                                        and the highest own vote or floor that the vote log
///                                        held at the last commit or orderly end
///   headers       u64 height             u16-framed header ‖ finality proof
///   block_ids     block id               u64 height
///   entries       u64 log index          log entry (a leaf's octets)
///   transactions  transaction id         u64 height ‖ u32 index ‖ u64 log index
///   records       map key                record
///   pages         page path              page
///   tiles         u8 level ‖ u64 index   32 octets for each hash it has
///   lists         as follows             nothing, but for list 1 the filing id
///   all but       "height"               u64 height of the tip
///     default
///
///   1 ‖ u64 log index ‖ u16 action                     each submission
///   2 ‖ status ‖ changed ‖ filing id                   each filing
///   3 ‖ province (2) ‖ status ‖ changed ‖ filing id    each filing
///   4 ‖ subject id ‖ changed ‖ filing id               each filing
///   5 ‖ owner's key id ‖ changed ‖ filing id           each filing
///   6 ‖ u32 set ‖ changed ‖ filing id                  each filing in a set
///   7 ‖ subject id                                     each subject
///   8 ‖ u32 set                                        each set
///
/// `changed` is the height of the filing's last change, u64. A block is one batch over all
/// families, so that it is there with everything that follows from it, or not at all. What RocksDB
/// notes of its tables it notes family by family, and a last note that the disk cut short it drops
/// without a word: "height" tells the family that has lost a table by it.
namespace beian::rocks {

inline constexpr uint32_t kStoreFormat = 2;

enum class Family : size_t {
  kMeta,
  kHeaders,
  kBlockIds,
  kEntries,
  kTransactions,
  kRecords,
  kPages,
  kTiles,
  kLists,
};
inline constexpr size_t kFamilies = 9;
inline constexpr int kOpenFilesMax = 256;  ///< tables, of all families together

enum class ListPrefix : char {
  kSubmitted = 1,
  kStatus = 2,
  kProvinceStatus = 3,
  kSubject = 4,
  kOwner = 5,
  kSet = 6,
  kSubjects = 7,
  kSets = 8,
};

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kChainKey = "chain";
inline constexpr std::string_view kTipKey = "tip";
inline constexpr std::string_view kVotedKey = "voted_by";
inline constexpr std::string_view kHeightKey = "height";  ///< no other key of a family is like it

Bytes NumberKey(uint64_t number);
Bytes TileKey(TileId tile);
Bytes SubmittedKey(LogIndex index, uint16_t action);
/// Every key of the lists under which `record` stands, but the order of submission.
std::vector<Bytes> FilingListKeys(const FilingRecord& record);
/// Beginning of the keys of the narrowest list that holds all that the filter lets through; nothing
/// for the order of submission.
std::optional<Bytes> NarrowestList(const FilingFilter& filter);
Bytes SubjectListKey(const SubjectId& id);
Bytes SetListKey(uint32_t number);

/// The last committed block and the log after it.
struct StoredTip {
  Height height;
  BlockId id;
  LogFrontier log;
  Bytes Encode() const;
  static std::optional<StoredTip> Decode(BytesView encoded);
};

struct StoredHeader {
  Header header;
  FinalityProof proof;
};
Bytes EncodeStoredHeader(const Header& header, const FinalityProof& proof, size_t set_size);
std::optional<StoredHeader> DecodeStoredHeader(BytesView encoded);

Bytes EncodeVoted(const OwnVotes& voted);
std::optional<OwnVotes> DecodeVoted(BytesView encoded);

/// Of every family but the default, which has the tip itself.
std::vector<Family> FamiliesWithHeight();

Bytes EncodePlace(const TransactionPlace& place);
std::optional<TransactionPlace> DecodePlace(BytesView encoded);
Bytes EncodeHeight(Height height);
std::optional<Height> DecodeHeight(BytesView encoded);

/// Durable before acknowledged, checked when read, a node at rest below 150 MB.
rocksdb::DBOptions DatabaseOptions();
std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors();

std::string_view FamilyName(Family family);

/// The open database. Any thread.
class Database {
 public:
  /// `family_handles` in the order of FamilyDescriptors.
  Database(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> family_handles);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<size_t>(family)];
  }
  /// Nothing when the key is absent; an error text when the database cannot tell.
  std::expected<std::optional<Bytes>, std::string> TryGet(const rocksdb::Snapshot* snapshot,
                                                          Family family, BytesView key) const;
  /// The same, but a failure ends the process (StoreFailure).
  std::optional<Bytes> Get(const rocksdb::Snapshot* snapshot, Family family, BytesView key) const;
  std::unique_ptr<rocksdb::Iterator> Iterate(const rocksdb::Snapshot* snapshot,
                                             Family family) const;

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

/// For this thread: RocksDB counts each comparison of keys otherwise, and nobody asks.
void CountNothing();

/// Prints what is damaged and ends the process: an answer from a damaged store could be wrong, and
/// "absent" would be a wrong answer.
[[noreturn]] void StoreFailure(const std::string& message);
/// The same, of one row: `what` is said of it.
[[noreturn]] void RowFailure(Family family, BytesView key, std::string_view what);

}  // namespace beian::rocks
