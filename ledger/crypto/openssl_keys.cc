#include "ledger/crypto/openssl_keys.h"

#include <openssl/core_names.h>

#include <algorithm>

namespace beian {
namespace {

/// A key with the curve and no point.
KeyPtr MakeP256Parameters() {
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  std::string name = SN_X9_62_prime256v1;
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name.data(), 0),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  CHECK(context && EVP_PKEY_fromdata_init(context.get()) == 1);
  CHECK(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEY_PARAMETERS,
                          const_cast<OSSL_PARAM*>(params)) == 1);
  return KeyPtr(key);
}

}  // namespace

bool IsP256Scalar(std::span<const uint8_t, kP256ScalarSize> scalar) {
  return std::ranges::any_of(scalar, [](uint8_t octet) { return octet != 0; }) &&
         std::ranges::lexicographical_compare(scalar, kP256Order);
}

EVP_PKEY* P256PublicKey(BytesView x_y) {
  CHECK(x_y.size() == kP256KeySize);
  // To look the curve up takes 20 to 34 µs, to copy it 6, to put another point on it nothing.
  thread_local const KeyPtr key = MakeP256Parameters();
  std::array<unsigned char, kP256PointSize> point;
  point[0] = kP256PointTag;
  std::ranges::copy(x_y, point.begin() + 1);
  if (EVP_PKEY_set1_encoded_public_key(key.get(), point.data(), point.size()) != 1) return nullptr;
  return key.get();
}

}  // namespace beian
