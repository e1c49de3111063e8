"""Measures true and false matches of all thresholds: the table of docs/algorithms.md.

The images are those of OWNPRINT_CORPUS with a minimum side of 130, scaled down to 512. Flat images,
and images within 8 bits of another by `phash`, are excluded. Each image is edited: JPEG with
quality 40, half the size, 10 % brighter, 1 % removed at each side, and a banner of text. An image
and its edits must match; two images must not. Prints one row per algorithm.

    python conformance/python/thresholds.py --command-line target/debug/ownprint
"""

import argparse
import io
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw, ImageEnhance

from images import pixels_of

SMALLEST, LARGEST = 130, 512
UNLIKE = 8

ALGORITHMS = """
    pdq pdq-512 ahash dhash dhash-vertical phash phash-simple whash whash:db4 colorhash crop-resistant
    img-hash-mean img-hash-mean:dct img-hash-gradient img-hash-gradient:dct img-hash-vertical-gradient
    img-hash-double-gradient img-hash-mean:dog img-hash-gradient:dog blockhash blockhash:16
""".split()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command-line", required=True, help="the `ownprint` program")
    options = parser.parse_args()
    corpus = os.environ.get("OWNPRINT_CORPUS")
    if not corpus:
        sys.exit("OWNPRINT_CORPUS is not set; it must name a folder of images")
    with tempfile.TemporaryDirectory(prefix="ownprint-thresholds-") as folder:
        images = unlike(options, pathlib.Path(folder), list(photographs(pathlib.Path(corpus))))
        hashes = hashes_of(options, pathlib.Path(folder), images)
    print(f"{len(images)} images\n")
    edits = list(EDITS)
    print("| algorithm | threshold | " + " | ".join(edits) + " | farthest | different images within it |")
    print("|---" * (len(edits) + 4) + "|")
    for algorithm in ALGORITHMS:
        threshold = threshold_of(options, algorithm, hashes[algorithm][0]["original"]["hex"])
        print(row(algorithm, *threshold, hashes[algorithm], edits))


def photographs(corpus):
    for path in sorted(corpus.rglob("*")):
        rgb = pixels_of(path) if path.is_file() else None
        if rgb is not None and min(rgb.shape[:2]) >= SMALLEST:
            image = Image.fromarray(rgb)
            image.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
            yield image


def unlike(options, folder, images):
    """Returns the images that are neither flat nor similar to a previous image."""
    kept = []
    hashes = hashes_of(options, folder, [{"original": image} for image in images], ["phash", "pdq"])
    for image, phash, pdq in zip(images, hashes["phash"], hashes["pdq"]):
        if pdq["original"]["quality"] >= 50:
            if all(distance(phash["original"], other) > UNLIKE for _, other in kept):
                kept.append((image, phash["original"]))
    return [{"original": image} | {name: edit(image) for name, edit in EDITS.items()} for image, _ in kept]


def jpeg(image):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=40)
    return Image.open(file).convert("RGB")


def half(image):
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.BICUBIC)


def brighter(image):
    return ImageEnhance.Brightness(image).enhance(1.1)


def cut(image):
    width, height = image.size
    return image.crop((width // 100, height // 100, width - width // 100, height - height // 100))


def banner(image):
    image = image.copy()
    draw = ImageDraw.Draw(image)
    top = image.height - image.height // 12
    draw.rectangle((0, top, image.width, image.height), fill=(0, 0, 0))
    draw.text((8, top + 2), "seen on a page of images", fill=(255, 255, 255))
    return image


EDITS = {"JPEG 40": jpeg, "half size": half, "brighter": brighter, "1 % cut": cut, "banner": banner}


def hashes_of(options, folder, images, algorithms=ALGORITHMS):
    """Returns the records of the command line, by algorithm, image and edit."""
    paths = {}
    for number, forms in enumerate(images):
        for form, image in forms.items():
            path = folder / f"{number} {form}.ppm"
            image.save(path)
            paths[str(path)] = (number, form)
    found = {algorithm: [{} for _ in images] for algorithm in algorithms}
    chosen = ["hash", "--algorithms", ",".join(algorithms), "--format", "jsonl", "--files-from", "-"]
    printed = run(options, *chosen, lines="".join(f"{path}\n" for path in paths))
    for record in map(json.loads, printed.splitlines()):
        number, form = paths[record["path"]]
        for algorithm in algorithms:
            found[algorithm][number][form] = record["hashes"][algorithm]
    return found


def run(options, *arguments, lines=""):
    return subprocess.run([options.command_line, *arguments], input=lines, stdout=subprocess.PIPE, text=True, check=True).stdout


def distance(a, b):
    """Returns the number of bits that differ. For hashes of several regions, it is the distance of
    the nearest regions, which decides a match.
    """
    if isinstance(a["hex"], list):
        return min((bits(x, y) for x in a["hex"] for y in b["hex"]), default=64)
    return bits(a["hex"], b["hex"])


def bits(a, b):
    return (int(a, 16) ^ int(b, 16)).bit_count()


def threshold_of(options, algorithm, hash):
    """Returns the threshold and the bits of an algorithm. An algorithm with parameters is not in
    the list, so its values come from a comparison.
    """
    listed = json.loads(run(options, "algorithms", "--format", "json"))["hashes"]
    entries = [entry for entry in listed if entry["name"] == algorithm]
    entries = entries or [json.loads(run(options, "compare", "--algorithm", algorithm, "--format", "json", hash, hash))]
    return entries[0]["threshold"], entries[0]["bits"]


def row(algorithm, threshold, length, hashes, edits):
    same = {edit: [distance(forms["original"], forms[edit]) for forms in hashes] for edit in edits}
    different = [distance(a["original"], b["original"]) for a, b in itertools.combinations(hashes, 2)]
    within = lambda distances: sum(it <= threshold for it in distances)
    found = " | ".join(f"{within(same[edit])}" for edit in edits)
    farthest = max(max(distances) for distances in same.values())
    return f"| `{algorithm}` | {threshold} of {length} | {found} | {farthest} | {within(different)} of {len(different)} |"


if __name__ == "__main__":
    main()
