#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "ledger/crypto/hash.h"
#include "tests/support/fixture.h"

// beian-twin-signer GENESIS COUNT EXPIRY_IN_MS [CHAIN_ID_HEX]: one line for each of COUNT new
// submissions: its id and the transaction signed twice, both in base64. A P-256 signature is
// random, so that the two differ and have the same id. With CHAIN_ID they are for that chain.
namespace beian {
namespace {

constexpr size_t kRunBytes = 8;

std::string Base64(BytesView octets) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < octets.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < octets.size() ? static_cast<uint8_t>(octets[i + j]) : 0u);
    }
    for (size_t j = 0; j < 4; ++j) {
      text += i + j <= octets.size() ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return text;
}

v1::TransactionBody NewBody(uint64_t salt, int64_t expiry_in_ms) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  v1::Action action;
  *action.mutable_submit()->mutable_filing() = ValidFiling(salt);
  v1::TransactionBody body =
      MakeBody(TimeMs(static_cast<uint64_t>(now.count() + expiry_in_ms)), salt, {action});
  body.set_nonce(RandomBytes(kNonceBytes));
  return body;
}

int Main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const auto genesis = ParseGenesis(argv[1], text.str());
  if (!genesis) return 1;
  const auto other = argc > 4 ? FromHex(argv[4]) : std::nullopt;
  const ChainId chain = other ? ChainId::FromBytes(*other) : genesis->chain_id;
  const Bytes run = RandomBytes(kRunBytes);
  for (uint64_t i = 0; i < std::strtoull(argv[2], nullptr, 10); ++i) {
    const auto key = PrivateKey::FromSeed(KeyScheme::kP256, run + std::to_string(i));
    const v1::TransactionBody body = NewBody(i, std::strtoll(argv[3], nullptr, 10));
    const auto first = Transaction::Sign(chain, body, key);
    const auto second = Transaction::Sign(chain, body, key);
    if (!first || !second || first->wire() == second->wire()) return 1;
    std::cout << first->id().hex() << ' ' << Base64(first->wire()) << ' ' << Base64(second->wire())
              << '\n';
  }
  return 0;
}

}  // namespace
}  // namespace beian

int main(int argc, char** argv) { return beian::Main(argc, argv); }
