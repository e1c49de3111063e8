"""Hashes files in DuckDB, and joins hashes by their distance.

    python with_duckdb.py DATABASE FOLDER

Adds the files of the folder to the table `hashes`, and prints the pairs of similar images. Run the
command again after an interruption: files that have a row are not hashed again.
"""

import sys

import duckdb
import ownprint
import pyarrow as pa

from hashing import files_below, groups, hash_table

# Rows become visible at the end of a transaction.
FILES_PER_TRANSACTION = 1000
RADIUS = ownprint.hash_info("pdq").threshold

TABLE = """
CREATE TABLE IF NOT EXISTS hashes (
    path VARCHAR PRIMARY KEY, pdq BLOB, pdq_quality UTINYINT, md5 BLOB, warnings VARCHAR[],
    error_code VARCHAR
)
"""
RESULT = "STRUCT(pdq BLOB, pdq_quality UTINYINT, md5 BLOB, warnings VARCHAR[], error_code VARCHAR)"
MISSING = """
INSERT INTO hashes SELECT path, UNNEST(fingerprint(path))
FROM (SELECT UNNEST($paths) AS path) WHERE path NOT IN (SELECT path FROM hashes)
"""

# Every pair is compared: for thousands of hashes, not for millions.
ALL_PAIRS = """
SELECT a.path, b.path, bit_count(xor(a.pdq::BIT, b.pdq::BIT)) AS distance
FROM hashes AS a JOIN hashes AS b ON a.path < b.path
WHERE distance <= $radius AND least(a.pdq_quality, b.pdq_quality) >= 50
ORDER BY distance, a.path, b.path
"""

# Sixteen words of 16 bits. If each of them differed by two bits, the distance would be 32. So up to
# a distance of 31, two hashes have a word that differs by one bit or none: a join on equality.
WORDS = """
CREATE OR REPLACE TEMP TABLE words AS
SELECT path, pdq, number, ('0x' || substr(hex(pdq), 4 * number + 1, 4))::INTEGER AS word
FROM hashes, range(16) AS numbers(number)
WHERE pdq IS NOT NULL AND pdq_quality >= 50
"""
SIMILAR = """
WITH probes AS (
    SELECT path, pdq, number, xor(word, bit) AS word
    FROM words, (SELECT 0 AS bit UNION ALL SELECT 1 << n FROM range(16) AS bits(n)) AS bits
),
candidates AS (
    SELECT DISTINCT a.path AS path, b.path AS other, a.pdq AS pdq, b.pdq AS other_pdq
    FROM probes AS a JOIN words AS b USING (number, word) WHERE a.path < b.path
)
SELECT path, other, bit_count(xor(pdq::BIT, other_pdq::BIT)) AS distance
FROM candidates WHERE distance <= 31 ORDER BY distance, path, other
"""


def fingerprint(source: pa.ChunkedArray) -> pa.StructArray:
    """Hash paths, or the contents of files: an Arrow function of DuckDB."""
    kind = "path" if pa.types.is_string(source.type) else "bytes"
    paths = source if kind == "path" else pa.nulls(len(source), pa.string())
    # DuckDB does not run Python in parallel, but this call does.
    hashed = hash_table(pa.table({"path": paths, kind: source}), threads=None).drop(["path"])
    # DuckDB's blobs have no fixed length.
    columns = [_variable(hashed[name].combine_chunks()) for name in hashed.column_names]
    return pa.StructArray.from_arrays(columns, hashed.column_names)


def _variable(column: pa.Array) -> pa.Array:
    return column.cast(pa.binary()) if pa.types.is_fixed_size_binary(column.type) else column


def connect(database: str) -> duckdb.DuckDBPyConnection:
    """Open a database with the table and with the functions."""
    connection = duckdb.connect(database)
    connection.execute(TABLE)
    for name, kind in (("fingerprint", "VARCHAR"), ("fingerprint_bytes", "BLOB")):
        connection.create_function(
            name, fingerprint, [kind], RESULT, type="arrow", null_handling="special"
        )
    return connection


def hash_folder(connection: duckdb.DuckDBPyConnection, folder: str) -> None:
    """Add the files of a folder."""
    for paths in groups(files_below(folder), FILES_PER_TRANSACTION):
        connection.execute(MISSING, {"paths": paths})


def similar(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """Return the pairs of similar images, nearest first."""
    connection.execute(WORDS)
    return connection.execute(SIMILAR).fetchall()


if __name__ == "__main__":
    database, folder = sys.argv[1:]
    with connect(database) as opened:
        hash_folder(opened, folder)
        for path, other, distance in similar(opened):
            print(distance, path, other)
