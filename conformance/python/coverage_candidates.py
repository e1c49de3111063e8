"""The candidates from which `coverage.py` selects the sets: variants whose parameters are spaced
more closely than one hash reaches.
"""

SIDES = ["left", "right", "top", "bottom"]
CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"]
SHADES = ["black", "grey", "white"]
RATIOS = ["1x1", "4x5", "5x4", "3x4", "4x3", "2x3", "3x2", "9x16", "16x9", "9x19.5"]
SCREENS = ["9x16", "9x18", "9x19.5", "9x21"]
DIHEDRAL = ["mirror", "rotate:180", "rotate:90", "rotate:270"]
DIHEDRAL += [f"mirror+rotate:{angle}" for angle in [180, 90, 270]]


def candidates():
    names = [*DIHEDRAL, "invert", *crops(), *rotations(), *frames(), *screens(), *combined()]
    return list(dict.fromkeys(names))


def steps(first, last, step):
    """Returns numbers as they are written in names."""
    count = round((last - first) / step) + 1
    return [f"{first + step * index:.1f}".removesuffix(".0") for index in range(count)]


def crops():
    for part in steps(1.5, 12, 0.5) + steps(13, 26, 1):
        yield f"crop:{part}"
    for part in steps(3, 8, 1) + steps(9.5, 20, 1.5):
        yield from (f"crop:{side}:{part}" for side in SIDES)
    for part in steps(2, 8, 1) + steps(9.5, 14, 1.5):
        yield from (f"crop:{corner}:{part}" for corner in CORNERS)
    yield from (f"crop:{ratio}" for ratio in RATIOS)


def rotations():
    for angle in steps(1.5, 8, 0.5) + steps(9, 15, 1):
        yield from (f"rotate:{sign}{angle}:cropped" for sign in ["", "-"])
    for angle in steps(1.5, 6, 0.5) + steps(7, 15, 1):
        yield from (f"rotate:{sign}{angle}:{shade}" for sign in ["", "-"] for shade in SHADES)


def frames():
    for part in steps(1.5, 6, 0.5) + steps(7, 13, 1) + steps(15, 25, 2.5):
        # A black or white border dominates the hash of an image of a sky or a sea: two such images
        # of different places were 36 bits apart.
        yield f"border:{part}:grey"
    yield from (f"letterbox:{ratio}:{shade}" for ratio in RATIOS for shade in SHADES)
    for part in steps(4, 16, 1) + steps(18, 30, 2) + steps(33, 45, 3):
        yield from (
            f"caption:{edge}:{part}:{shade}" for edge in ["top", "bottom"] for shade in SHADES
        )
    for part in [20, 30, 40]:
        yield from (f"patch:{corner}:{part}:{shade}" for corner in CORNERS for shade in SHADES)


def screens():
    yield from (f"screenshot:{screen}:{shade}" for screen in SCREENS for shade in SHADES)
    for above in [4, 6, 8, 11, 14, 17, 20, 24]:
        for below in [4, 6, 8, 11, 14, 17, 20]:
            yield from (bars(above, below, shade) for shade in SHADES)
    for margin in [4, 8, 15]:
        for shade in ["white", "black"]:
            yield from (f"border:{margin}:{shade}+letterbox:{ratio}:{shade}" for ratio in SCREENS)
            for above in [6, 14]:
                for below in [6, 14]:
                    yield f"border:{margin}:{shade}+{bars(above, below, shade)}"


def bars(above, below, shade):
    return f"caption:top:{above}:{shade}+caption:bottom:{below}:{shade}"


def combined():
    yield from (f"crop:{part}+mirror" for part in [2.5, 4, 6, 8, 10, 13])
    yield from (
        f"crop:{part}+letterbox:{ratio}:{shade}"
        for part in [4, 8]
        for ratio in ["1x1", "9x16"]
        for shade in ["white", "black"]
    )
    yield from (
        f"crop:{part}+rotate:{angle}:cropped" for part in [4, 8] for angle in [3, -3, 6, -6]
    )
    yield from (
        f"crop:{ratio}+letterbox:9x16:{shade}"
        for ratio in ["1x1", "4x5"]
        for shade in ["white", "black"]
    )
