"""The images of `coverage.py`, their edited copies, and the hashes of both."""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys

from PIL import Image, ImageOps

from images import pixels_of

SMALLEST, LARGEST = 200, 640
UNLIKE = 80
"""Images with a smaller distance, in any rotation or reflection, count as one image."""

RATIOS = [(1, 1), (4, 5), (3, 4), (2, 3), (9, 16), (5, 4), (4, 3), (3, 2), (16, 9)]
"""Square images are cut to a ratio, since collections for research are often cut to squares."""

HERE = pathlib.Path(__file__).parent
MEASURED = ["fixed", "augly", "albumentations", "composite"]
CHOSEN = ["fixed", "augly", "albumentations", "single"]
"""The generators whose copies are used for measurement, and for the selection."""


WIDEST_QUERY = "query-wide"
"""The set of a copy that is looked up."""


def number(hex):
    return int(hex, 16)


class Programs:
    """The programs of the project, and the interpreters of the generators."""

    def __init__(self, options):
        self.folder = options.programs
        self.interpreters = {"augly": options.augly, "albumentations": options.albumentations}

    def hash_files(self, paths, algorithms="pdq", options=()):
        command = [self.folder / "ownprint", "hash", "--algorithms", algorithms, *options]
        command += ["--format", "jsonl", "--threads", "1", "--files-from", "-"]
        return [json.loads(line) for line in self.lines(command, paths)]

    def hash_queries(self, paths):
        """Returns the hash and quality of each file, and the hashes of its variants `query-wide`,
        which begin with those of `query`.
        """
        found = []
        for record in self.hash_files(paths, options=["--variants", WIDEST_QUERY]):
            query = {it["variant"]: it["hex"] for it in record["variants"]["hashes"]}
            found.append(record["hashes"]["pdq"] | {"query": query})
        return found

    @staticmethod
    def lines(command, paths):
        listed = "".join(f"{path}\n" for path in paths)
        options = {"stdout": subprocess.PIPE, "text": True, "check": True}
        return subprocess.run(command, input=listed, **options).stdout.splitlines()

    def hash_variants(self, names, paths):
        """Returns for each path the hash and quality of each variant in the file `names`."""
        command = [self.folder / "hash-variants", names]
        return [json.loads(line)["hashes"] for line in self.lines(command, paths)]

    def cached_variants(self, names, image):
        """Returns `hash_variants` of an image, cached next to it."""
        digest = hashlib.sha256(names.read_bytes()).hexdigest()[:12]
        file = image["path"].with_name(f"{image['name']}-variants-{digest}.json")
        if not file.exists():
            file.write_text(json.dumps(self.hash_variants(names, [image["path"]])[0]))
        return json.loads(file.read_text())

    def sets(self):
        command = [self.folder / "hash-variants", "--sets"]
        return json.loads(
            subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        )

    def generator(self, kind):
        script = HERE / f"coverage_{kind if kind in self.interpreters else 'edits'}.py"
        interpreter = self.interpreters.get(kind, sys.executable)
        return subprocess.Popen(
            [interpreter, script, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )


# Images


def photographs(options, programs, folder):
    """Returns the images, each with its half, its file, and its eight dihedral hashes."""
    found, seen, halves = [], [], [0, 0]
    for image in sources(options, programs, folder):
        name = hashlib.sha256(image.tobytes()).hexdigest()[:32]
        half = int(name, 16) % 2
        if options.most and halves[half] >= options.most:
            continue
        path = folder / f"{name}.png"
        image.save(path, compress_level=1)
        record = programs.hash_files([path], "pdq,pdq-dihedral")[0]["hashes"]
        own, turned = number(record["pdq"]["hex"]), [
            number(it) for it in record["pdq-dihedral"]["hex"]
        ]
        if record["pdq"]["quality"] < 50 or any(
            (own ^ other).bit_count() < UNLIKE for them in seen for other in them
        ):
            continue
        seen.append([own] + turned)
        halves[half] += 1
        found.append({"name": name, "path": path, "half": half})
    return found


def sources(options, programs, folder):
    corpus = os.environ.get("OWNPRINT_CORPUS")
    folders = ([pathlib.Path(corpus)] if corpus else []) + options.folders
    paths = [path for it in folders for path in it.rglob("*") if path.is_file()]
    if not paths:
        print(
            "OWNPRINT_CORPUS is not set and no folder is given: using generated images",
            file=sys.stderr,
        )
        generated = folder / "generated"
        generated.mkdir(exist_ok=True)
        subprocess.run([programs.folder / "paint", generated, "ordinary", "0", "60"], check=True)
        paths = list(generated.iterdir())
    # The order mixes the folders, so that the first images are of every kind.
    for path in sorted(paths, key=lambda it: hashlib.sha256(it.name.encode()).digest()):
        rgb = pixels_of(path)
        if rgb is not None and min(rgb.shape[:2]) >= SMALLEST:
            image = Image.fromarray(rgb)
            image.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
            yield cut(image) if image.width == image.height else image


def cut(image):
    across, down = RATIOS[hashlib.sha256(image.tobytes()).digest()[0] % len(RATIOS)]
    side = image.width
    return ImageOps.fit(
        image, (min(side, round(side * across / down)), min(side, round(side * down / across)))
    )


# Copies


def every_copy(options, programs, folder, images):
    """Adds `copies` to each image: for each generator, the edits and the hashes of the files."""
    waiting, tools = queue.Queue(), {}
    for _ in range(options.threads):
        waiting.put({})

    def work(image):
        children = waiting.get()
        try:
            return {
                kind: copies_of(programs, folder, children, image, kind)
                for kind in (CHOSEN, MEASURED)[image["half"]]
            }
        finally:
            waiting.put(children)

    with concurrent.futures.ThreadPoolExecutor(options.threads) as pool:
        for index, (image, copies) in enumerate(zip(images, pool.map(work, images))):
            image["copies"] = copies
            if index % 10 == 9:
                print(f"{index + 1} of {len(images)} images", file=sys.stderr)
    while not waiting.empty():
        for child in waiting.get().values():
            child.stdin.close()
            child.wait()


def copies_of(programs, folder, children, image, kind):
    """Returns the copies of an image by one generator. Hashes are cached in the folder, as long as
    the source of the edits does not change.
    """
    script = HERE / f"coverage_{kind if kind in programs.interpreters else 'edits'}.py"
    digest = hashlib.sha256(script.read_bytes() + kind.encode()).hexdigest()[:12]
    file = folder / f"{image['name']}-{kind}-{digest}.json"
    if not file.exists():
        if kind not in children:
            children[kind] = programs.generator(kind)
        child = children[kind]
        mine = folder / f"{image['name']}-{kind}"
        mine.mkdir(exist_ok=True)
        request = {"image": str(image["path"]), "folder": str(mine), "name": image["name"]}
        print(json.dumps(request), file=child.stdin, flush=True)
        made = json.loads(child.stdout.readline())
        paths = [path for _, path in made]
        # Sets are selected by the copies' own hashes.
        if image["half"] == 1:
            hashed = programs.hash_queries(paths)
        else:
            hashed = [it["hashes"]["pdq"] for it in programs.hash_files(paths)]
        copies = [it | {"edit": edit} for it, (edit, _) in zip(hashed, made)]
        file.write_text(json.dumps(copies))
        shutil.rmtree(mine)
    return json.loads(file.read_text())
