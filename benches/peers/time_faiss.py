"""Times PyPI faiss-cpu on the hashes and queries of `time-index make`, one query at a time on one
thread. Arguments: FOLDER KIND RADIUS. Writes the hits to `found-KIND.txt` and prints `build`,
`memory` and the microseconds of each query, in the format of time-index.

KIND is `flat` (IndexBinaryFlat) or `multi` (IndexBinaryMultiHash). `multi` has the parameters of
python-threatexchange 1.2.17: sixteen slots of sixteen bits, and one flipped bit per slot for a
radius from 16 to 31.
"""

import pathlib
import sys
import time

import faiss
import numpy

BITS = 256
SLOTS = 16


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
    else:
        index = faiss.IndexBinaryMultiHash(BITS, SLOTS, BITS // SLOTS)
        index.nflip = radius // SLOTS
    index.add(hashes)
    print(f"build {(time.perf_counter() - start) * 1e3:.0f}")
    print(f"memory {(resident() - before) // len(hashes)}")
    found = []
    for number in range(len(queries)):
        start = time.perf_counter()
        _, distances, entries = index.range_search(queries[number : number + 1], radius + 1)
        print(f"{(time.perf_counter() - start) * 1e6:.1f}")
        found += [(number, int(distance), int(entry)) for distance, entry in zip(distances, entries)]
    lines = [f"{number} {entry} {distance}\n" for number, distance, entry in sorted(found)]
    (folder / f"found-{kind}.txt").write_text("".join(lines))


def resident():
    """Returns the resident memory of this process in bytes."""
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096


if __name__ == "__main__":
    main()
