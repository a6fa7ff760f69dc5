#include "ledger/crypto/openssl_keys.h"

#include <openssl/core_names.h>

#include <algorithm>

namespace beian {
namespace {

/// A key with the curve and no point. Building a key from it copies the group instead of looking it
/// up by name: 6 µs instead of 20 to 34. Never freed, only read, so any thread may use it.
const EVP_PKEY* P256Template() {
  static const EVP_PKEY* const kTemplate = [] {
    const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    std::string name = SN_X9_62_prime256v1;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name.data(), 0),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    CHECK(context && EVP_PKEY_fromdata_init(context.get()) == 1);
    CHECK(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEY_PARAMETERS,
                            const_cast<OSSL_PARAM*>(params)) == 1);
    return key;
  }();
  return kTemplate;
}

}  // namespace

bool IsP256Scalar(std::span<const uint8_t, kP256ScalarSize> scalar) {
  return std::ranges::any_of(scalar, [](uint8_t octet) { return octet != 0; }) &&
         std::ranges::lexicographical_compare(scalar, kP256Order);
}

KeyPtr MakeP256PublicKey(BytesView x_y) {
  CHECK(x_y.size() == kP256KeySize);
  std::array<unsigned char, kP256PointSize> point;
  point[0] = kP256PointTag;
  std::ranges::copy(x_y, point.begin() + 1);
  KeyPtr key(EVP_PKEY_new());
  CHECK(key && EVP_PKEY_copy_parameters(key.get(), P256Template()) == 1);
  if (EVP_PKEY_set1_encoded_public_key(key.get(), point.data(), point.size()) != 1) return nullptr;
  return key;
}

}  // namespace beian
