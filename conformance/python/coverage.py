"""Measures what sets of variants find, and selects the sets: the figures of docs/coverage.md.

The images are those of OWNPRINT_CORPUS and of other folders, with a minimum side of 200, scaled
down to 1024. Images that are similar in any rotation or reflection are used once. Without a corpus,
generated images are used. Images whose pixels have an even checksum are used for selection, the
others for measurement. Every image is edited (coverage_edits.py) and hashed with `pdq` like on a
platform. Every candidate variant (coverage_candidates.py) is hashed from the unedited image. A copy
counts as found if a hash of the set is within 31 bits.

    python conformance/python/coverage.py --programs target/debug --plot docs/coverage.svg FOLDER…
"""

import argparse
import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

import coverage_edits as edits
from coverage_candidates import candidates
from images import pixels_of
from coverage_plot import plot

SMALLEST, LARGEST = 200, 1024
UNLIKE = 80
"""Images with a smaller distance, in any rotation or reflection, count as one image."""

THRESHOLD = 31
NEAR = 6
"""`VariantSet::DEFAULT_MIN_DISTANCE`."""

COMPOSITES = 40
"""The number of random composites of each image."""

SHARE = 0.25
"""The weight of the composites in the selection; the fixed edits have the rest."""

FIRST = ["original", "mirror"]
"""The first variants of every set. Mirroring is included because it is so easy to do.
"""

PRESETS = {"compact": 8, "standard": 16, "wide": 32}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="the folder with `ownprint` and `hash-variants`")
    parser.add_argument("--plot", type=pathlib.Path, help="file for a plot of recall against the number of hashes")
    parser.add_argument("--kept", type=pathlib.Path, help="folder in which hashes are cached")
    parser.add_argument("--choose", action="store_true", help="select variants again and print them")
    parser.add_argument("folders", nargs="*", type=pathlib.Path, help="folders of images, in addition to OWNPRINT_CORPUS")
    options = parser.parse_args()
    names = ["original"] + candidates()
    with tempfile.TemporaryDirectory(prefix="ownprint-coverage-") as folder:
        images = photographs(options, pathlib.Path(folder))
        hashed = every_hash(options, pathlib.Path(folder), images, names)
        others = impostors(options, pathlib.Path(folder), images)
    choosing, measuring = (Half(names, [it for it in hashed if it["half"] == half]) for half in (0, 1))
    print(f"{len(images)} images: {len(choosing.images)} for selection, {len(measuring.images)} for measurement;")
    print(f"{len(edits.FIXED)} fixed edits, {COMPOSITES} random composites per image, {len(names)} candidates\n")
    sets = ready_sets(options)
    if options.choose:
        order = greedy(choosing, max(PRESETS.values()))
        print("\n".join(f'    "{it}",' for it in order) + "\n")
        sets = {name: order[:count] for name, count in PRESETS.items()}
        sets["exchanged"] = exchanged(choosing, order)
    order = greedy(choosing, 64)
    report(choosing, measuring, sets | {"by greed": order}, others)
    if options.plot:
        plot(options.plot, curves(measuring, order), PRESETS, {name: score(measuring, it) for name, it in sets.items()})


# Images


def photographs(options, folder):
    """Returns the images, each with its half."""
    found, seen = [], []
    for image in sources(options, folder):
        rgb = image.tobytes()
        path = folder / "image.ppm"
        image.save(path)
        record = hash_files(options, [path], "pdq,pdq-dihedral")[0]["hashes"]
        own, turned = number(record["pdq"]["hex"]), [number(it) for it in record["pdq-dihedral"]["hex"]]
        if record["pdq"]["quality"] < 50 or any((own ^ other).bit_count() < UNLIKE for them in seen for other in them):
            continue
        seen.append([own] + turned)
        name = hashlib.sha256(rgb).hexdigest()
        found.append({"name": name, "image": image, "half": int(name, 16) % 2})
    return found


def sources(options, folder):
    corpus = os.environ.get("OWNPRINT_CORPUS")
    folders = ([pathlib.Path(corpus)] if corpus else []) + options.folders
    paths = [path for it in folders for path in sorted(it.rglob("*")) if path.is_file()]
    if not paths:
        print("OWNPRINT_CORPUS is not set and no folder is given: using generated images", file=sys.stderr)
        generated = folder / "generated"
        generated.mkdir()
        subprocess.run([options.programs / "paint", generated, "ordinary", "0", "60"], check=True)
        paths = sorted(generated.iterdir())
    for path in paths:
        rgb = pixels_of(path)
        if rgb is not None and min(rgb.shape[:2]) >= SMALLEST:
            image = Image.fromarray(rgb)
            image.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
            yield image


# Hashes


def number(hex):
    return int(hex, 16)


def hash_files(options, paths, algorithms="pdq"):
    command = [options.programs / "ownprint", "hash", "--algorithms", algorithms, "--format", "jsonl", "--threads", "1", "--files-from", "-"]
    printed = subprocess.run(command, input="".join(f"{path}\n" for path in paths), stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in printed.stdout.splitlines()]


