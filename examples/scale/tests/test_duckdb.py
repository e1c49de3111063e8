"""Hashes in DuckDB."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

import with_duckdb
from conftest import FOLDER, pairs
from with_duckdb import ALL_PAIRS, RADIUS, connect, hash_folder, similar

ROWS = "SELECT * FROM hashes ORDER BY path"


def rows(connection: object) -> list[dict[str, object]]:
    return connection.sql(ROWS).to_arrow_table().to_pylist()


def test_hashes_a_folder_once(
    files: Path,
    expected: list[dict[str, object]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashed: list[int] = []
    original = with_duckdb.hash_table
    monkeypatch.setattr(
        with_duckdb,
        "hash_table",
        lambda table, threads: hashed.append(len(table)) or original(table, threads),
    )
    for expected_calls in ([len(expected)], []):
        hashed.clear()
        with connect(str(tmp_path / "hashes.duckdb")) as connection:
            hash_folder(connection, str(files))
            assert rows(connection) == expected
        assert [count for count in hashed if count] == expected_calls


def test_pairs_are_those_of_comparing_each_with_each(
    files: Path, expected: list[dict[str, object]]
) -> None:
    with connect(":memory:") as connection:
        hash_folder(connection, str(files))
        found = similar(connection)
        assert found == pairs(expected)
        assert any(a.endswith("copy of hills.jpg") for a, _, distance in found if distance == 0)
        assert connection.execute(ALL_PAIRS, {"radius": RADIUS}).fetchall() == found


def test_the_join_on_words_finds_every_pair_up_to_31_bits() -> None:
    """Pairs at each distance around the radius, with the bits in all words, and in few."""
    source = random.Random(1)
    made = []
    for number, distance in enumerate([0, 1, 15, 16, 17, 30, 31, 32, 33] * 20):
        hash = source.getrandbits(256)
        spread = [16 * (bit % 16) + bit // 16 for bit in range(distance)]
        bits = spread if number % 2 else source.sample(range(256), distance)
        near = hash ^ sum(1 << bit for bit in bits)
        for name, value in (("a", hash), ("b", near)):
            made.append((f"{number} {name}", value.to_bytes(32, "big")))
    with connect(":memory:") as connection:
        connection.executemany("INSERT INTO hashes VALUES (?, ?, 100, NULL, [], NULL)", made)
        found = similar(connection)
        table = [{"path": path, "pdq": hash, "pdq_quality": 100} for path, hash in sorted(made)]
        assert found == pairs(table)
        assert len(found) == 7 * 20
        assert connection.execute(ALL_PAIRS, {"radius": RADIUS}).fetchall() == found


def test_hashes_the_contents_of_a_parquet_file(
    parquet: Path, expected: list[dict[str, object]]
) -> None:
    with connect(":memory:") as connection:
        connection.execute(
            "INSERT INTO hashes SELECT path, UNNEST(fingerprint_bytes(bytes)) FROM read_parquet(?)",
            [str(parquet)],
        )
        *found, last = sorted(rows(connection), key=lambda row: (row["pdq"] is None, row["path"]))
        assert sorted(found, key=lambda row: row["path"]) == expected
        assert (last["path"], last["pdq"], last["md5"]) == ("no content", None, None)
        assert last["error_code"] is not None


STOPPED = """
import sys
import with_duckdb

original = with_duckdb.groups

def groups(paths, size):
    for number, group in enumerate(original(paths, 3)):
        if number == 2:
            print("two groups", flush=True)
            sys.stdin.read()
        yield group

with_duckdb.groups = groups
with_duckdb.hash_folder(with_duckdb.connect(sys.argv[1]), sys.argv[2])
"""


def test_a_killed_run_is_continued(
    files: Path, expected: list[dict[str, object]], tmp_path: Path
) -> None:
    database = str(tmp_path / "hashes.duckdb")
    command = [sys.executable, "-c", STOPPED, database, str(files)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=FOLDER, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "two groups\n"
        child.kill()
    with connect(database) as connection:
        assert rows(connection) == expected[:6]
        hash_folder(connection, str(files))
        assert rows(connection) == expected
