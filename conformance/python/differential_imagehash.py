"""Compares ownprint with PyPI ImageHash on the same RGB pixels.

ImageHash runs with Pillow 12 and Pillow 13. The images are generated (with seeds that no committed
vector has): ordinary images, and images with many equal values. If OWNPRINT_CORPUS names a folder,
every image there that Pillow decodes is compared too. Every hash must be equal. Only hashes that
ImageHash cannot compute are excluded; the table counts them.

    python conformance/python/differential_imagehash.py --programs target/debug --pillow-13 PYTHON
        [--ordinary 100] [--ties 100] [--only NAMES | --without NAMES] [FOLDER...]
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from images import decoded, painted

ORDINARY = ("ordinary", 20_100)
"""The first seed. The first sixty images include photo-20133-317x10, in which one region has a
height of 0.
"""
TIES = ("ties", 50_000)

ALGORITHMS = """
    ahash ahash:9 dhash dhash:16 dhash-vertical dhash-vertical:13
    phash phash:7 phash:10 phash:16 phash-simple phash-simple:12
    whash whash:16 whash:keep-ll whash:db4 whash:4:db4:keep-ll
    crop-resistant crop-resistant:16
""".split()
COLOURS = ["colorhash", "colorhash:4"]

REFUSED = ("coordinate", "height and width must be > 0")
"""Errors of Pillow for a region with a negative size, and of Pillow 12 for one without columns.
"""


def main():
    options = arguments()
    programs = pathlib.Path(options.programs)
    is_wanted = lambda name: name.split(":")[0] in options.only and name.split(":")[0] not in options.without
    scaling, colours = list(filter(is_wanted, ALGORITHMS)), list(filter(is_wanted, COLOURS))
    entry_points = {
        "Pillow 12": (sys.executable, scaling + colours),
        "Pillow 13": (options.pillow_13, [f"{name}:pillow13" for name in scaling] + colours),
    }
    sources = {
        "ordinary": lambda folder: painted(programs, folder, *ORDINARY, options.ordinary),
        "ties": lambda folder: painted(programs, folder, *TIES, options.ties),
    }
    for corpus in filter(None, [os.environ.get("OWNPRINT_CORPUS"), *options.images]):
        sources[pathlib.Path(corpus).name] = lambda folder, corpus=corpus: decoded(corpus, folder)
    if len(sources) == 2:
        print("OWNPRINT_CORPUS is not set: generated images only")
    tallies = {}
    for source, batches in sources.items():
        with tempfile.TemporaryDirectory(prefix="ownprint-differential-") as folder:
            for batch in batches(folder):
                compare(source, batch, entry_points, programs, tallies)
    return report(tallies)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", required=True, help="the folder with `paint` and `hash-raw`")
    parser.add_argument("--pillow-13", required=True, help="a Python with ImageHash and Pillow 13")
    stems = {name.split(":")[0] for name in ALGORITHMS + COLOURS}
    listed = lambda text: set(text.split(","))
    parser.add_argument("--only", type=listed, default=stems, help="algorithms to compare, in all sizes")
    parser.add_argument("--without", type=listed, default=set(), help="algorithms to exclude")
    parser.add_argument("--ordinary", type=int, default=100, help="number of ordinary generated images")
    parser.add_argument("--ties", type=int, default=100, help="number of generated images with many equal values")
    parser.add_argument("images", nargs="*", help="additional folders of images")
    return parser.parse_args()


def compare(source, batch, entry_points, programs, tallies):
    names = {str(path): name for name, path in batch}
    asked = ",".join(dict.fromkeys(name for _, algorithms in entry_points.values() for name in algorithms))
    script = str(pathlib.Path(__file__).with_name("reference_imagehash.py"))
    # All programs run in parallel.
    ours = records_of([str(programs / "hash-raw"), "--algorithms", asked, *names], "")
    theirs = {
        entry_point: records_of([python, script, ",".join(algorithms)], "".join(f"{path}\n" for path in names))
        for entry_point, (python, algorithms) in entry_points.items()
    }
    ours = ours()
    for entry_point, (_, algorithms) in entry_points.items():
        references = theirs[entry_point]()
        for path, name in names.items():
            for algorithm in algorithms:
                tally = tallies.setdefault((source, entry_point, algorithm), Tally())
                tally.take(name, algorithm, ours[path], references[path])


def records_of(command, lines):
    """Starts a program. Returns a function that waits for it and returns its output by path."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(lines)
    process.stdin.close()

    def records():
        printed = process.stdout.read()
        if process.wait() != 0:
            sys.exit(f"{command[:2]} ended with status {process.returncode}")
        return {record["path"]: record for record in map(json.loads, printed.splitlines())}

    return records


class Tally:
    """The results of one algorithm on one source of images."""

    def __init__(self):
        self.exact = self.refused = 0
        self.failures = []

    def take(self, name, algorithm, ours, reference):
        if ours["rgb_md5"] != reference["rgb_md5"]:
            self.failures.append(f"{name}: the pixels differ")
            return
        theirs = reference["hashes"][algorithm]
        if any(refusal in theirs.get("error", "").lower() for refusal in REFUSED):
            self.refused += 1
            return
        mine = ours["hashes"][algorithm]
        if mine == theirs:
            self.exact += 1
        else:
            self.failures.append(f"{name}, {algorithm}: {mine}, expected {theirs}")


def report(tallies):
    row = "{:12} {:10} {:32} {:>8} {:>8} {:>8}"
    print(row.format("source", "reference", "algorithm", "exact", "refused", "other"))
    for (source, entry_point, algorithm), tally in tallies.items():
        print(row.format(source, entry_point, algorithm, tally.exact, tally.refused, len(tally.failures)))
    failures = [failure for tally in tallies.values() for failure in tally.failures]
    for failure in failures[:20]:
        print(f"FAILED {failure[:300]}")
    passed = sum(tally.exact for tally in tallies.values())
    refused = sum(tally.refused for tally in tallies.values())
    print(f"{passed} equal, {refused} refused by ImageHash, {len(failures)} failed")
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
