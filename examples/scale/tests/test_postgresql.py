"""Hashes in PostgreSQL, in a server of the test's own on a socket in a temporary folder."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pg8000.native import Connection

from conftest import pairs
from with_postgresql import connect, hash_folder, load, similar

# The port names the socket; nothing listens on the network.
SOCKET = ".s.PGSQL.5432"


def programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else found[-1]


@pytest.fixture(scope="module")
def socket() -> Iterator[str]:
    # A socket has a path of 107 bytes or less, and the server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs() / program), "--pgdata", str(folder / "data"), *arguments]
        subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run("initdb", "--username=test", "--auth=trust", "--no-sync", "--encoding=UTF8")
    options = f"-c listen_addresses='' -c fsync=off -c unix_socket_directories={folder}"
    run(
        "pg_ctl",
        "start",
        "--wait",
        "--timeout=300",
        "--options",
        options,
        "--log",
        str(folder / "log"),
    )
    yield str(folder / SOCKET)
    run("pg_ctl", "stop", "--wait", "--mode=immediate")
    shutil.rmtree(folder)


@pytest.fixture
def connection(socket: str) -> Iterator[Connection]:
    """Return a connection to an empty database."""
    server = Connection("test", unix_sock=socket, database="postgres")
    server.run("DROP DATABASE IF EXISTS hashes WITH (FORCE)")
    server.run("CREATE DATABASE hashes")
    connection = connect(socket, "hashes", "test")
    yield connection
    connection.close()
    server.close()


def rows(connection: Connection) -> list[dict[str, object]]:
    names = ["path", "pdq", "pdq_quality", "md5", "warnings", "error_code"]
    found = connection.run(f'SELECT {", ".join(names)} FROM hashes ORDER BY path COLLATE "C"')
    table = [dict(zip(names, row, strict=True)) for row in found]
    for row in table:
        bits = row["pdq"]
        row["pdq"] = None if bits is None else int(bits, 2).to_bytes(32, "big")
    return table


def test_hashes_a_folder_once(
    connection: Connection, files: Path, expected: list[dict[str, object]]
) -> None:
    hash_folder(connection, str(files))
    assert rows(connection) == expected
    hash_folder(connection, str(files))
    load(connection, pa.Table.from_pylist(expected))
    assert rows(connection) == expected
    assert sorted(similar(connection)) == sorted(pairs(expected))


def test_the_table_of_words_finds_what_comparing_with_every_row_finds(
    connection: Connection,
) -> None:
    source = random.Random(2)
    hashes = [source.getrandbits(256) for _ in range(2000)]
    queries = []
    for number, distance in enumerate([0, 1, 15, 16, 17, 30, 31, 32, 33] * 4):
        spread = [16 * (bit % 16) + bit // 16 for bit in range(distance)]
        bits = spread if number % 2 else source.sample(range(256), distance)
        queries.append((hashes[number] ^ sum(1 << bit for bit in bits), number, distance))
    table = [
        {
            "path": f"{at:05}",
            "pdq": hash.to_bytes(32, "big"),
            # The last ones are not matched.
            "pdq_quality": 100 if at < 1990 else 49,
            "md5": None,
            "warnings": [],
            "error_code": None,
        }
        for at, hash in enumerate(hashes)
    ]
    load(connection, pa.Table.from_pylist(table))
    ask = "SELECT path, distance FROM {}(CAST(:query AS bit(256)))"
    for query, number, distance in queries:
        bits = f"{query:0256b}"
        found = connection.run(ask.format("similar_to"), query=bits)
        assert found == connection.run(ask.format("similar_to_any"), query=bits)
        assert found == ([[f"{number:05}", distance]] if distance <= 31 else [])
    low = f"{hashes[1995]:0256b}"
    assert connection.run(ask.format("similar_to"), query=low) == []
    connection.run("DELETE FROM hashes WHERE path < '00010'")
    assert connection.run("SELECT count(*) FROM words") == [[16 * 1980]]
    assert connection.run(ask.format("similar_to"), query=f"{hashes[3]:0256b}") == []


def test_a_failed_load_changes_nothing(
    connection: Connection, expected: list[dict[str, object]]
) -> None:
    invalid = [*expected, {**expected[0], "path": None}]
    with pytest.raises(Exception, match="null value"):
        load(connection, pa.Table.from_pylist(invalid))
    assert rows(connection) == []
    load(connection, pa.Table.from_pylist(expected))
    assert rows(connection) == expected