def every_hash(options, folder, images, names):
    """Returns the hashes of the variants and of the edits for each image."""
    (folder / "names").write_text("".join(f"{name}\n" for name in names))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda it: hashes_of(options, folder, it), images))


def hashes_of(options, folder, image):
    mine = folder / image["name"][:32]
    mine.mkdir()
    image["image"].save(mine / "original.ppm")
    program = [options.programs / "hash-variants", folder / "names"]
    printed = subprocess.run(program, input=f"{mine / 'original.ppm'}\n", stdout=subprocess.PIPE, text=True, check=True).stdout
    copies = kept(options, image, lambda: copies_of(options, mine, image))
    return {"half": image["half"], "variants": json.loads(printed)["hashes"], "copies": copies}


def kept(options, image, compute):
    """Caches hashes in a file, as long as the source of the edits does not change."""
    if not options.kept:
        return compute()
    source = pathlib.Path(edits.__file__).read_text() + str(COMPOSITES)
    options.kept.mkdir(parents=True, exist_ok=True)
    file = options.kept / f"{image['name'][:32]}-{hashlib.sha256(source.encode()).hexdigest()[:16]}.json"
    if not file.exists():
        file.write_text(json.dumps(compute()))
    return json.loads(file.read_text())


def copies_of(options, folder, image):
    """Returns the hashes of the edits of an image, computed from files like on a platform."""
    files = list(edits.fixed(image["image"]))
    for index in range(COMPOSITES):
        files.append(("composite", edits.composite(image["image"], f"{image['name']} {index}")))
    paths = [folder / f"{index}.jpg" for index in range(len(files))]
    for path, (_, bytes) in zip(paths, files):
        path.write_bytes(bytes)
    copies = [it["hashes"]["pdq"] | {"edit": name} for it, (name, _) in zip(hash_files(options, paths), files)]
    for path in paths:
        path.unlink()
    return copies


def impostors(options, folder, images):
    """Returns hashes of images that are not copies of any image, by kind."""
    kinds = {"pages of text": [page(seed) for seed in range(40)]}
    measured = [it["image"] for it in images if it["half"] == 1]
    kinds["blurred"] = [it.filter(ImageFilter.GaussianBlur(max(it.size) / 25)) for it in measured]
    kinds["dark"] = [ImageEnhance.Brightness(it).enhance(0.15) for it in measured]
    kinds["nearly flat"] = [ImageEnhance.Contrast(it).enhance(0.06) for it in measured]
    hashes = {}
    for kind, list_of_images in kinds.items():
        paths = [folder / f"{kind} {index}.png" for index in range(len(list_of_images))]
        for path, image in zip(paths, list_of_images):
            image.save(path, compress_level=1)
        hashes[kind] = [it["hashes"]["pdq"] for it in hash_files(options, paths)]
    return hashes


