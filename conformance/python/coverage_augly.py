"""Edits of AugLy, the library of augmentations for image copy detection: the names and the default
parameters are its own, where a name has no number. Runs in its own environment
(requirements-augly.txt); see `coverage_worker.py`.
"""

import os

import augly.image as augly
from augly.utils import SCREENSHOT_TEMPLATES_DIR
import numpy
from PIL import Image

from coverage_worker import serve

MOBILE = os.path.join(SCREENSHOT_TEMPLATES_DIR, "mobile.png")
WHITE, GREY = (255, 255, 255), (90, 90, 100)


def background(image, seed):
    """Paints a smooth background of random colours."""
    colours = numpy.random.default_rng(seed).integers(0, 256, (4, 4, 3)).astype(numpy.uint8)
    return Image.fromarray(colours).resize(image.size, Image.BICUBIC)


def overlay(size, x, y):
    def edit(image, seed):
        return augly.overlay_onto_background_image(
            image, background(image, seed), overlay_size=size, x_pos=x, y_pos=y
        )

    return edit


def plain(function, **parameters):
    return lambda image, seed: function(image, **parameters)


def seeded(function, **parameters):
    return lambda image, seed: function(image, seed=seed, **parameters)


def cropped(left, top, right, bottom):
    return plain(augly.crop, x1=left, y1=top, x2=1 - right, y2=1 - bottom)


EDITS = {
    "edge enhance": plain(augly.apply_pil_filter),
    "blur": plain(augly.blur),
    "brightness 1.5": plain(augly.brightness, factor=1.5),
    "brightness 0.6": plain(augly.brightness, factor=0.6),
    "aspect ratio 1": plain(augly.change_aspect_ratio),
    "color jitter": plain(
        augly.color_jitter, brightness_factor=1.2, contrast_factor=1.3, saturation_factor=1.4
    ),
    "contrast 1.6": plain(augly.contrast, factor=1.6),
    "encoding quality 50": plain(augly.encoding_quality),
    "encoding quality 20": plain(augly.encoding_quality, quality=20),
    "grayscale": plain(augly.grayscale),
    "pixelization 0.3": plain(augly.pixelization, ratio=0.3),
    "random noise": seeded(augly.random_noise),
    "saturation 2": plain(augly.saturation, factor=2.0),
    "scale 0.5": plain(augly.scale),
    "sharpen 3": plain(augly.sharpen, factor=3.0),
    "shuffle pixels 0.1": seeded(augly.shuffle_pixels, factor=0.1),
    "overlay text": plain(augly.overlay_text),
    "overlay text 0.07": plain(augly.overlay_text, font_size=0.07, x_pos=0.1, y_pos=0.85),
    "overlay emoji": plain(augly.overlay_emoji),
    "overlay emoji 0.3": plain(augly.overlay_emoji, emoji_size=0.3, x_pos=0.65, y_pos=0.05),
    "overlay stripes": plain(augly.overlay_stripes),
    "overlay stripes 0.1": plain(
        augly.overlay_stripes, line_width=0.1, line_angle=30, line_opacity=0.6
    ),
    "hflip": plain(augly.hflip),
    "vflip": plain(augly.vflip),
    "crop": plain(augly.crop),
    "crop 8 % a side": cropped(0.08, 0.08, 0.08, 0.08),
    "crop 4 % a side": cropped(0.04, 0.04, 0.04, 0.04),
    "crop 14 % a side": cropped(0.14, 0.14, 0.14, 0.14),
    "crop 10 % left": cropped(0.1, 0, 0, 0),
    "crop 12 % bottom": cropped(0, 0, 0, 0.12),
    "crop 3, 6, 9, 2 %": cropped(0.03, 0.06, 0.09, 0.02),
    "rotate 15": plain(augly.rotate),
    "rotate 5": plain(augly.rotate, degrees=5.0),
    "rotate -9": plain(augly.rotate, degrees=-9.0),
    "rotate 90": plain(augly.rotate, degrees=90.0),
    "pad": plain(augly.pad),
    "pad 0.06": plain(augly.pad, w_factor=0.06, h_factor=0.06),
    "pad 0.1 white, top and bottom": plain(augly.pad, w_factor=0.0, h_factor=0.1, color=WHITE),
    "pad square": plain(augly.pad_square),
    "pad square white": plain(augly.pad_square, color=WHITE),
    "meme format": plain(augly.meme_format),
    "meme format 90": plain(augly.meme_format, caption_height=90, text="when you see it"),
    "meme format 50 dark": plain(
        augly.meme_format, caption_height=50, text="me", text_color=WHITE, meme_bg_color=(0, 0, 0)
    ),
    "onto background 0.8": overlay(0.8, 0.1, 0.1),
    "onto background 0.9": overlay(0.9, 0.02, 0.08),
    "screenshot web": plain(augly.overlay_onto_screenshot),
    "screenshot mobile": plain(augly.overlay_onto_screenshot, template_filepath=MOBILE),
    "perspective transform": seeded(augly.perspective_transform),
    "perspective transform 15": seeded(augly.perspective_transform, sigma=15.0),
    "skew": plain(augly.skew),
    "skew 0.1": plain(augly.skew, skew_factor=0.1),
}

if __name__ == "__main__":
    serve(EDITS)
