"""Edits of Albumentations, the library of augmentations for training. A name without numbers has
its default parameters. Runs in its own environment (requirements-albumentations.txt); see
`coverage_worker.py`.
"""

import os

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import albumentations
import cv2
import numpy
from PIL import Image

from coverage_worker import serve


def of(kind, **parameters):
    def edit(image, seed):
        transform = albumentations.Compose([kind(p=1.0, **parameters)], seed=seed)
        return Image.fromarray(transform(image=numpy.asarray(image))["image"])

    return edit


def centre(part):
    """Returns an edit that keeps a part of the width and height in the middle."""

    def edit(image, seed):
        width, height = image.size
        return of(
            albumentations.CenterCrop, height=round(height * part), width=round(width * part)
        )(image, seed)

    return edit


def padded(across, down, fill):
    """Returns an edit that adds bars to a ratio."""

    def edit(image, seed):
        width, height = image.size
        return of(
            albumentations.PadIfNeeded,
            min_width=max(width, round(height * across / down)),
            min_height=max(height, round(width * down / across)),
            border_mode=cv2.BORDER_CONSTANT,
            fill=fill,
        )(image, seed)

    return edit


def rotated(kind, low, high, fill):
    return of(kind, limit=(low, high), border_mode=cv2.BORDER_CONSTANT, fill=fill)


A = albumentations
EDITS = {
    "AdvancedBlur": of(A.AdvancedBlur),
    "CLAHE": of(A.CLAHE),
    "ColorJitter": of(A.ColorJitter),
    "Defocus": of(A.Defocus),
    "Downscale": of(A.Downscale),
    "Emboss": of(A.Emboss),
    "Equalize": of(A.Equalize),
    "GaussNoise": of(A.GaussNoise),
    "GlassBlur": of(A.GlassBlur),
    "HueSaturationValue": of(A.HueSaturationValue),
    "ISONoise": of(A.ISONoise),
    "ImageCompression 20 to 40": of(A.ImageCompression, quality_range=(20, 40)),
    "MotionBlur": of(A.MotionBlur),
    "Posterize": of(A.Posterize),
    "RandomBrightnessContrast": of(A.RandomBrightnessContrast),
    "RandomFog": of(A.RandomFog),
    "RandomGamma": of(A.RandomGamma),
    "RandomRain": of(A.RandomRain),
    "RandomShadow": of(A.RandomShadow),
    "RandomSunFlare": of(A.RandomSunFlare),
    "Sharpen": of(A.Sharpen),
    "Solarize": of(A.Solarize),
    "ToGray": of(A.ToGray),
    "ToSepia": of(A.ToSepia),
    "InvertImg": of(A.InvertImg),
    "CoarseDropout": of(A.CoarseDropout),
    "GridDropout": of(A.GridDropout),
    "ElasticTransform": of(A.ElasticTransform),
    "GridDistortion": of(A.GridDistortion),
    "OpticalDistortion": of(A.OpticalDistortion),
    "HorizontalFlip": of(A.HorizontalFlip),
    "VerticalFlip": of(A.VerticalFlip),
    "Transpose": of(A.Transpose),
    "RandomRotate90": of(A.RandomRotate90),
    "CenterCrop 95 %": centre(0.95),
    "CenterCrop 88 %": centre(0.88),
    "CenterCrop 80 %": centre(0.8),
    "CenterCrop 70 %": centre(0.7),
    "RandomCropFromBorders": of(A.RandomCropFromBorders),
    "RandomResizedCrop 0.7 to 0.9": of(A.RandomResizedCrop, size=(480, 640), scale=(0.7, 0.9)),
    "CropAndPad 3 to 7 %": of(A.CropAndPad, percent=(0.03, 0.07), sample_independently=False),
    "CropAndPad 2 to 12 % per side": of(A.CropAndPad, percent=(0.02, 0.12), fill=255),
    "PadIfNeeded 1:1 black": padded(1, 1, 0),
    "PadIfNeeded 9:16 light": padded(9, 16, (238, 240, 242)),
    "PadIfNeeded 4:5 white": padded(4, 5, 255),
    "Rotate 2 to 5 black": rotated(A.Rotate, 2, 5, 0),
    "Rotate -10 to -4 white": rotated(A.Rotate, -10, -4, 255),
    "Rotate 10 to 20 black": rotated(A.Rotate, 10, 20, 0),
    "SafeRotate -6 to 6 white": rotated(A.SafeRotate, -6, 6, 255),
    "Affine": of(A.Affine, scale=(0.85, 1.1), translate_percent=(-0.06, 0.06), rotate=(-5, 5)),
    "ShiftScaleRotate": of(A.ShiftScaleRotate),
    "Perspective": of(A.Perspective),
    "Perspective 2 to 4 %": of(A.Perspective, scale=(0.02, 0.04), keep_size=False),
}

if __name__ == "__main__":
    serve(EDITS)
