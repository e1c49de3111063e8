"""Measures searches of a large index of random PDQ hashes: batches, and single queries.

Command: `python bench/batches.py [HASHES]`. Prints queries per second and percentiles.
"""

import os
import sys
import time

import ownprint

BYTES = 32
MILLION = 1_000_000


def random_hashes(count: int) -> list[str]:
    digits = os.urandom(BYTES * count).hex()
    return [digits[start : start + 2 * BYTES] for start in range(0, len(digits), 2 * BYTES)]


def main() -> None:
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 10 * MILLION
    index = ownprint.Index("pdq")
    for start in range(0, total, MILLION):
        index.extend([(text, "") for text in random_hashes(min(MILLION, total - start))])
    queries = random_hashes(4_000)
    index.query(queries[0])
    for threads in (1, 2):
        start_time = time.perf_counter()
        index.query_many(queries, threads=threads)
        seconds = time.perf_counter() - start_time
        print(f"{total} hashes, {threads} threads: {len(queries) / seconds:.0f} queries/s")
    times = []
    for query in queries[:1_000]:
        start_time = time.perf_counter()
        index.query(query)
        times.append(time.perf_counter() - start_time)
    times.sort()
    print(f"one query: median {times[500] * 1e3:.2f} ms, 99 % below {times[990] * 1e3:.2f} ms")


main()
