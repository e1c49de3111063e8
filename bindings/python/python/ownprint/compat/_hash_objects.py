"""The hash objects of ImageHash, and their text forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import numpy

if TYPE_CHECKING:
    import numpy.typing as npt


def _binary_array_to_hex(arr: npt.NDArray[Any]) -> str:
    """Return bits in hexadecimal digits, with leading zero bits to a whole digit."""
    digits = "".join(str(bit) for bit in 1 * arr.flatten())
    return f"{int(digits, 2):0>{-(-len(digits) // 4)}x}"


class ImageHash:
    """A hash as an array of bits, for comparisons and as a key of dictionaries."""

    hash: npt.NDArray[numpy.bool_]
    """The bits, in rows."""

    def __init__(self, binary_array: Any) -> None:
        self.hash = binary_array

    def __str__(self) -> str:
        """Return the bits in hexadecimal digits, with leading zero bits to a whole digit."""
        return _binary_array_to_hex(self.hash)

    def __repr__(self) -> str:
        return repr(self.hash)

    def __sub__(self, other: ImageHash) -> int:
        """Return the number of bits that differ."""
        if other is None:
            raise TypeError("Other hash must not be None.")
        if self.hash.size != other.hash.size:
            raise TypeError(
                "ImageHashes must be of the same shape.", self.hash.shape, other.hash.shape
            )
        return cast(int, numpy.count_nonzero(self.hash.flatten() != other.hash.flatten()))

    def __eq__(self, other: object) -> bool:
        if other is None:
            return False
        return numpy.array_equal(self.hash.flatten(), other.hash.flatten())  # type: ignore[attr-defined]

    def __ne__(self, other: object) -> bool:
        # As in ImageHash, a hash is not unequal to `None` either.
        if other is None:
            return False
        return not self == other

    def __hash__(self) -> int:
        """Return a number of few bits, as ImageHash does."""
        return sum(2 ** (at % 8) for at in numpy.flatnonzero(self.hash.flatten()).tolist())

    def __len__(self) -> int:
        """Return the number of bits."""
        return self.hash.size


class ImageMultiHash:
    """The hashes of the regions of an image."""

    segment_hashes: list[ImageHash]
    """One hash for each region."""

    def __init__(self, hashes: list[ImageHash]) -> None:
        self.segment_hashes = hashes

    def __eq__(self, other: object) -> bool:
        """Return whether the images match, which is more than equal hashes."""
        if other is None:
            return False
        return self.matches(other)  # type: ignore[arg-type]

    def __ne__(self, other: object) -> bool:
        return not self.matches(other)  # type: ignore[arg-type]

    def __sub__(
        self,
        other: ImageMultiHash,
        hamming_cutoff: float | None = None,
        bit_error_rate: float | None = None,
    ) -> float:
        """Return the number of regions without a match, less for near matches."""
        matches, distance = self.hash_diff(other, hamming_cutoff, bit_error_rate)
        regions = len(self.segment_hashes)
        if matches == 0:
            return regions
        # The operations of ImageHash in their order, so that the sums are rounded alike.
        tie_breaker = 0 - (float(distance) / (matches * len(self.segment_hashes[0])))
        return regions - (matches + tie_breaker)

    def __hash__(self) -> int:
        return hash(tuple(hash(segment) for segment in self.segment_hashes))

    def __str__(self) -> str:
        return ",".join(str(segment) for segment in self.segment_hashes)

    def __repr__(self) -> str:
        return repr(self.segment_hashes)

    def hash_diff(
        self,
        other_hash: ImageMultiHash,
        hamming_cutoff: float | None = None,
        bit_error_rate: float | None = None,
    ) -> tuple[int, int]:
        """Return the number of regions that are found in another image, and the sum of their
        distances.

        `hamming_cutoff` is the largest distance of regions that match. Without it, it is the share
        `bit_error_rate` of the bits, by default a quarter.
        """
        if hamming_cutoff is None:
            rate = 0.25 if bit_error_rate is None else bit_error_rate
            hamming_cutoff = len(self.segment_hashes[0]) * rate
        nearest = [
            min(segment - other for other in other_hash.segment_hashes)
            for segment in self.segment_hashes
        ]
        found = [distance for distance in nearest if distance <= hamming_cutoff]
        return len(found), sum(found)

    def matches(
        self,
        other_hash: ImageMultiHash,
        region_cutoff: int = 1,
        hamming_cutoff: float | None = None,
        bit_error_rate: float | None = None,
    ) -> bool:
        """Return whether `region_cutoff` regions or more are found in another image."""
        return self.hash_diff(other_hash, hamming_cutoff, bit_error_rate)[0] >= region_cutoff

    def best_match(
        self,
        other_hashes: Iterable[ImageMultiHash],
        hamming_cutoff: float | None = None,
        bit_error_rate: float | None = None,
    ) -> ImageMultiHash:
        """Return the nearest of several hashes."""
        return min(
            other_hashes, key=lambda other: self.__sub__(other, hamming_cutoff, bit_error_rate)
        )


def _rows(digits: str, columns: int) -> npt.NDArray[numpy.bool_]:
    starts = range(0, len(digits), columns)
    return numpy.array([[digit == "1" for digit in digits[at : at + columns]] for at in starts])


def hex_to_hash(hexstr: str) -> ImageHash:
    """Return the square hash whose text this is."""
    side = int(numpy.sqrt(len(hexstr) * 4))
    return ImageHash(_rows(f"{int(hexstr, 16):0>{side * side}b}", side))


def hex_to_flathash(hexstr: str, hashsize: int) -> ImageHash:
    """Return the hash of `hashsize` columns, such as a `colorhash`, whose text this is."""
    side = int(len(hexstr) * 4 / hashsize)
    digits = f"{int(hexstr, 16):0>{side * hashsize}b}"
    return ImageHash(_rows(digits, max(1, len(digits)))[-side * hashsize :])


def hex_to_multihash(hexstr: str) -> ImageMultiHash:
    """Return the hashes of regions whose text this is."""
    return ImageMultiHash([hex_to_hash(text) for text in hexstr.split(",")])


def old_hex_to_hash(hexstr: str, hash_size: int = 8) -> ImageHash:
    """Return the hash whose text ImageHash 3.7 or older wrote."""
    count = hash_size * (hash_size // 4)
    if len(hexstr) != count:
        raise ValueError(f"Expected hex string size of {count}.")
    values = [int("0x" + hexstr[at * 2 : at * 2 + 2], 16) for at in range(count // 2)]
    return ImageHash(numpy.array([[value & 2**bit > 0 for bit in range(8)] for value in values]))
