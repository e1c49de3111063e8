"""The edits that `coverage.py` tests: what people do to images before they post them again. Uses
only Pillow.

The edits share no code and no parameters with the variants of the library: borders have other
widths, crops other amounts, rotations other angles. Every result is scaled down like on a service
and saved as a JPEG file.
"""

import io
import math
import random
import sys

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from coverage_worker import serve

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
INK = {WHITE: (20, 20, 20), BLACK: (240, 240, 240)}


def saved(image, quality, longest=None):
    """Scales the image down, and returns the bytes of a JPEG."""
    if longest and max(image.size) > longest:
        scale = longest / max(image.size)
        image = image.resize(
            (round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC
        )
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def reopened(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return Image.open(file).convert("RGB")


def scaled(image, across, down=None):
    down = across if down is None else down
    return image.resize(
        (round(image.width * across), round(image.height * down)), Image.Resampling.BICUBIC
    )


def cropped(image, left, top, right, bottom):
    """Removes these fractions of the width and height."""
    width, height = image.size
    return image.crop(
        (
            round(width * left),
            round(height * top),
            round(width * (1 - right)),
            round(height * (1 - bottom)),
        )
    )


def bordered(image, part, colour):
    """Adds a border whose width is a fraction of the longer side."""
    return ImageOps.expand(image, round(max(image.size) * part), colour)


def on_canvas(image, across, down, colour):
    """Places the image in the centre of a canvas with this aspect ratio."""
    width, height = image.size
    canvas = Image.new(
        "RGB",
        (max(width, round(height * across / down)), max(height, round(width * down / across))),
        colour,
    )
    canvas.paste(image, ((canvas.width - width) // 2, (canvas.height - height) // 2))
    return canvas


def straightened(image, degrees):
    """Rotates and crops so that no empty corner remains, like the slider in a gallery app."""
    width, height = image.size
    turned = image.rotate(-degrees, Image.Resampling.BICUBIC)
    angle = math.radians(abs(degrees))
    scale = min(
        width / (width * math.cos(angle) + height * math.sin(angle)),
        height / (width * math.sin(angle) + height * math.cos(angle)),
    )
    part = (1 - scale) / 2
    return cropped(turned, part, part, part, part)


def tilted(image, degrees, colour):
    """Rotates on a background colour that is visible at the corners."""
    return image.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=colour)


def font(size):
    return ImageFont.load_default(size=max(8, round(size)))


def captioned(image, part, colour, on_top, text="when you see it again"):
    """Adds a bar with a line of text above or below."""
    bar = round(image.height * part)
    canvas = Image.new("RGB", (image.width, image.height + bar), colour)
    canvas.paste(image, (0, bar if on_top else 0))
    middle = bar / 2 if on_top else image.height + bar / 2
    size = min(bar * 0.5, image.width / 12)
    ImageDraw.Draw(canvas).text(
        (image.width / 2, middle), text, INK[colour], font(size), anchor="mm"
    )
    return canvas


def screenshot(image, across, down, colour):
    """Paints the screen of a phone: a clock, a title, the image, and a row of buttons."""
    width = image.width
    height = max(round(width * down / across), round(image.height * 1.25))
    screen = Image.new("RGB", (width, height), colour)
    draw, ink = ImageDraw.Draw(screen), INK[colour]
    line = width / 26
    draw.text((line, height * 0.014), "9:41", ink, font(line))
    draw.rectangle(
        (width - 3 * line, height * 0.018, width - line, height * 0.018 + line * 0.7), outline=ink
    )
    draw.ellipse((line, height * 0.05, line * 3, height * 0.05 + line * 2), fill=(140, 140, 150))
    draw.text((line * 3.8, height * 0.058), "somebody_else", ink, font(line))
    screen.paste(image, (0, (height - image.height) // 2))
    for place in range(4):
        x = width * (place + 0.5) / 4
        draw.ellipse(
            (x - line * 0.7, height * 0.95, x + line * 0.7, height * 0.95 + line * 1.4),
            outline=ink,
            width=3,
        )
    return screen


def logo(image, part, x, y, colour=(220, 40, 60)):
    """Adds a disc with letters at a position; its size is a fraction of the width."""
    image = image.copy()
    size = image.width * part
    left, top = (image.width - size) * x, (image.height - size) * y
    draw = ImageDraw.Draw(image)
    draw.ellipse((left, top, left + size, top + size), fill=colour)
    draw.text((left + size / 2, top + size / 2), "TV", WHITE, font(size * 0.45), anchor="mm")
    return image


def watermarked(image):
    mark = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(mark)
    for row in range(5):
        draw.text(
            (image.width * 0.08 * row, image.height * (0.1 + 0.2 * row)),
            "stock-images.example",
            90,
            font(image.width / 14),
        )
    return Image.composite(Image.new("RGB", image.size, WHITE), image, mark)


def written(image):
    image = image.copy()
    draw = ImageDraw.Draw(image)
    place = (image.width / 2, image.height * 0.8)
    draw.text(
        place,
        "look at this one",
        WHITE,
        font(image.width / 14),
        anchor="mm",
        stroke_width=3,
        stroke_fill=BLACK,
    )
    return image


def rounded(image):
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *image.size), min(image.size) * 0.08, fill=255)
    return Image.composite(image, Image.new("RGB", image.size, WHITE), mask)


def vignetted(image):
    shade = ImageOps.invert(Image.radial_gradient("L").resize(image.size))
    return ImageChops.multiply(
        image, Image.merge("RGB", [shade.point(lambda value: 70 + value * 185 // 255)] * 3)
    )


def noisy(image):
    noise = Image.effect_noise(image.size, 28)
    return ImageChops.add(image, Image.merge("RGB", [noise] * 3), 1, -128)


def sepia(image):
    return ImageOps.colorize(image.convert("L"), (24, 12, 4), (255, 238, 206))


def warm(image):
    red, green, blue = image.split()
    return Image.merge(
        "RGB",
        (
            red.point(lambda value: min(255, value * 1.12)),
            green,
            blue.point(lambda value: value * 0.86),
        ),
    )


def gamma(image):
    return image.point([round(255 * (value / 255) ** 0.7) for value in range(256)] * 3)


# Edits that a single hash is designed to survive, and edits that move the content of the image.
FIXED = {
    "JPEG of quality 90": lambda it: reopened(it, "JPEG", quality=90),
    "JPEG of quality 60": lambda it: reopened(it, "JPEG", quality=60),
    "JPEG of quality 30": lambda it: reopened(it, "JPEG", quality=30),
    "JPEG of quality 15": lambda it: reopened(it, "JPEG", quality=15),
    "WebP of quality 40": lambda it: reopened(it, "WEBP", quality=40),
    "half the size": lambda it: scaled(it, 0.5),
    "a quarter of the size": lambda it: scaled(it, 0.25),
    "one and a half times the size": lambda it: scaled(it, 1.5),
    "a tenth narrower": lambda it: scaled(it, 0.9, 1.0),
    "brighter": lambda it: ImageEnhance.Brightness(it).enhance(1.25),
    "darker": lambda it: ImageEnhance.Brightness(it).enhance(0.75),
    "more contrast": lambda it: ImageEnhance.Contrast(it).enhance(1.3),
    "less contrast": lambda it: ImageEnhance.Contrast(it).enhance(0.7),
    "gamma": gamma,
    "more colour": lambda it: ImageEnhance.Color(it).enhance(1.6),
    "grey": lambda it: it.convert("L").convert("RGB"),
    "sepia": sepia,
    "warmer": warm,
    "blur": lambda it: it.filter(ImageFilter.GaussianBlur(1.5)),
    "more blur": lambda it: it.filter(ImageFilter.GaussianBlur(3)),
    "sharpened": lambda it: it.filter(ImageFilter.UnsharpMask(3, 150)),
    "noise": noisy,
    "median of 5": lambda it: it.filter(ImageFilter.MedianFilter(5)),
    "vignette": vignetted,
    "histogram equalised": ImageOps.equalize,
    "a line of text": written,
    "watermark all over": watermarked,
    "logo of a tenth": lambda it: logo(it, 0.1, 0.96, 0.95),
    "logo of a fifth": lambda it: logo(it, 0.2, 0.05, 0.96),
    "sticker of a quarter": lambda it: logo(it, 0.25, 0.5, 0.4, (250, 200, 40)),
    "rounded corners": rounded,
    "crop of 0.8 %": lambda it: cropped(it, *[0.008] * 4),
    "frame of 0.7 %": lambda it: bordered(it, 0.007, WHITE),
    "rotated by half a degree": lambda it: straightened(it, 0.5),
    "mirrored": ImageOps.mirror,
    "rotated by 90 degrees": lambda it: it.transpose(Image.Transpose.ROTATE_270),
    "rotated by 180 degrees": lambda it: it.transpose(Image.Transpose.ROTATE_180),
    "rotated by 270 degrees": lambda it: it.transpose(Image.Transpose.ROTATE_90),
    "inverted": ImageOps.invert,
    "crop of 2.2 %": lambda it: cropped(it, *[0.022] * 4),
    "crop of 3.3 %": lambda it: cropped(it, *[0.033] * 4),
    "crop of 5.4 %": lambda it: cropped(it, *[0.054] * 4),
    "crop of 7.3 %": lambda it: cropped(it, *[0.073] * 4),
    "crop of 10.3 %": lambda it: cropped(it, *[0.103] * 4),
    "5.5 % off the left": lambda it: cropped(it, 0.055, 0, 0, 0),
    "8.5 % off the top": lambda it: cropped(it, 0, 0.085, 0, 0),
    "5.2 % off a corner": lambda it: cropped(it, 0, 0, 0.052, 0.052),
    "white border of 3.6 %": lambda it: bordered(it, 0.036, WHITE),
    "black border of 2.6 %": lambda it: bordered(it, 0.026, BLACK),
    "white square around it": lambda it: on_canvas(it, 1, 1, (250, 250, 250)),
    "black bars for a story": lambda it: on_canvas(it, 9, 16, (4, 4, 6)),
    "white bars for a post": lambda it: on_canvas(it, 4, 5, (252, 252, 252)),
    "screenshot": lambda it: screenshot(it, 1080, 2280, BLACK),
    "straightened by 2.2 degrees": lambda it: straightened(it, 2.2),
    "straightened by -4.6 degrees": lambda it: straightened(it, -4.6),
    "caption of 13 % above": lambda it: captioned(it, 0.13, WHITE, True),
}


def random_crop(image, dice):
    if dice.random() < 0.5:
        return cropped(image, *[dice.uniform(0, 0.2)] * 4)
    return cropped(image, *[dice.uniform(0, 0.2) for _ in range(4)])


def random_turn(image, dice):
    degrees = dice.uniform(-8, 8)
    if dice.random() < 0.7:
        return straightened(image, degrees)
    return tilted(image, degrees, dice.choice([WHITE, BLACK]))


def random_border(image, dice):
    if dice.random() < 0.5:
        return bordered(image, dice.uniform(0.005, 0.1), dice.choice([WHITE, BLACK]))
    ratio = dice.choice([(1, 1), (4, 5), (9, 16), (16, 9)])
    return on_canvas(image, *ratio, dice.choice([WHITE, BLACK]))


def random_caption(image, dice):
    shade, on_top = dice.choice([WHITE, BLACK]), dice.random() < 0.5
    return captioned(image, dice.uniform(0.05, 0.25), shade, on_top)


def random_screenshot(image, dice):
    return screenshot(image, 9, dice.uniform(16, 21), dice.choice([WHITE, BLACK]))


def random_logo(image, dice):
    colour = tuple(dice.randrange(256) for _ in range(3))
    return logo(image, dice.uniform(0.08, 0.35), dice.random(), dice.random(), colour)


# In the order in which they are applied.
RANDOM = [random_crop, random_turn, random_logo, random_border, random_caption, random_screenshot]


def composite(image, seed):
    """Applies two or three random edits, a size and a quality, which depend on the seed only."""
    dice = random.Random(seed)
    chosen = dice.sample(RANDOM, dice.randint(2, 3))
    for edit in RANDOM:
        if edit in chosen:
            image = edit(image, dice)
    return saved(image, dice.randint(50, 95), dice.randint(480, 1280))


# One edit of a random kind and strength, for the selection. Half of the strengths are round
# numbers, because people and programs prefer them. None of the three lists of edits is used here.

RATIOS = [(1, 1), (4, 5), (5, 4), (3, 4), (4, 3), (9, 16), (16, 9), (9, 19.5), (2, 3), (3, 2)]
MIRRORS = [
    "FLIP_LEFT_RIGHT",
    "FLIP_LEFT_RIGHT",
    "FLIP_TOP_BOTTOM",
    "ROTATE_90",
    "ROTATE_180",
    "ROTATE_270",
]


def strength(dice, low, high, *round_numbers):
    """Returns a fraction; the parameters are per cent."""
    return (dice.choice(round_numbers) if dice.random() < 0.5 else dice.uniform(low, high)) / 100


def degrees(dice):
    angle = dice.choice([1, 2, 3, 5, 8, 10, 15]) if dice.random() < 0.5 else dice.uniform(1, 15)
    return angle * dice.choice([-1, 1])


def mirrored(image, dice):
    return image.transpose(getattr(Image.Transpose, dice.choice(MIRRORS)))


def every_side(image, dice):
    return cropped(image, *[strength(dice, 1, 25, 2, 3, 5, 8, 10, 12, 15, 20, 25)] * 4)


def uneven(image, dice):
    return cropped(image, *[dice.uniform(0, 0.12) for _ in range(4)])


def shade(dice):
    return dice.choice([WHITE, BLACK, WHITE, BLACK, (240, 240, 238), (30, 30, 34), (128, 128, 128)])


def one_side(image, dice):
    parts = [0.0] * 4
    parts[dice.randrange(4)] = strength(dice, 2, 22, 5, 10, 15, 20)
    return cropped(image, *parts)


def one_corner(image, dice):
    parts = [strength(dice, 2, 15, 5, 10)] * 4
    parts[dice.choice([0, 2])] = parts[dice.choice([1, 3])] = 0.0
    return cropped(image, *parts)


def to_ratio(image, dice):
    across, down = dice.choice(RATIOS)
    width, height = image.size
    return ImageOps.fit(
        image,
        (round(min(width, height * across / down)), round(min(height, width * down / across))),
    )


def turned(image, dice):
    """Rotates as gallery apps do, as editors do, or onto a larger canvas."""
    kind = dice.choice(["straightened", "tilted", "tilted", "whole"])
    if kind == "straightened":
        return straightened(image, degrees(dice))
    if kind == "tilted":
        return tilted(image, degrees(dice), shade(dice))
    return image.rotate(degrees(dice), Image.Resampling.BICUBIC, True, fillcolor=shade(dice))


def one_caption(image, dice):
    part = strength(dice, 5, 40, 8, 10, 12, 15, 20, 25, 30)
    return captioned(image, part, dice.choice([WHITE, BLACK]), dice.random() < 0.6)


def between_captions(image, dice):
    colour = dice.choice([WHITE, BLACK])
    image = captioned(image, dice.uniform(0.06, 0.2), colour, True)
    return captioned(image, dice.uniform(0.06, 0.2), colour, False)


def in_chat(image, dice):
    """Paints the image as a message in a chat on the screen of a phone."""
    colour = shade(dice)
    width = round(image.width / dice.uniform(0.65, 0.95))
    height = max(round(width * dice.uniform(1.6, 2.2)), round(image.height * 1.2))
    screen = Image.new("RGB", (width, height), colour)
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, width, height * 0.08), fill=(100, 110, 120))
    draw.text((width * 0.1, height * 0.03), "Somebody", WHITE, font(height * 0.025))
    left = round((width - image.width) * dice.choice([0.1, 0.5, 0.9]))
    screen.paste(image, (left, round((height - image.height) * dice.uniform(0.2, 0.8))))
    return screen


def in_post(image, dice):
    """Paints the image as a post on a page: a name above, buttons and text below."""
    colour = dice.choice([WHITE, BLACK, (24, 24, 28)])
    margin = round(image.width * dice.choice([0, 0, 0.03, 0.06]))
    above, below = (round(image.width * dice.uniform(0.08, 0.25)) for _ in range(2))
    page = Image.new("RGB", (image.width + 2 * margin, image.height + above + below), colour)
    page.paste(image, (margin, above))
    draw, ink = ImageDraw.Draw(page), INK.get(colour, WHITE)
    size = image.width / 24
    draw.ellipse((size, above / 2 - size, size * 3, above / 2 + size), fill=(140, 140, 150))
    draw.text((size * 4, above / 2), "somebody_else", ink, font(size), anchor="lm")
    draw.text((size, image.height + above + below / 2), "128 likes", ink, font(size), anchor="lm")
    return page


SINGLES = [
    (5, mirrored),
    (5, every_side),
    (2, one_side),
    (1, one_corner),
    (1, uneven),
    (1, to_ratio),
    (6, turned),
    (3, lambda it, dice: bordered(it, strength(dice, 0.5, 15, 2, 3, 5, 8, 10), shade(dice))),
    (4, lambda it, dice: on_canvas(it, *dice.choice(RATIOS), shade(dice))),
    (3, one_caption),
    (1, between_captions),
    (1.5, random_screenshot),
    (0.7, in_chat),
    (1.5, in_post),
    (0.5, random_logo),
    (0.5, lambda it, dice: ImageOps.invert(it)),
]


def single(image, seed):
    dice = random.Random(seed)
    weights, edits = zip(*SINGLES)
    return dice.choices(edits, weights)[0](image, dice)


COMPOSITES, SINGLE_COPIES = 24, 72
"""The number of random copies of each image."""

KINDS = {
    "fixed": {name: lambda image, seed, edit=edit: edit(image) for name, edit in FIXED.items()},
    "composite": {f"composite {index}": composite for index in range(COMPOSITES)},
    "single": {f"single {index}": single for index in range(SINGLE_COPIES)},
}

if __name__ == "__main__":
    serve(KINDS[sys.argv[1]])
