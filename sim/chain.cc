#include "sim/chain.h"

#include <fmt/format.h>

#include <string>

#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/filing/province.h"
#include "ledger/filing/registration_code.h"

namespace beian::sim {
namespace {

constexpr uint64_t kGenesisTimeMs = 1'550'188'800'000;   // 2019-02-15T00:00:00.000Z

PublicKey KeyFrom(KeyScheme scheme, const std::string& seed) {
  return PrivateKey::FromSeed(scheme, seed).public_key();
}

Bytes Twice(const Sha256Digest& digest) { return Bytes(digest.view()) + Bytes(digest.view()); }

Bytes Commitment(std::string_view field, uint64_t provider) {
  return Bytes(Sha256(fmt::format("{} of {}", field, provider)).view());
}

TransactionPtr ParseOwn(const ChainId& chain, const v1::SignedTransaction& outer) {
  Bytes wire;
  CHECK(outer.SerializeToString(&wire));
  auto transaction = Transaction::Parse(chain, wire);
  CHECK(transaction.has_value());
  return *transaction;
}

}  // namespace

Chain MakeChain(size_t nodes) {
  Chain chain;
  Genesis& genesis = chain.genesis;
  genesis.name = "beian-sim";
  genesis.time = TimeMs(kGenesisTimeMs);
  std::vector<Validator> members;
  for (size_t i = 0; i < nodes; ++i) {
    const std::string name = "validator-" + std::to_string(i);
    members.push_back({name, KeyFrom(KeyScheme::kEd25519, name + " votes"),
                       KeyFrom(KeyScheme::kEd25519, name + " tls")});
  }
  genesis.validators = ValidatorSet(std::move(members));
  for (const Province& province : Provinces()) {
    const std::string digits(province.gb2260);
    chain.offices.push_back(KeyFrom(KeyScheme::kP256, "office " + digits));
    genesis.roles.push_back({Actor::Role::kProvincialOffice, digits, chain.offices.back()});
  }
  chain.cac = KeyFrom(KeyScheme::kP256, "the cac");
  genesis.roles.push_back({Actor::Role::kCac, {}, chain.cac});
  auto parsed = ParseGenesis("genesis.toml", FormatGenesis(genesis));
  CHECK(parsed.has_value());
  genesis = *std::move(parsed);
  return chain;
}

PublicKey ClientKey(uint64_t number) {
  return {KeyScheme::kP256, Twice(Sha256("client " + std::to_string(number)))};
}

v1::Filing MakeFiling(const FilingDraft& draft) {
  const uint64_t provider = draft.provider;
  v1::Filing filing;
  v1::Subject& subject = *filing.mutable_subject();
  const std::string division = std::string(Provinces()[draft.office].gb2260) + "0105";
  subject.set_division(division);
  subject.set_name(fmt::format("Provider {}", provider));
  subject.set_nature(v1::SUBJECT_NATURE_ORGANISATION);
  subject.set_credit_code(MakeCreditCode(fmt::format("91{}{:09}", division, provider)));
  subject.set_postal_address("1 Chang'an Avenue");
  v1::Responsible& responsible = *filing.mutable_responsible();
  responsible.set_name(Commitment("name", provider));
  responsible.set_document(Commitment("document", provider));
  responsible.set_office_phone(Commitment("office phone", provider));
  responsible.set_mobile_phone(Commitment("mobile phone", provider));
  responsible.set_email(Commitment("email", provider));
  v1::Service& service = *filing.mutable_service();
  service.set_name(fmt::format("Service {}", draft.number));
  service.set_category("evidence");
  service.set_form("website");
  service.set_site(fmt::format("https://service-{}.example", draft.number));
  service.set_has_information_management(true);
  return filing;
}

TransactionPtr MakeTransaction(const ChainId& chain, const TransactionDraft& draft) {
  v1::TransactionBody body;
  body.set_signer(draft.signer.Encode());
  const Sha256Digest nonce = Sha256("nonce " + std::to_string(draft.nonce));
  body.set_nonce(Bytes(nonce.view().substr(0, kNonceBytes)));
  body.set_expiry_ms(draft.expiry.value());
  *body.add_actions() = draft.action;
  v1::SignedTransaction outer;
  CHECK(body.SerializeToString(outer.mutable_body()));
  outer.set_signature(Twice(Sha256({draft.signer.octets, outer.body()})));
  return ParseOwn(chain, outer);
}

TransactionPtr SignAgain(const ChainId& chain, const Transaction& transaction) {
  v1::SignedTransaction outer;
  CHECK(outer.ParseFromString(transaction.wire()));
  outer.set_signature(Twice(Sha256({outer.signature()})));
  return ParseOwn(chain, outer);
}

}  // namespace beian::sim
