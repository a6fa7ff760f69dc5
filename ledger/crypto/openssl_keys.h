#pragma once

// Key objects of OpenSSL. Included by the sources of ledger/crypto and nothing else.

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>
#include <span>

#include "ledger/crypto/keys.h"

namespace beian {

template <auto Free>
struct OpensslDeleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslDeleter<&EVP_PKEY_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, OpensslDeleter<&EVP_PKEY_CTX_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, OpensslDeleter<&EVP_MD_CTX_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, OpensslDeleter<&BN_clear_free>>;
using GroupPtr = std::unique_ptr<EC_GROUP, OpensslDeleter<&EC_GROUP_free>>;
using PointPtr = std::unique_ptr<EC_POINT, OpensslDeleter<&EC_POINT_free>>;

inline const unsigned char* Octets(BytesView view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}

inline constexpr size_t kEd25519KeySize = 32;
inline constexpr size_t kP256ScalarSize = 32;
inline constexpr size_t kP256KeySize = 2 * kP256ScalarSize;  ///< x ‖ y
/// The uncompressed point of X9.62: 04 ‖ x ‖ y.
inline constexpr size_t kP256PointSize = 1 + kP256KeySize;
inline constexpr unsigned char kP256PointTag = 4;

/// Big-endian order n of the group of P-256, and the largest s that is not high: (n - 1) / 2.
inline constexpr std::array<uint8_t, kP256ScalarSize> kP256Order = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
inline constexpr std::array<uint8_t, kP256ScalarSize> kP256HalfOrder = {
    0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8};

/// 0 < scalar < n.
bool IsP256Scalar(std::span<const uint8_t, kP256ScalarSize> scalar);

/// The key object of a point; null when the point is not on the curve. The thread has one, which
/// the next call gives another point.
EVP_PKEY* P256PublicKey(BytesView x_y);

}  // namespace beian
