"""Times PyPI faiss-cpu on the hashes and queries of `time-index make`: one query at a time on one
thread, then all queries on all threads. Arguments: FOLDER KIND RADIUS. Writes the hits to
`found-KIND.txt` and prints `build`, `memory`, `batch` (queries a second) and the microseconds of each
query, in the format of time-index.

KIND is `flat` (IndexBinaryFlat), `multi` (IndexBinaryMultiHash) or `hnsw` (IndexBinaryHNSW). `multi`
has the parameters of python-threatexchange 1.2.17: sixteen slots of sixteen bits, and one flipped bit
per slot for a radius from 16 to 31. `hnsw` has faiss's default parameters, and returns the ten
nearest hashes, because it cannot search by radius: it misses some.
"""

import os
import pathlib
import sys
import time

import faiss
import numpy

BITS = 256
SLOTS = 16
NEIGHBOURS = 10


def main():
    folder, kind, radius = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    faiss.omp_set_num_threads(1)
    hashes, queries = (
        numpy.fromfile(folder / name, dtype=numpy.uint8).reshape(-1, BITS // 8) for name in ("hashes.bin", "queries.bin")
    )
    before = resident()
    start = time.perf_counter()
    if kind == "flat":
        index = faiss.IndexBinaryFlat(BITS)
    elif kind == "hnsw":
        index = faiss.IndexBinaryHNSW(BITS)
    else:
        index = faiss.IndexBinaryMultiHash(BITS, SLOTS, BITS // SLOTS)
        index.nflip = radius // SLOTS
    if kind == "hnsw":
        # Hours otherwise; the time of building is that of all threads.
        faiss.omp_set_num_threads(os.cpu_count())
    index.add(hashes)
    faiss.omp_set_num_threads(1)
    print(f"build {(time.perf_counter() - start) * 1e3:.0f}")
    print(f"memory {(resident() - before) // len(hashes)}")
    found = []
    for number in range(len(queries)):
        start = time.perf_counter()
        distances, entries = search(index, kind, queries[number : number + 1], radius)
        print(f"{(time.perf_counter() - start) * 1e6:.1f}")
        near = ((int(distance), int(entry)) for distance, entry in zip(distances, entries))
        found += [(number, distance, entry) for distance, entry in near if distance <= radius]
    faiss.omp_set_num_threads(os.cpu_count())
    start = time.perf_counter()
    search(index, kind, queries, radius)
    print(f"batch {len(queries) / (time.perf_counter() - start):.0f}")
    lines = [f"{number} {entry} {distance}\n" for number, distance, entry in sorted(found)]
    (folder / f"found-{kind}.txt").write_text("".join(lines))


def search(index, kind, queries, radius):
    """Returns the distances and the entries of all queries."""
    if kind == "hnsw":
        distances, entries = index.search(queries, NEIGHBOURS)
        return distances.ravel(), entries.ravel()
    _, distances, entries = index.range_search(queries, radius + 1)
    return distances, entries


def resident():
    """Returns the resident memory of this process in bytes."""
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096


if __name__ == "__main__":
    main()
