"""Distances and comparisons: the kinds of hash that a caller may pass."""

from __future__ import annotations

import pytest

import ownprint

A, B = "0f" * 32, "0f" * 31 + "ff"
PACKED = bytes.fromhex(B)


@pytest.mark.parametrize(
    "other",
    [B, B.upper(), PACKED, ownprint.PdqHash(B, 90), ownprint.PerceptualHash("pdq", (B,), 90)],
)
def test_every_kind_of_hash_is_compared(other: str | bytes | ownprint.PdqHash) -> None:
    assert ownprint.distance(A, other) == ownprint.distance(other, A) == 4
    for pair in ((A, other), (other, A)):
        comparison = ownprint.compare(*pair)
        assert (comparison.algorithm, comparison.distance, comparison.is_match) == ("pdq", 4, True)


def test_a_low_quality_never_matches() -> None:
    low = ownprint.PdqHash(A, 49)
    assert ownprint.compare(A, A).is_match and ownprint.compare(A, ownprint.PdqHash(A, 50)).is_match
    for pair in ((low, A), (A, low), (low, low)):
        comparison = ownprint.compare(*pair)
        assert (comparison.distance, comparison.is_match) == (0, False)


def test_the_algorithm_is_that_of_the_hash() -> None:
    hash = ownprint.PerceptualHash("phash", ("00" * 8,))
    assert ownprint.compare(hash, "00" * 8).algorithm == "phash"
    assert ownprint.compare("00" * 8, hash, "phash:8").algorithm == "phash"
    for a, b, algorithm in [
        (hash, ownprint.PerceptualHash("dhash", ("00" * 8,)), None),
        (hash, hash, "dhash"),
        (ownprint.PdqHash(A, 90), A, "phash"),
        (ownprint.PerceptualHash("pdq-dihedral", (A,) * 8, 90), A, None),
        (b"", b"", "pdq"),
        # `phash:3` has nine bits: seven of the two bytes are unused.
        (b"\x80\x00", b"\x00\x00", "phash:3"),
    ]:
        with pytest.raises(ownprint.HashError) as caught:
            ownprint.compare(a, b, algorithm)
        assert caught.value.code == "not-comparable"


def test_hashes_of_different_length_have_no_distance() -> None:
    for a, b in [(A, PACKED[:-1]), (b"", b""), (PACKED, A[:-2])]:
        with pytest.raises(ownprint.HashError):
            ownprint.distance(a, b)
    with pytest.raises(TypeError):
        ownprint.distance(A, 7)  # type: ignore[arg-type]
