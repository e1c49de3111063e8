"""The index: exact answers, compared with distances one by one."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

import ownprint

RANDOM = random.Random(5)
HASHES = [f"{RANDOM.getrandbits(256):064x}" for _ in range(300)]


def near(hash: str, bits: int) -> str:
    flipped = sum(1 << bit for bit in RANDOM.sample(range(256), bits))
    return f"{int(hash, 16) ^ flipped:064x}"


ENTRIES = [(hash, f"image {at}") for at, hash in enumerate(HASHES)]
ENTRIES += [
    (near(HASHES[at], bits), f"copy {at} {bits}") for at in range(20) for bits in (5, 31, 32)
]


def linear(query: str, radius: int) -> list[tuple[int, int, str]]:
    distances = [(ownprint.distance(query, hash), at) for at, (hash, _) in enumerate(ENTRIES)]
    return [(at, it, ENTRIES[at][1]) for it, at in sorted(distances) if it <= radius]


@pytest.fixture(scope="module")
def index() -> ownprint.Index:
    return ownprint.Index.build(ENTRIES)


def test_queries_are_exact(index: ownprint.Index) -> None:
    assert len(index) == len(ENTRIES) and index.algorithm == "pdq" and index.memory > 0
    queries = [HASHES[at] for at in range(25)] + [near(HASHES[0], 40), "0" * 64]
    for radius in (None, 0, 31, 60, 256):
        expected = [linear(query, 31 if radius is None else radius) for query in queries]
        found = [[hit[:3] for hit in index.query(query, radius)] for query in queries]
        assert found == expected
        many = index.query_many(queries, radius, threads=3)
        assert [[hit[:3] for hit in hits] for hits in many] == expected
    assert index.query_many([]) == []
    assert [hit[:3] for hit in index.nearest(HASHES[3], 4)] == linear(HASHES[3], 256)[:4]


def test_hashes_may_be_packed(index: ownprint.Index) -> None:
    packed = bytes.fromhex(HASHES[7])
    assert index.query(packed) == index.query(HASHES[7])
    assert index.query_many([packed, HASHES[7]]) == [index.query(packed)] * 2
    other = ownprint.Index()
    assert other.insert(packed, "seven") == 0
    assert next(iter(other)) == (0, HASHES[7], "seven")


def test_entries_change() -> None:
    index = ownprint.Index("phash")
    assert index.insert("00" * 8, "a") == 0
    index.extend([("01" * 8, "b"), ("ff" * 8, "c")])
    assert index.groups(8) == [[0, 1]]
    assert index.remove(0) == "a" and index.remove(0) is None and index.payload(0) is None
    assert [entry.payload for entry in index] == ["b", "c"]
    assert repr(index) == "Index(phash, 2 entries)"
    with pytest.raises(ownprint.HashError) as caught:
        index.extend([("02" * 8, "d"), ("02" * 7, "e")])
    assert caught.value.code == "not-comparable" and len(index) == 2


def test_save_and_load(index: ownprint.Index, tmp_path: Path) -> None:
    path = tmp_path / "known.index"
    index.save(path)
    loaded = ownprint.Index.load(path)
    assert list(loaded) == list(index)
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(ownprint.IndexFileError) as caught:
        ownprint.Index.load(path)
    assert caught.value.code == "invalid-index"
    with pytest.raises(FileNotFoundError):
        ownprint.Index.load(tmp_path / "missing")


def test_lists(tmp_path: Path) -> None:
    index = ownprint.Index()
    text = "".join(f"pdq {hash}\n" for hash in HASHES[:5])
    assert index.insert_list(text.encode()) == 5
    path = tmp_path / "list.txt"
    path.write_text(text)
    assert index.insert_list(path) == index.insert_list(str(path)) == 5
    with pytest.raises(ownprint.RecordError) as caught:
        index.insert_list((text + "pdq 00\n").encode())
    assert (caught.value.line, caught.value.column, len(index)) == (6, 5, 15)


def test_variants_are_named() -> None:
    pixmap = b"P5 96 96 255\n" + bytes(x * y // 11 % 256 for y in range(96) for x in range(96))
    record = ownprint.Fingerprinter(variants="compact").fingerprint(pixmap).to_record("a.pgm")
    index = ownprint.Index()
    assert record.variants is not None
    assert index.insert_list(record.to_json().encode()) == len(record.variants.hashes)
    last = record.variants.hashes[-1]
    hit = index.query(last.hash, 0)[0]
    assert (hit.payload, hit.variant) == (f"a.pgm#{last.variant}", last.variant)


def test_searches_and_changes_in_many_threads() -> None:
    index = ownprint.Index.build(ENTRIES[:100])
    failures: list[BaseException] = []

    def work(start: int) -> None:
        try:
            for at in range(start, start + 50):
                index.insert(HASHES[at], "new")
                assert any(hit.payload == "new" for hit in index.query(HASHES[at], 0))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in (100, 150, 200, 250)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and len(index) == 300


def test_an_open_file_answers_as_the_index(index: ownprint.Index, tmp_path: Path) -> None:
    path = tmp_path / "index"
    index.save(path)
    opened = ownprint.Index.open(path)
    opened.verify()
    queries = [hash for hash, _ in ENTRIES[::7]]
    assert opened.query_many(queries, 40) == index.query_many(queries, 40)
    assert opened.nearest_many(queries, 3, threads=2) == [index.nearest(it, 3) for it in queries]
    # The file is replaced, not changed, by those who have it open.
    opened.insert(HASHES[0], "added")
    opened.save(path)
    assert len(ownprint.Index.open(path)) == len(opened) == len(ENTRIES) + 1
    assert [it.name for it in tmp_path.iterdir()] == ["index"]
    index.reopen(path)
    assert len(index) == len(ENTRIES) + 1
    damaged = bytearray(path.read_bytes())
    damaged[600] ^= 1
    other = tmp_path / "damaged"
    other.write_bytes(damaged)
    with pytest.raises(ownprint.IndexFileError):
        ownprint.Index.open(other).verify()
    other.write_bytes(damaged[:-1])
    with pytest.raises(ownprint.IndexFileError):
        ownprint.Index.open(other)
    with pytest.raises(ownprint.FileError):
        ownprint.Index.open(tmp_path / "missing")


def test_several_hashes_of_one_image(index: ownprint.Index) -> None:
    hashes = [near(HASHES[3], 9), HASHES[3], HASHES[4]]
    found = index.query_any(hashes, 31)
    assert [(at, hit.payload) for at, hit in found[:2]] == [(1, "image 3"), (2, "image 4")]
    assert len({hit.entry for _, hit in found}) == len(found)


def test_copies_are_counted() -> None:
    index = ownprint.Index.build([(HASHES[0], str(at)) for at in range(50)] + [(HASHES[1], "x")])
    [(hit, count)] = index.query_distinct(near(HASHES[0], 4))
    assert (hit.payload, hit.distance, count) == ("0", 4, 50)
    assert index.repeated() == [(HASHES[0], 50)]


def test_a_temporary_file_is_not_overwritten(index: ownprint.Index, tmp_path: Path) -> None:
    path, other = tmp_path / "known.index", tmp_path / "known.index.part"
    other.write_bytes(b"somebody's")
    with pytest.raises(ownprint.FileError, match=r"known\.index\.part already exists"):
        index.save(path)
    assert other.read_bytes() == b"somebody's" and not path.exists()
    with pytest.raises(ownprint.FileError, match="not a regular file"):
        index.save(tmp_path)
