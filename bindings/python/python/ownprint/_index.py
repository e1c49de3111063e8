"""The index: exact search by distance."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, Union

from ownprint import _ownprint
from ownprint._comparison import hashes_of

if TYPE_CHECKING:
    from typing import Self

    from ownprint._input import BytesLike
    from ownprint._types import VariantHashes

__all__ = ["Hit", "Index", "IndexEntry", "VariantHit"]

Hash: TypeAlias = Union[str, bytes]
"""A hash in hexadecimal digits, or its packed bits."""


class Hit(NamedTuple):
    """An entry that a search found."""

    entry: int
    """The number of the entry."""
    distance: int
    """The number of bits that differ from the query."""
    payload: str
    """The text that was inserted with it."""
    variant: str | None
    """The variant, if the payload ends with `#` and a variant."""


class VariantHit(NamedTuple):
    """An entry that a variant of an image found."""

    entry: int
    """The number of the entry."""
    distance: int
    """The number of bits that differ from the hash of the variant."""
    payload: str
    """The text that was inserted with it."""
    variant: str | None
    """The variant of the entry, if the payload ends with `#` and a variant."""
    query_variant: str
    """The variant of the image that is looked up."""


class IndexEntry(NamedTuple):
    """An entry of an index."""

    entry: int
    """The number of the entry."""
    hash: str
    """The hash in hexadecimal digits."""
    payload: str
    """The text that was inserted with it."""


class Index:
    """Hashes of one algorithm, each with a text, its payload, in memory or in an open file.

    Searches are exact: every hash within the radius is found, and no other. They run in parallel
    on any number of threads; a change waits for them. Entries are numbered from 0 in the order of
    insertion.

    >>> import ownprint
    >>> index = ownprint.Index.build([("0f" * 32, "case 7"), ("f0" * 32, "case 8")])
    >>> index.query("0f" * 31 + "ff")
    [Hit(entry=0, distance=4, payload='case 7', variant=None)]
    """

    __slots__ = ("_core",)

    def __init__(self, algorithm: str = "pdq") -> None:
        """Create an empty index. Raises `HashError` for an unknown algorithm, and for one of more
        than 1,024 bits."""
        self._core = _ownprint.Index(algorithm)

    @classmethod
    def _of(cls, core: _ownprint.Index) -> Self:
        index = cls.__new__(cls)
        index._core = core
        return index

    @classmethod
    def build(cls, entries: Iterable[tuple[Hash, str]], algorithm: str = "pdq") -> Self:
        """Create an index of entries, each a hash and its payload."""
        index = cls(algorithm)
        index.extend(entries)
        return index

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, threads: int | None = None) -> Self:
        """Load the index that was saved at a path. Its entries are renumbered from 0.

        Raises `FileError`, and `IndexFileError` if the file is not an index or was altered.
        """
        return cls._of(_ownprint.Index.load(path, threads or os.cpu_count() or 1))

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Open the index that was saved at a path by mapping its file into memory.

        This takes milliseconds. Processes that open the same file share its memory. Each block is
        compared with its checksum before its first use; `verify` compares all. Changes are made in
        memory. Replace the file by `save`, or by renaming another one, never in place.

        Raises `FileError`, and `IndexFileError` if the file is not an index or is damaged; a query
        that reaches a damaged block raises it too.
        """
        return cls._of(_ownprint.Index.open(path))

    def reopen(self, path: str | os.PathLike[str]) -> None:
        """Replace the entries by those of the index that was saved at a path, as `open` does.

        Other threads may search meanwhile: each search sees the old index or the new one.
        """
        self._core.reopen(path)

    def verify(self, *, threads: int | None = None) -> None:
        """Compare everything with the checksums of the file that the index was opened from.

        Raises `IndexFileError` if the file is damaged.
        """
        self._core.verify(threads or os.cpu_count() or 1)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save the index at a path, and replace an existing file by renaming a temporary one.

        The temporary file has `.part` added to its name. Raises `FileError`; also if that file
        exists, because another call writes it or was interrupted, and if `path` is no regular file.
        """
        self._core.save(path)

    @property
    def algorithm(self) -> str:
        """The stable name of the algorithm."""
        return self._core.algorithm

    @property
    def memory(self) -> int:
        """The memory that the index uses, in bytes."""
        return self._core.memory

    def insert(self, hash: Hash, payload: str = "") -> int:
        """Insert a hash, and return the number of the entry. Raises `HashError`."""
        return self._core.insert(hash, payload)

    def extend(self, entries: Iterable[tuple[Hash, str]]) -> None:
        """Insert many entries at once, which is faster. If a hash is invalid, none is inserted."""
        self._core.extend(entries if isinstance(entries, list) else list(entries))

    def insert_list(self, source: str | os.PathLike[str] | BytesLike) -> int:
        """Insert the hashes of a list that have this algorithm, and return their number.

        `source` is the path of a list, or its bytes. The form is detected; see `read_list`. Hashes
        with a quality below 50 are skipped, because they would match unrelated images. The
        payload is the name in the list; for a variant, the name, `#` and the variant. If a line is
        invalid, none is inserted. Raises `FileError`, and `RecordError` with line and column.
        """
        if isinstance(source, (str, os.PathLike)):
            return self._core.insert_list_file(source)
        return self._core.insert_list(source)

    def remove(self, entry: int) -> str | None:
        """Remove an entry, and return its payload; `None` if there is no such entry."""
        return self._core.remove(entry)

    def payload(self, entry: int) -> str | None:
        """Return the payload of an entry; `None` if there is no such entry."""
        return self._core.payload(entry)

    def query(self, hash: Hash, radius: int | None = None) -> list[Hit]:
        """Return every entry within `radius` bits of a hash, nearest first, then by number.

        `None` searches within the threshold of the algorithm.
        """
        return [Hit._make(hit) for hit in self._core.within(hash, radius)]

    def query_variants(
        self, variants: VariantHashes, radius: int | None = None
    ) -> list[VariantHit]:
        """Return every entry within `radius` bits of the hash of a variant, nearest first.

        `variants` is the set of the image that is looked up, usually `VariantSet.QUERY`. Each entry
        is returned once, with its nearest variant. Hashes with a quality below 50 find nothing.
        """
        found = self._core.within_variants(hashes_of(variants), radius)
        return [VariantHit(*hit, query_variant) for hit, query_variant in found]

    def query_many(
        self, hashes: Iterable[Hash], radius: int | None = None, *, threads: int | None = None
    ) -> list[list[Hit]]:
        """Answer many queries at once on several threads, in their order."""
        threads = threads or os.cpu_count() or 1
        answers = self._core.within_many(list(hashes), radius, threads)
        return [[Hit._make(hit) for hit in hits] for hits in answers]

    def query_any(self, hashes: Iterable[Hash], radius: int | None = None) -> list[tuple[int, Hit]]:
        """Return every entry within `radius` bits of any of the hashes once, nearest first.

        The hashes are those of one image, such as the eight of `pdq-dihedral`. Each entry comes
        with the position of the nearest hash.
        """
        found = self._core.within_any(list(hashes), radius)
        return [(position, Hit._make(hit)) for position, hit in found]

    def query_distinct(self, hash: Hash, radius: int | None = None) -> list[tuple[Hit, int]]:
        """Return every distinct hash within `radius` bits once: its first entry, and the number of
        its entries. The length does not grow with the copies of a hash."""
        found = self._core.distinct_within(hash, radius)
        return [(Hit._make(hit), count) for hit, count in found]

    def repeated(self, minimum: int = 2) -> list[tuple[str, int]]:
        """Return the hashes that have a minimum of `minimum` entries, with the number of their
        entries, most first."""
        return self._core.repeated(minimum)

    def nearest_many(
        self, hashes: Iterable[Hash], count: int = 1, *, threads: int | None = None
    ) -> list[list[Hit]]:
        """Answer many queries for the nearest entries on several threads, in their order."""
        answers = self._core.nearest_many(list(hashes), count, threads or os.cpu_count() or 1)
        return [[Hit._make(hit) for hit in hits] for hits in answers]

    def nearest(self, hash: Hash, count: int = 1) -> list[Hit]:
        """Return the `count` entries nearest to a hash, nearest first, then by number."""
        return [Hit._make(hit) for hit in self._core.nearest(hash, count)]

    def groups(self, radius: int | None = None) -> list[list[int]]:
        """Return the entries that have others within `radius` bits, in groups (single linkage).

        `None` uses the threshold of the algorithm.
        """
        return self._core.groups(radius)

    def __len__(self) -> int:
        return len(self._core)

    def __iter__(self) -> Iterator[IndexEntry]:
        """Iterate over the entries by their numbers."""
        return (IndexEntry._make(entry) for entry in self._core.entries())

    def __reduce__(self) -> tuple[object, ...]:
        return (_load_bytes, (self._core.to_bytes(),))

    def __repr__(self) -> str:
        return f"Index({self.algorithm}, {len(self)} entries)"


def _load_bytes(data: bytes) -> Index:
    return Index._of(_ownprint.Index.from_bytes(data, 1))
