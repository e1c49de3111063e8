"""Compares ownprint with PyPI pdqhash on the same RGB pixels.

The images are generated (with seeds that no committed vector has). If OWNPRINT_CORPUS names a
folder, every image there that Pillow decodes is compared too. Every hash and quality must equal
those of pdqhash; no image is excluded.

The C++ and Java sources round luma after every operation. The table also counts hashes that differ
for this reason, computed by the readable oracle, and how many of them an exchange would accept
(sides of 64 or more, quality of 50 or more).

    python conformance/python/differential_pdq.py --programs target/debug [--command-line target/debug/ownprint]
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from images import decoded, painted
from reference_pdq import read_pixmap, reference

FIRST_SEED = 10_000
GENERATED = 600

# The minimum quality that exchanges accept.
RELIABLE = 50

ALGORITHMS = ["pdq", "pdq-512", "pdq-dihedral", "pdq-512-dihedral"]
COMMAND_LINE = ["hash", "--algorithms", ",".join(ALGORITHMS), "--format", "jsonl", "--rgb-md5", "--orientation", "ignore"]


def main():
    options = arguments()
    programs = pathlib.Path(options.programs)
    hashers = {"pixels": [str(programs / "hash-raw")]}
    if options.command_line:
        hashers["command line"] = [options.command_line, *COMMAND_LINE]
    sources = {"generated": lambda folder: painted(programs, folder, "more", FIRST_SEED, options.generated)}
    for corpus in filter(None, [os.environ.get("OWNPRINT_CORPUS"), *options.images]):
        sources[pathlib.Path(corpus).name] = lambda folder, corpus=corpus: decoded(corpus, folder)
    if len(sources) == 1:
        print("OWNPRINT_CORPUS is not set: generated images only")
    elsewhere = [str(programs / "hash-raw"), "--rounded-each-time"]
    tallies = {}
    for source, pixmaps in sources.items():
        with tempfile.TemporaryDirectory(prefix="ownprint-differential-") as folder:
            for batch in pixmaps(folder):
                compare(source, batch, hashers, elsewhere, tallies)
    return report(tallies)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", required=True, help="the folder with `paint` and `hash-raw`")
    parser.add_argument("--command-line", help="the `ownprint` program, which is compared too")
    parser.add_argument("--generated", type=int, default=GENERATED, help="number of generated images")
    parser.add_argument("images", nargs="*", help="additional folders of images")
    return parser.parse_args()


def compare(source, batch, hashers, elsewhere, tallies):
    expected = {str(path): reference(read_pixmap(path)) for _, path in batch}
    names = {str(path): name for name, path in batch}
    others = records([*elsewhere, *expected])
    for hasher, command in hashers.items():
        ours = records([*command, *expected])
        for path, theirs in expected.items():
            for algorithm in ALGORITHMS:
                tally = tallies.setdefault((source, hasher, algorithm), Tally())
                tally.take(names[path], ours[path], theirs, others[path], algorithm)


def records(command):
    """Returns the output of a program, one JSON object per line, by path."""
    lines = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines()
    return {record["path"]: record for record in map(json.loads, lines)}


def differs(ours, theirs, algorithm):
    return "hashes" not in ours or ours["hashes"][algorithm] != {
        key: theirs["hashes"][algorithm][key] for key in ("hex", "quality")
    }


class Tally:
    """The results of one algorithm on one source of images."""

    def __init__(self):
        self.images = self.other_luma = self.exchangeable = 0
        self.failures = []

    def take(self, name, ours, theirs, other, algorithm):
        self.images += 1
        if ours.get("rgb_md5") != theirs["rgb_md5"]:
            self.failures.append(f"{name}: the pixels differ: {ours}")
            return
        reference_hash = theirs["hashes"][algorithm]
        if differs(ours, theirs, algorithm):
            mine = ours["hashes"][algorithm]
            distance = farthest(mine["hex"], reference_hash["hex"])
            qualities = f"quality {mine['quality']}, expected {reference_hash['quality']}"
            self.failures.append(f"{name}, {algorithm}: distance {distance}, {qualities}")
        if differs(other, theirs, algorithm):
            self.other_luma += 1
            is_large = min(theirs["width"], theirs["height"]) >= 64
            self.exchangeable += is_large and reference_hash["quality"] >= RELIABLE


def farthest(a, b):
    pairs = zip(a, b) if isinstance(a, list) else [(a, b)]
    return max((int(left, 16) ^ int(right, 16)).bit_count() for left, right in pairs)


def report(tallies):
    row = "{:14} {:13} {:17} {:>8} {:>8} {:>15} {:>16}"
    print(row.format("source", "entry_point", "algorithm", "images", "failures", "C++ luma", "exchangeable"))
    for (source, hasher, algorithm), tally in tallies.items():
        print(row.format(source, hasher, algorithm, tally.images, len(tally.failures), tally.other_luma, tally.exchangeable))
    failures = [failure for tally in tallies.values() for failure in tally.failures]
    for failure in failures[:20]:
        print(f"FAILED {failure}")
    passed = sum(tally.images for tally in tallies.values()) - len(failures)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
