"""Prints known answers that need no image as one JSON object: digests (hashlib, PyPI blake3) and
hash arithmetic.
"""

import hashlib
import json
import random

import blake3

LENGTHS = [0, 1, 3, 55, 56, 63, 64, 65, 1023, 1024, 1025, 2048, 65536, 100000]
"""Lengths near the block and chunk lengths of the four digests, and above the 64 KiB buffer."""

REPEATED = [256 * 1024 * 1024, 10_000_000_000]
"""Lengths of the streams of one repeated byte that are digested in constant memory."""

REPEATED_BYTE = 0x5A


def main():
    print(json.dumps({"digests": digests(), "hex": hex_cases()}))


def digests():
    pattern = bytes(range(251)) * 400
    texts = [{"input": f"0..251 repeating", "length": length, **of(pattern[:length])} for length in LENGTHS]
    repeated = [{"byte": REPEATED_BYTE, "length": length, **of_repeated(length)} for length in REPEATED]
    return {"pattern": texts, "repeated": repeated}


def of(data):
    return {
        "md5": hashlib.md5(data).hexdigest(),
        "sha1": hashlib.sha1(data).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "blake3": blake3.blake3(data).hexdigest(),
    }


def of_repeated(length):
    hashers = {"md5": hashlib.md5(), "sha1": hashlib.sha1(), "sha256": hashlib.sha256(), "blake3": blake3.blake3()}
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
