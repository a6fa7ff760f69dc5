#!/usr/bin/env python3
"""Prints ed25519_edges.txt: signatures at the edges where Ed25519 implementations disagree.

Columns: strict (1: VerifySignature must accept), openssl (1: OpenSSL alone accepts), what, key,
signature, message (all hexadecimal but the first three). The points are the same as in the C2SP
CCTV vectors: the eight points of low order, their six other encodings, and points with a low-order
part. Only the standard library is used, and every run prints the same.
"""
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P,
            (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P)


def mul(n, a):
    result = (0, 1)
    while n:
        if n & 1:
            result = add(result, a)
        a, n = add(a, a), n >> 1
    return result


def x_of(y, odd):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if x % 2 != odd else x


def encode(a):
    return (a[1] | (a[0] & 1) << 255).to_bytes(32, "little")


B = (x_of(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)


def order_eight():
    y = 2
    while True:
        x = x_of(y, 0)
        if x is not None:
            point = mul(L, (x, y))
            if mul(4, point) != (0, 1):
                return point
        y += 1


GENERATOR = order_eight()
TORSION = [mul(i, GENERATOR) for i in range(8)]
# Encodings of low-order points that are not canonical: y not below p, or x = 0 with its sign set.
OTHER = [(encode(t)[:31] + bytes([encode(t)[31] | 128]), t) for t in TORSION if t[0] == 0]
OTHER += [((t[1] + P | sign << 255).to_bytes(32, "little"), t) for t in TORSION for sign in (0, 1)
          if t[1] + P < 2**255 and (t[0] == 0 or sign == t[0] & 1)]
LOW = [(encode(t), t) for t in TORSION] + OTHER


def challenge(r, a, message):
    return int.from_bytes(hashlib.sha512(r + a + message).digest(), "little") % L


def scalar(text):
    return int.from_bytes(hashlib.sha512(text.encode()).digest(), "little") % L


def vector(what, a_bytes, r_bytes, s, message, strict, openssl):
    signature = r_bytes + s.to_bytes(32, "little")
    print(int(strict), int(openssl), what, a_bytes.hex(), signature.hex(), message.hex())


def find(what, a_scalar, a_torsion, a_bytes, r_scalar, r_torsion, r_bytes, cancels):
    """The first message for which the low-order parts of R and kA cancel, or do not."""
    for i in range(2000):
        message = f"{what} {i}".encode()
        k = challenge(r_bytes, a_bytes, message)
        if (add(r_torsion, mul(k % 8, a_torsion)) == (0, 1)) == cancels:
            return message, (r_scalar + k * a_scalar) % L
    return None


def edge(what, a_scalar, a, r_scalar, r, cancels, strict):
    (a_bytes, a_torsion), (r_bytes, r_torsion) = a, r
    if a_scalar:
        a_bytes = encode(add(mul(a_scalar, B), a_torsion))
    if r_scalar:
        r_bytes = encode(add(mul(r_scalar, B), r_torsion))
    found = find(what, a_scalar, a_torsion, a_bytes, r_scalar, r_torsion, r_bytes, cancels)
    if found:
        canonical_r = r_scalar != 0 or r_bytes == encode(r_torsion)
        vector(what, a_bytes, r_bytes, found[1], found[0], strict, cancels and canonical_r)


def main():
    print("# Made by make_ed25519_edges.py, which explains the columns.")
    secret, nonce = scalar("secret"), scalar("nonce")
    none = LOW[TORSION.index((0, 1))]
    for low in LOW:
        edge("low-order-key", 0, low, nonce, none, True, False)
        for torsion in LOW[:8]:
            edge("low-order-key-and-mixed-r", 0, low, nonce, torsion, True, False)
            edge("low-order-r", secret, torsion, 0, low, True, False)
            edge("low-order-key-and-r", 0, low, 0, torsion, True, False)
    for key in LOW[:8]:
        for r in LOW[:8]:
            edge("mixed", secret, key, nonce, r, True, True)
            edge("residue", secret, key, nonce, r, False, False)
    a, r, message = encode(mul(secret, B)), encode(mul(nonce, B)), b"plain"
    s = (nonce + challenge(r, a, message) * secret) % L
    vector("plain", a, r, s, message, True, True)
    for i in range(1, 16):
        if s + i * L < 2**256:
            vector("s-not-reduced", a, r, s + i * L, message, False, False)
    vector("r-not-a-point", a, (2).to_bytes(32, "little"), s, message, False, False)
    vector("key-not-a-point", (2).to_bytes(32, "little"), r, s, message, False, False)


main()
