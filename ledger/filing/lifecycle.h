#pragma once

#include <expected>
#include <string>

#include "beian/v1/transaction.pb.h"
#include "ledger/base/types.h"
#include "ledger/filing/record.h"
#include "ledger/filing/reject.h"

namespace beian {

/// Who signs, as genesis and the state say.
struct Actor {
  enum class Role : uint8_t { kProvider, kProvincialOffice, kCac, kAuditor };
  Role role = Role::kProvider;
  std::string province;  ///< two digits; of a provincial office only
  KeyId key;
};

/// Limits on a filing's content, in octets of UTF-8 unless said otherwise.
inline constexpr size_t kNameBytesMax = 300;
inline constexpr size_t kTextBytesMax = 2000;      ///< description, addresses
inline constexpr size_t kReasonBytesMax = 500;
inline constexpr size_t kSetCodesMax = 1000;
inline constexpr uint32_t kCodeDrawsMax = 1000;  ///< a thousand taken in a row is a full code space

/// Content rules that need no state: division, credit code, texts, commitments, synthetic marks.
/// kAccepted or the first rule broken, in field order.
FilingReject CheckContent(const v1::Filing& filing);

/// SHA-256("beian/subject/v1\0" ‖ nature ‖ x): an organisation's x is its credit code, a person's
/// the id of the first key that signed for it.
SubjectId SubjectIdOf(const v1::Subject& subject, const KeyId& signer);

/// Where an action stands and when; what it needs besides the state.
struct ActionContext {
  ChainId chain;
  TransactionId transaction;
  uint16_t action = 0;
  TimeMs time;      ///< of the block
  Height height;    ///< of the block
};
/// SHA-256("beian/filing/v1\0" ‖ transaction id ‖ u16 action).
FilingId MakeFilingId(const TransactionId& transaction, uint16_t action);

/// What SetRecord::codes holds: SHA-256(u32 count ‖ the codes, 20 characters each, as listed).
Sha256Digest HashCodes(const v1::PublishSet& set);

/// The state as an action sees it: records of the parent, overlaid by what came before it.
class RecordStore {
 public:
  virtual ~RecordStore() = default;
  virtual std::optional<Bytes> Record(const MapKey& key) const = 0;
  virtual void Put(const MapKey& key, Bytes value) = 0;
};

/// Result of one action: kAccepted with what it made, or why not. A rejected action puts nothing.
struct ActionResult {
  FilingReject reject = FilingReject::kAccepted;
  std::optional<RegistrationCode> code;  ///< issued by Approve
  bool operator==(const ActionResult&) const = default;
};

/// Judges one action and, when it is accepted, puts the changed records. Pure but for `store`.
///
/// Every action is judged in one order and the first rule broken is the result:
///   1  signer      role; provider's key not barred
///   2  object      the filing, subject or key exists, and is in the signer's hands
///   3  state       the filing's status allows the action
///   4  content     texts, commitments, lists, as CheckContent orders them
///   5  bindings    of keys to subjects, codes and sequence
///
///   action             signer   from                      to                     puts, at most
///   Submit             provider –                         NotReviewed            1
///   TakeUp             office   NotReviewed               InReview(province)     3
///   RequestSupplement  holder   InReview                  AwaitingSupplement     1
///   Supplement         owner    AwaitingSupplement        InReview, same stage   1
///   Refuse             holder   InReview, or stranded     NotPassed              1
///   Resubmit           owner    NotPassed                 NotReviewed            1
///   Forward            office   InReview(province)        InReview(CAC)          1
///   Approve            CAC      InReview(CAC)             Filed                  3
///   PublishSet         CAC      Filed, each               Listed                 2, and 2 each
///   BarKey             CAC, office                                               1
///   RebindSubject      CAC, office                                               3
///
/// Office: the provincial office of the filing's or subject's division. Holder: that office while
/// the stage is province, the CAC afterwards. Owner: the key now bound to the filing's subject;
/// before any binding, the key that signed the filing. Stranded: NotReviewed, and its bindings or
/// a bar forbid to take it up.
/// An office bars a key only when a filing of its province that the key owns is named, or when the
/// key is confirmed for a subject of its province; the CAC bars any.
/// The store must hold what ApplyAction put: a record that does not decode is CHECKed, so whoever
/// loads records checks them first.
/// Source: DOMAIN.md, States.
ActionResult ApplyAction(const ActionContext& context, const Actor& actor, const v1::Action& action,
                         RecordStore& store);

/// The rules 1 to 3 of ApplyAction for the steps of a filing's holder, TakeUp, RequestSupplement,
/// Refuse, Forward and Approve, as far as the filing itself shows them: what an office may do with
/// it next. Any other kind of action is kNotAuthorised.
FilingReject JudgeStep(const Actor& actor, v1::Action::KindCase step, const FilingRecord& record);

}  // namespace beian
