#!/usr/bin/env python3
"""Compares an implementation of a perceptual hash with the vectors of this kit.

    python3 kit.py --algorithm pdq -- python3 adapters/pdqhash_python.py pdq

The command reads one path per line from standard input, until its end, and prints one line per path
to standard output: the hash in hexadecimal digits, and optionally a comma and the quality. An empty
line means that the implementation has no hash for the file. README.md has the details.

The exit status is 0 if every line equals the vector, 1 if one differs, and 2 if the command fails
or breaks the protocol.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading

if __package__:
    from . import png
else:
    # Run as a file, without installation.
    import png

HERE = pathlib.Path(__file__).resolve().parent

SAMPLING = "vpdq-sampling"
"""The algorithm whose lines are numbers of frames instead of hashes."""


LINE_BYTES = 4096
"""The maximum mean length of a printed line."""

DIGITS = frozenset("0123456789abcdefABCDEF")


class ProtocolError(Exception):
    """The command did not print what the protocol asks for."""


class PrintFolder(argparse.Action):
    """Prints the folder of the kit, which contains the adapters, and ends the program."""

    def __call__(self, parser, namespace, values, option_string=None):
        print(HERE)
        parser.exit()


def vectors():
    """Returns the parsed file of vectors."""
    with open(HERE / "vectors.json", encoding="utf-8") as file:
        return json.load(file)


def cases(algorithm):
    """Returns the vectors of an algorithm."""
    if algorithm == SAMPLING:
        return vectors()["vpdq_sampling"]
    return [image for image in vectors()["images"] if algorithm in image["hashes"]]


def algorithms():
    """Returns the names of all algorithms."""
    return sorted({name for image in vectors()["images"] for name in image["hashes"]}) + [SAMPLING]


def main():
    """Runs the program and returns its exit status."""
    parser = argparse.ArgumentParser(description="Tests an implementation of a perceptual hash.")
    parser.add_argument("--algorithm", required=True, choices=algorithms(), metavar="NAME")
    parser.add_argument(
        "--input", choices=["png", "ppm"], default="png", help="files that are passed"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--differences", action="store_true", help="also print each line that differs"
    )
    parser.add_argument("--seconds", type=float, default=600, help="time limit of the command")
    parser.add_argument(
        "--folder", action=PrintFolder, nargs=0, help="print the folder of the kit, and exit"
    )
    parser.add_argument("command", nargs="+", help="the implementation, after `--`")
    options = parser.parse_args()
    try:
        report = run(options.algorithm, options.command, options.input, options.seconds)
    except ProtocolError as error:
        print(f"kit: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report, indent=2) if options.json else table(report, options.differences))
    return 0 if report["all"]["exact"] == report["all"]["images"] else 1


def run(algorithm, command, form="png", seconds=600):
    """Runs the command once for all vectors, and returns the report."""
    chosen = cases(algorithm)
    if algorithm == SAMPLING:
        lines = [
            f"{case['frames']} {case['frames_per_second']} {case['seconds_per_hash']}"
            for case in chosen
        ]
        return report_sampling(chosen, answers(command, lines, seconds))
    with tempfile.TemporaryDirectory() as folder:
        lines = [str(prepared(case, form, pathlib.Path(folder))) for case in chosen]
        return report(algorithm, chosen, answers(command, lines, seconds))


def prepared(case, form, folder):
    """Returns the path of an image in the form that the command reads."""
    path = HERE / case["file"]
    if form == "png":
        return path
    pixmap = folder / f"{path.stem}.ppm"
    png.write_pixmap(pixmap, *png.read_rgb(path))
    return pixmap


def answers(command, lines, seconds):
    """Returns the lines that the command prints, one for each line that it reads."""
    text = "".join(f"{line}\n" for line in lines)
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        raise ProtocolError(f"{command[0]} cannot be started: {error}") from error
    late = threading.Event()
    timer = threading.Timer(seconds, lambda: (late.set(), process.kill()))
    timer.start()
    # Another thread writes, because the command may print before it has read everything.
    threading.Thread(target=feed, args=(process.stdin, text.encode()), daemon=True).start()
    try:
        printed = process.stdout.read(len(lines) * LINE_BYTES + 1)
        if len(printed) > len(lines) * LINE_BYTES:
            raise ProtocolError(f"{command[0]} printed more than {LINE_BYTES} bytes for each path")
        status = process.wait()
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
    if late.is_set():
        raise ProtocolError(f"{command[0]} did not end within {seconds:g} seconds")
    if status != 0:
        raise ProtocolError(f"{command[0]} failed with exit status {status}")
    answered = printed.decode("ascii", "replace").splitlines()
    if len(answered) != len(lines):
        raise ProtocolError(f"{len(lines)} lines were passed, and {len(answered)} were printed")
    return [line.strip() for line in answered]


def feed(pipe, text):
    """Writes the lines to the command, which may have ended."""
    try:
        with pipe:
            pipe.write(text)
    except OSError:
        pass


def distance(expected, line):
    """Returns the number of bits that differ, and the printed quality or `None`."""
    digits, comma, quality = line.partition(",")
    if not DIGITS.issuperset(digits) or (comma and not quality.isdecimal()):
        raise ProtocolError(f"`{line}` is neither empty nor a hash in hexadecimal digits")
    if len(digits) != len(expected):
        raise ProtocolError(f"`{line}` has {len(digits)} digits instead of {len(expected)}")
    bits = (int(digits, 16) ^ int(expected, 16)).bit_count()
    return bits, int(quality) if comma else None


def report(algorithm, chosen, printed):
    """Returns counts and distances, of all images and of each class."""
    rows = []
    for case, line in zip(chosen, printed, strict=True):
        vector = case["hashes"][algorithm]
        bits, quality = distance(vector["hex"], line) if line else (None, None)
        rows.append(
            {
                "name": case["name"],
                "class": case["class"],
                "expected": vector["hex"],
                "printed": line,
                "distance": bits,
                "quality_differs": quality is not None
                and quality != vector.get("quality", quality),
            }
        )
    classes = list(dict.fromkeys(row["class"] for row in rows))
    return {
        "algorithm": algorithm,
        "all": counted(rows),
        "classes": {
            name: counted([row for row in rows if row["class"] == name]) for name in classes
        },
        "differences": [row for row in rows if row["distance"] != 0 or row["quality_differs"]],
    }


def report_sampling(chosen, printed):
    """Returns how many lists of frames are equal."""
    rows = []
    for case, line in zip(chosen, printed, strict=True):
        expected = " ".join(map(str, case["taken"]))
        same = " ".join(line.split()) == expected
        rate, seconds = case["frames_per_second"], case["seconds_per_hash"]
        name = f"{case['frames']} frames, {rate:g} per second, every {seconds:g} s"
        rows.append(
            {
                "name": name,
                "class": "sampling",
                "expected": expected,
                "printed": line,
                "distance": 0 if same else 1,
                "quality_differs": False,
            }
        )
    return {
        "algorithm": SAMPLING,
        "all": counted(rows),
        "classes": {},
        "differences": [row for row in rows if row["distance"]],
    }


def counted(rows):
    """Returns the counts and distances of rows."""
    distances = [row["distance"] for row in rows if row["distance"] is not None]
    return {
        "images": len(rows),
        "exact": sum(row["distance"] == 0 and not row["quality_differs"] for row in rows),
        "refused": len(rows) - len(distances),
        "median": statistics.median(distances) if distances else None,
        "maximum": max(distances, default=None),
        "qualities_differ": sum(row["quality_differs"] for row in rows),
    }


def table(report, with_differences):
    """Returns the report as text."""
    lines = [
        f"{report['algorithm']:12} "
        f"{'images':>7} {'exact':>7} {'refused':>8} {'median':>7} {'maximum':>8}"
    ]
    for name, counts in [*report["classes"].items(), ("all", report["all"])]:
        share = f"{100 * counts['exact'] / counts['images']:.0f} %"
        median = "-" if counts["median"] is None else f"{counts['median']:g}"
        maximum = "-" if counts["maximum"] is None else counts["maximum"]
        lines.append(
            f"{name:12} {counts['images']:7} {share:>7} {counts['refused']:8} "
            f"{median:>7} {maximum:>8}"
        )
    if report["all"]["qualities_differ"]:
        lines.append(f"{report['all']['qualities_differ']} qualities differ")
    if with_differences:
        for row in report["differences"]:
            lines += [
                "",
                row["name"],
                f"  expected {row['expected']}",
                f"  printed  {row['printed']}",
            ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
