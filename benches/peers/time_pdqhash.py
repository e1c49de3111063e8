"""Times PyPI pdqhash on decoded pixels. Arguments: WIDTH HEIGHT RUNS. Prints the milliseconds of
each run on a line of its own.
"""

import sys
import time

import numpy
import pdqhash


def main():
    width, height, runs = map(int, sys.argv[1:])
    rgb = numpy.random.RandomState(1).randint(0, 256, (height, width, 3), dtype=numpy.uint8)
    for _ in range(runs):
        start = time.perf_counter()
        pdqhash.compute(rgb)
        print(f"{(time.perf_counter() - start) * 1000:.4f}", flush=True)


if __name__ == "__main__":
    main()
