package org.ownprint

/**
 * What this build computes and decodes.
 *
 * @property hashes the perceptual hashes, with their default parameters
 * @property digests the digests
 * @property formats the file formats that are recognized
 */
public data class Capabilities(
    val hashes: List<HashInfo>,
    val digests: List<DigestInfo>,
    val formats: List<FormatInfo>,
)

/**
 * The properties of a perceptual hash algorithm.
 *
 * @property algorithm the algorithm
 * @property bits bits in one hash
 * @property hashes hashes of one image; `null` if the image determines the number
 * @property threshold the largest distance of two hashes that match
 * @property reference the implementation whose hashes these equal bit for bit
 */
public data class HashInfo(
    val algorithm: HashAlgorithm,
    val bits: Int,
    val hashes: Int?,
    val threshold: Int,
    val reference: String,
)

/**
 * The properties of a digest algorithm.
 *
 * @property algorithm the algorithm
 * @property bits bits in one digest
 */
public data class DigestInfo(val algorithm: DigestAlgorithm, val bits: Int)

/**
 * The properties of a file format.
 *
 * @property name the stable name, such as `jpeg`
 * @property decoded whether this build decodes the format
 * @property deterministic which files have the same pixels on every device
 */
public data class FormatInfo(
    val name: String,
    val decoded: Boolean,
    val deterministic: Determinism,
)

/** Which files of a format have the same pixels on every device. */
public enum class Determinism {
    /** All files. */
    ALWAYS,

    /** Files that were compressed without loss. */
    LOSSLESS,
}
