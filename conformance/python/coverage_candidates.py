"""The candidate variants for `coverage.py`. The steps between amounts match the reach of one hash,
so that together they cover the usual edits.
"""

SHADES = ["white", "black", "grey"]
SIDES = ["left", "right", "top", "bottom"]
CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"]
RATIOS = ["1x1", "4x5", "5x4", "3x4", "4x3", "2x3", "3x2", "9x16", "16x9", "9x19.5"]
SCREENS = ["9x16", "9x18", "9x19.5", "9x21"]


def candidates():
    names = ["mirror", "rotate:90", "rotate:180", "rotate:270", "mirror+rotate:90", "mirror+rotate:180", "mirror+rotate:270", "invert"]
    names += singles()
    names += combined()
    return list(dict.fromkeys(names))


def singles():
    for part in [1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18]:
        yield f"crop:{part:g}"
    for part in [4, 5, 7, 8, 10, 12, 14, 16, 18]:
        yield from (f"crop:{side}:{part}" for side in SIDES)
    for part in [3, 4, 5, 6, 8, 10, 12]:
        yield from (f"crop:{corner}:{part}" for corner in CORNERS)
    yield from (f"crop:{ratio}" for ratio in RATIOS)
    for angle in [1.2, 1.5, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8]:
        yield from (f"rotate:{sign}{angle:g}:cropped" for sign in ["", "-"])
    for angle in [2, 3, 4, 5, 6, 7]:
        yield from (f"rotate:{sign}{angle}:{shade}" for sign in ["", "-"] for shade in SHADES)
    for part in [1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 12]:
        yield from (f"border:{part:g}:{shade}" for shade in SHADES)
    yield from (f"letterbox:{ratio}:{shade}" for ratio in RATIOS for shade in SHADES)
    yield from (f"letterbox:9x{height}:{shade}" for height in [17, 18, 21] for shade in SHADES)
    yield from (f"screenshot:{screen}:{shade}" for screen in SCREENS for shade in SHADES)
    for part in [6, 8, 10, 12, 13, 14, 16, 18, 20, 23]:
        yield from (f"caption:{edge}:{part}:{shade}" for edge in ["top", "bottom"] for shade in SHADES)
    for part in [20, 30, 40]:
        yield from (f"patch:{corner}:{part}:{shade}" for corner in CORNERS for shade in SHADES)


def combined():
    yield from (f"crop:{part}+mirror" for part in [3, 4, 6, 8, 10, 13])
    for part in [4, 7, 10, 13]:
        yield from (f"crop:{part}+border:{border}:{shade}" for border in [4, 8] for shade in ["white", "black"])
        yield from (f"crop:{part}+letterbox:{ratio}:{shade}" for ratio in ["1x1", "4x5", "9x16", "9x18"] for shade in ["white", "black"])
        yield from (f"crop:{part}+rotate:{angle}:cropped" for angle in [3, -3, 6, -6])
        yield from (f"crop:{part}+caption:{edge}:{bar}:{shade}" for edge in ["top", "bottom"] for bar in [9, 16] for shade in ["white", "black"])
    for angle in [2.5, -2.5, 5, -5]:
        yield from (f"rotate:{angle}:cropped+border:{border}:{shade}" for border in [4, 8] for shade in ["white", "black"])
        yield from (f"rotate:{angle}:cropped+letterbox:{ratio}:{shade}" for ratio in ["1x1", "9x16", "9x18"] for shade in ["white", "black"])
        yield from (f"rotate:{angle}:cropped+caption:{edge}:13:{shade}" for edge in ["top", "bottom"] for shade in ["white", "black"])
    for edge in ["top", "bottom"]:
        for first in ["white", "black"]:
            yield from (f"caption:{edge}:{bar}:{first}+letterbox:9x18:{shade}" for bar in [8, 15] for shade in ["white", "black"])
            yield from (f"border:{border}:{shade}+caption:{edge}:14:{first}" for border in [3, 7] for shade in ["white", "black"])
    yield from (f"border:{border}:{first}+letterbox:9x18:{shade}" for border in [4, 8] for first in ["white", "black"] for shade in ["white", "black"])