def page(seed):
    """Paints a page of text."""
    dice = numpy.random.default_rng(seed)
    image = Image.new("RGB", (600, 840), "white")
    draw = ImageDraw.Draw(image)
    top = 50
    while top < 780:
        left = 50
        while left < 500 and dice.random() > 0.04:
            width = int(dice.integers(12, 70))
            draw.text((left, top), "etaoinshrdlu"[: max(2, width // 7)], "black", edits.font(13))
            left += width + 8
        top += 18 if dice.random() > 0.1 else 40
    return image


# Selection and measurement


class Half:
    """One half of the images, with the copies that each variant finds."""

    def __init__(self, names, images):
        self.names, self.images = names, images
        self.places = {name: place for place, name in enumerate(names)}
        self.edits = [copy["edit"] for it in images for copy in it["copies"]]
        self.owners = [index for index, it in enumerate(images) for _ in it["copies"]]
        self.is_random = numpy.array([edit == "composite" for edit in self.edits])
        self.is_sound = numpy.array([[name in it["variants"] for name in names] for it in images])
        self.hashes = [bits([it["variants"].get(name, {"hex": "0" * 64})["hex"] for name in names]) for it in images]
        self.copies = [bits([copy["hex"] for copy in it["copies"]]) for it in images]
        found = [distances(copies, own) <= THRESHOLD for copies, own in zip(self.copies, self.hashes)]
        # One row per copy, one column per variant.
        self.found = numpy.concatenate([rows & sound for rows, sound in zip(found, self.is_sound)])

    def kept(self, chosen):
        """Yields for each image the variants that are not too similar to a previous variant."""
        for index, own in enumerate(self.hashes):
            stay = []
            for name in chosen:
                place = self.places[name]
                if self.is_sound[index, place] and (not stay or distances(own[[place]], own[stay]).min() >= NEAR):
                    stay.append(place)
            yield stay

    def recall(self, chosen):
        """Returns for each copy whether the set finds it."""
        columns = [self.places[name] for name in chosen if name in self.places]
        return self.found[:, columns].any(axis=1)


def bits(hexes):
    return numpy.array([numpy.frombuffer(bytes.fromhex(hex), dtype=numpy.uint64) for hex in hexes])


def distances(some, others):
    return numpy.bitwise_count(some[:, None, :] ^ others[None, :, :]).sum(axis=2)


def score(half, chosen):
    found = half.recall(chosen)
    return found[~half.is_random].mean(), found[half.is_random].mean()


def weights(half):
    """Returns the weight of each copy. `SHARE` divides the weight between composites and fixed
    edits.
    """
    return numpy.where(half.is_random, SHARE / half.is_random.sum(), (1 - SHARE) / (~half.is_random).sum()).astype(numpy.float32)


def greedy(half, count, among=None):
    """Selects variants greedily: after `FIRST`, each finds most of the copies that the previous
    ones miss. `among` restricts the candidates.
    """
    weight, found = weights(half), half.found.astype(numpy.float32)
    if among is not None:
        found[:, [place for name, place in half.places.items() if name not in among]] = 0
    chosen = list(FIRST)
    missing = ~half.found[:, [half.places[name] for name in chosen]].any(axis=1)
    while len(chosen) < count:
        gains = (weight * missing) @ found
        best = int(gains.argmax())
        if gains[best] <= 0:
            break
        chosen.append(half.names[best])
        missing &= ~half.found[:, best]
    return chosen


def exchanged(half, chosen):
    """Improves a set by replacing one variant at a time as long as more copies are found, then
    sorts it greedily again.
    """
    weight, found = weights(half), half.found.astype(numpy.float32)
    chosen, has_changed = list(chosen), True
    while has_changed:
        has_changed = False
        for place in range(len(FIRST), len(chosen)):
            others = [half.places[name] for name in chosen[:place] + chosen[place + 1 :]]
            gains = (weight * ~half.found[:, others].any(axis=1)) @ found
            best = half.names[int(gains.argmax())]
            if gains.max() > gains[half.places[chosen[place]]] + 1e-6 and best not in chosen:
                chosen[place], has_changed = best, True
    return greedy(half, len(chosen), chosen)


def curves(half, order):
    return [score(half, order[: count + 1]) for count in range(len(order))]


def ready_sets(options):
    """Returns the variants in the predefined sets of the library, in the order of the results."""
    listed = json.loads(subprocess.run([options.programs / "hash-variants", "--sets"], stdout=subprocess.PIPE, text=True, check=True).stdout)
    return {name: [it for it in names if it != "trim"] for name, names in listed.items()}


# Results


def report(choosing, measuring, sets, others):
    print("| hashes | fixed edits | random composites | fixed edits and composites of the selection half |\n|---|---|---|---|")
    turns = ["original", "mirror", "rotate:90", "rotate:180", "rotate:270", "mirror+rotate:90", "mirror+rotate:180", "mirror+rotate:270"]
    rows = {"1 (the original)": ["original"], "8 (rotations and mirror images of the original)": turns} | {f"{len(it)} ({name})": it for name, it in sets.items()}
    for name, chosen in (rows | {f"{len(measuring.names)} (all candidates)": measuring.names}).items():
        (fixed, random), (fixed_before, random_before) = score(measuring, chosen), score(choosing, chosen)
        print(f"| {name} | {fixed:.1%} | {random:.1%} | {fixed_before:.1%}, {random_before:.1%} |")
    print("\n| edit | " + " | ".join(rows) + " |\n|---" + "|---" * len(rows) + "|")
    found = {name: measuring.recall(chosen) for name, chosen in rows.items()}
    for edit in [*edits.FIXED, "composite"]:
        here = numpy.array([it == edit for it in measuring.edits])
        print(f"| {edit} | " + " | ".join(f"{rate[here].mean():.0%}" for rate in found.values()) + " |")
    print("\n| hashes | mean number of hashes | other images | comparisons | within 31 | closest |\n|---|---|---|---|---|---|")
    for name, chosen in rows.items():
        for row in false_positives(measuring, chosen, others):
            print(f"| {name} | {row} |")


def false_positives(half, chosen, others):
    """Compares copies of other images, and images that are not copies, with the set of every image.
    """
    kept = list(half.kept(chosen))
    mean = sum(map(len, kept)) / len(kept)
    sets = [own[stay] for own, stay in zip(half.hashes, kept)]
    copies = {"copies of other images": [
        (index, copies) for index, copies in enumerate(half.copies)
    ]} | {kind: [(index if len(hashes) == len(sets) else None, bits([it["hex"]])) for index, it in enumerate(hashes)] for kind, hashes in others.items()}
    for kind, impostors in copies.items():
        least, count, within = 256, 0, 0
        for (owner, hashes), (index, own) in itertools.product(impostors, enumerate(sets)):
            if owner == index:
                continue
            found = distances(hashes, own)
            least, count, within = min(least, int(found.min())), count + found.size, within + int((found <= THRESHOLD).sum())
        yield f"{mean:.1f} | {kind} | {count:,} | {within} | {least}"


if __name__ == "__main__":
    main()
