"""Loads hashes into PostgreSQL by COPY, and looks up similar ones there.

    python with_postgresql.py SOCKET DATABASE USER FOLDER

SOCKET is the socket of the server, such as /var/run/postgresql/.s.PGSQL.5432. Adds the files of the
folder to the table `hashes`, and prints the pairs of similar images. Run the command again after
an interruption: files that have a row are not hashed again.
"""

import io
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pg8000.native import Connection

from hashing import files_below, groups, hash_table

FILES_PER_TRANSACTION = 1000
SCHEMA = Path(__file__).with_name("postgresql.sql").read_text()
INSERT = """
INSERT INTO hashes (path, pdq, pdq_quality, md5, warnings, error_code)
SELECT * FROM arrived ON CONFLICT DO NOTHING
"""
PAIRS = """
SELECT a.path, b.path, b.distance FROM hashes AS a, similar_to(a.pdq) AS b
WHERE a.pdq_quality >= 50 AND a.path < b.path ORDER BY 3, 1, 2
"""


def connect(socket: str, database: str, user: str) -> Connection:
    """Connect to a server on this machine, and create the tables and functions."""
    connection = Connection(user, unix_sock=socket, database=database)
    connection.run(SCHEMA)
    return connection


def load(connection: Connection, hashes: pa.Table) -> None:
    """Add rows by COPY, in one transaction. Rows whose path exists are not changed."""
    rows = io.BytesIO("".join(_lines(hashes.to_pylist())).encode())
    connection.run("BEGIN")
    try:
        connection.run("COPY arrived FROM STDIN", stream=rows)
        connection.run(INSERT)
        connection.run("TRUNCATE arrived")
        connection.run("COMMIT")
    except BaseException:
        connection.run("ROLLBACK")
        raise


def _lines(rows: Iterable[dict[str, object]]) -> Iterable[str]:
    for row in rows:
        pdq, md5 = row["pdq"], row["md5"]
        values = [
            row["path"],
            None if pdq is None else f"x{pdq.hex()}",
            row["pdq_quality"],
            None if md5 is None else f"\\x{md5.hex()}",
            "{" + ",".join(row["warnings"]) + "}",
            row["error_code"],
        ]
        yield "\t".join(map(_field, values)) + "\n"


def _field(value: object) -> str:
    if value is None:
        return "\\N"
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def hash_folder(connection: Connection, folder: str) -> None:
    """Hash the files of a folder on all processors, and load them."""
    for paths in groups(files_below(folder), FILES_PER_TRANSACTION):
        known = connection.run("SELECT path FROM hashes WHERE path = ANY(:paths)", paths=paths)
        finished = {path for (path,) in known}
        missing = [path for path in paths if path not in finished]
        if missing:
            load(connection, hash_table(pa.table({"path": missing}), threads=None))


def similar(connection: Connection) -> list[tuple[str, str, int]]:
    """Return the pairs of similar images, nearest first."""
    return [tuple(row) for row in connection.run(PAIRS)]


if __name__ == "__main__":
    socket, database, user, folder = sys.argv[1:]
    connection = connect(socket, database, user)
    hash_folder(connection, folder)
    for path, other, distance in similar(connection):
        print(distance, path, other)
