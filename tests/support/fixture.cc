#include "tests/support/fixture.h"

#include <utility>

#include "ledger/crypto/hash.h"
#include "ledger/filing/province.h"
#include "ledger/filing/registration_code.h"

namespace beian {
namespace {

constexpr uint64_t kGenesisTimeMs = 1'550'188'800'000;  ///< 2019-02-15T00:00:00.000Z
constexpr uint64_t kStemSalts = 1'000'000'000;          ///< nine digits of a credit code

PrivateKey ClientKey(const std::string& seed) {
  return PrivateKey::FromSeed(KeyScheme::kP256, seed);
}

RoleKey RoleOf(Actor::Role role, std::string province, const PrivateKey& key) {
  return {role, std::move(province), key.public_key()};
}

std::string Commitment(std::string_view field, uint64_t salt) {
  return std::string(Sha256(std::string(field) + std::to_string(salt)).view());
}

}  // namespace

GenesisFixture MakeGenesis(size_t n) {
  GenesisFixture fixture{{}, {}, {}, {}, {}, ClientKey("the cac"), ClientKey("an auditor")};
  Genesis& genesis = fixture.genesis;
  genesis.name = "beian-test";
  genesis.time = TimeMs(kGenesisTimeMs);
  std::vector<Validator> members;
  for (size_t i = 0; i < n; ++i) {
    const std::string name = "validator-" + std::to_string(i);
    fixture.consensus_keys.push_back(PrivateKey::FromSeed(KeyScheme::kEd25519, name + " votes"));
    fixture.tls_keys.push_back(PrivateKey::FromSeed(KeyScheme::kEd25519, name + " tls"));
    members.push_back(
        {name, fixture.consensus_keys.back().public_key(), fixture.tls_keys.back().public_key()});
  }
  genesis.validators = ValidatorSet(std::move(members));
  for (const Province& province : Provinces()) {
    const std::string digits(province.gb2260);
    const auto [office, added] = fixture.offices.emplace(digits, ClientKey("office " + digits));
    genesis.roles.push_back(RoleOf(Actor::Role::kProvincialOffice, digits, office->second));
  }
  genesis.roles.push_back(RoleOf(Actor::Role::kCac, {}, fixture.cac));
  genesis.roles.push_back(RoleOf(Actor::Role::kAuditor, {}, fixture.auditor));
  fixture.text = FormatGenesis(genesis);
  auto parsed = ParseGenesis("genesis.toml", fixture.text);
  CHECK(parsed.has_value());
  genesis = *std::move(parsed);
  return fixture;
}

PrivateKey MakeClientKey(uint64_t salt) {
  return ClientKey("client " + std::to_string(salt));
}

v1::Filing ValidFiling(uint64_t salt, std::string_view division) {
  const std::string number = std::to_string(salt);
  std::string digits = std::to_string(salt % kStemSalts);
  digits.insert(0, 9 - digits.size(), '0');

  v1::Filing filing;
  v1::Subject& subject = *filing.mutable_subject();
  subject.set_division(std::string(division));
  subject.set_name("Organisation " + number);
  subject.set_nature(v1::SUBJECT_NATURE_ORGANISATION);
  subject.set_credit_code(MakeCreditCode("91" + std::string(division) + digits));
  subject.set_postal_address("1 Chang'an Avenue");
  v1::Responsible& responsible = *filing.mutable_responsible();
  responsible.set_name(Commitment("name", salt));
  responsible.set_document(Commitment("document", salt));
  responsible.set_office_phone(Commitment("office_phone", salt));
  responsible.set_mobile_phone(Commitment("mobile_phone", salt));
  responsible.set_email(Commitment("email", salt));
  v1::Service& service = *filing.mutable_service();
  service.set_name("区块链服务" + number);
  service.set_category("evidence");
  service.set_form("website");
  service.set_site("https://service-" + number + ".example");
  service.set_has_information_management(true);
  return filing;
}

v1::TransactionBody MakeBody(TimeMs expiry, uint64_t salt, std::vector<v1::Action> actions) {
  v1::TransactionBody body;
  body.set_nonce(Commitment("nonce", salt).substr(0, kNonceBytes));
  body.set_expiry_ms(expiry.value());
  for (v1::Action& action : actions) *body.add_actions() = std::move(action);
  return body;
}

TransactionPtr MakeSubmit(const Genesis& genesis, const PrivateKey& provider, TimeMs expiry,
                          uint64_t salt, std::string_view division) {
  v1::Action action;
  *action.mutable_submit()->mutable_filing() = ValidFiling(salt, division);
  auto transaction =
      Transaction::Sign(genesis.chain_id, MakeBody(expiry, salt, {std::move(action)}), provider);
  CHECK(transaction != nullptr);
  return transaction;
}

v1::Action TakeUpAction(const FilingId& filing) {
  v1::Action action;
  action.mutable_take_up()->set_filing_id(Bytes(filing.view()));
  return action;
}

v1::Action ForwardAction(const FilingId& filing) {
  v1::Action action;
  action.mutable_forward()->set_filing_id(Bytes(filing.view()));
  return action;
}

v1::Action ApproveAction(const FilingId& filing) {
  v1::Action action;
  action.mutable_approve()->set_filing_id(Bytes(filing.view()));
  return action;
}

}  // namespace beian
