"""Drop-in modules: the functions of other packages with the same names, types and bits.

`ownprint.compat.pdqhash` replaces PyPI `pdqhash`, `ownprint.compat.imagehash` replaces PyPI
`ImageHash`. They need numpy, and the second one Pillow.
"""
