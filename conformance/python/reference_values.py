"""Prints known answers that need no image as one JSON object: digests (hashlib, PyPI blake3) and
hash arithmetic.
"""

import hashlib
import json
import random

import blake3

LENGTHS = [0, 1, 3, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1023, 1024, 1025, 2048, 65536, 100000]
"""Lengths near the block and chunk lengths of the digests, and above the 64 KiB buffer."""

MESSAGES = [
    ("abc", 1),
    ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1),
    (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        1,
    ),
    ("a", 1_000_000),
]
"""Texts, and how often each is repeated: those of NIST's examples of FIPS 180-4 and of the
repeated byte of FIPS 180-2.
"""

PUBLISHED = {
    ("sha1", 0): "a9993e364706816aba3e25717850c26c9cd0d89d",
    ("sha1", 1): "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
    ("sha1", 3): "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
    ("sha256", 0): "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ("sha256", 1): "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ("sha256", 3): "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    ("sha512", 0): "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ("sha512", 2): "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
    "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
    ("sha512", 3): "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
    "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
}
"""The digests that NIST publishes, by algorithm and place in `MESSAGES`."""

REPEATED = [256 * 1024 * 1024, 10_000_000_000]
"""Lengths of the streams of one repeated byte that are digested in constant memory."""

REPEATED_BYTE = 0x5A


def main():
    print(json.dumps({"digests": digests(), "hex": hex_cases()}))


def digests():
    pattern = bytes(range(251)) * 400
    texts = [{"input": f"0..251 repeating", "length": length, **of(pattern[:length])} for length in LENGTHS]
    repeated = [{"byte": REPEATED_BYTE, "length": length, **of_repeated(length)} for length in REPEATED]
    return {"pattern": texts, "messages": list(messages()), "repeated": repeated}


def messages():
    """The messages with their digests; fails if one differs from the published one."""
    for index, (text, repeat) in enumerate(MESSAGES):
        values = of(text.encode() * repeat)
        for (name, place), digest in PUBLISHED.items():
            assert place != index or values[name] == digest, (name, text)
        yield {"text": text, "repeat": repeat, **values}


def of(data):
    return {
        "md5": hashlib.md5(data).hexdigest(),
        "sha1": hashlib.sha1(data).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "sha512": hashlib.sha512(data).hexdigest(),
        "blake3": blake3.blake3(data).hexdigest(),
    }


def of_repeated(length):
    hashers = {name: hashlib.new(name) for name in ["md5", "sha1", "sha256", "sha512"]} | {"blake3": blake3.blake3()}
    piece = bytes([REPEATED_BYTE]) * (1 << 20)
    while length > 0:
        for hasher in hashers.values():
            hasher.update(piece[:length])
        length -= len(piece)
    return {name: hasher.hexdigest() for name, hasher in hashers.items()}


def hex_cases():
    numbers = random.Random(512)
    return {"distance": list(distances(numbers)), "valid": valid(numbers), "invalid": invalid()}


def distances(numbers):
    whole = (1 << 256) - 1
    start = numbers.getrandbits(256)
    for bits in [0, 1, 2, 30, 31, 32, 64, 128, 255, 256]:
        flipped = sum(1 << bit for bit in numbers.sample(range(256), bits))
        yield distance(start, start ^ flipped)
    for _ in range(10):
        yield distance(numbers.getrandbits(256), numbers.getrandbits(256))
    yield distance(0, whole)
    yield distance(1, 1 << 255)


def distance(a, b):
    """`match` is the rule of exchanges: a maximum of 31 of 256 bits differ."""
    differing = (a ^ b).bit_count()
    return {"a": f"{a:064x}", "b": f"{b:064x}", "distance": differing, "match": differing <= 31}


def valid(numbers):
    """Valid texts of hashes of 256 bits, and how they are printed."""
    value = numbers.getrandbits(256) | 0xA << 252
    return [
        {"text": f"{value:064x}", "printed": f"{value:064x}"},
        {"text": f"{value:064X}", "printed": f"{value:064x}"},
        {"text": "0" * 64, "printed": "0" * 64},
        {"text": "F" * 64, "printed": "f" * 64},
    ]


def invalid():
    """Invalid texts of PDQ hashes."""
    return [
        {"text": "", "why": "empty"},
        {"text": "0" * 63, "why": "a digit short"},
        {"text": "0" * 62, "why": "a byte short"},
        {"text": "0" * 32, "why": "half a hash, as once seen in an exchange's data"},
        {"text": "0" * 66, "why": "a byte long"},
        {"text": "g" + "0" * 63, "why": "a letter that is no digit"},
        {"text": "0x" + "0" * 62, "why": "a prefix"},
        {"text": " " + "0" * 63, "why": "a blank"},
        {"text": "0" * 63 + "\n", "why": "a line's end"},
        {"text": "٠" * 32, "why": "digits of another script, 64 bytes long"},
        {"text": "+" + "0" * 63, "why": "a sign"},
    ]


if __name__ == "__main__":
    main()
