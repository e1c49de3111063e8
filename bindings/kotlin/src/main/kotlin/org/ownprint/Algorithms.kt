package org.ownprint

import org.ownprint.ffi.digestInfo
import org.ownprint.ffi.hashInfo

/**
 * A perceptual hash algorithm with its parameters.
 *
 * The constants are the algorithms with their default parameters. [parse] returns the others:
 * ```kotlin
 * HashAlgorithm.PDQ
 * HashAlgorithm.parse("phash:16")
 * ```
 *
 * Two algorithms are equal if their names are equal.
 *
 * @property name the stable name, the same in every language, records and the command line: `pdq`,
 *   `phash:16`
 */
public class HashAlgorithm internal constructor(public val name: String) {
    /**
     * The properties of this algorithm.
     *
     * @throws OwnprintException `load-failed`
     */
    @get:Throws(OwnprintException::class)
    public val info: HashInfo
        get() = native { hashInfo(name) }.toPublic()

    override fun equals(other: Any?): Boolean = other is HashAlgorithm && other.name == name

    override fun hashCode(): Int = name.hashCode()

    /** Returns the [name]. */
    override fun toString(): String = name

    public companion object {
        /** PDQ at full resolution, 256 bits: the hash of the exchanges. */
        @JvmField public val PDQ: HashAlgorithm = HashAlgorithm("pdq")

        /** PDQ after scaling to 512x512 pixels. */
        @JvmField public val PDQ_512: HashAlgorithm = HashAlgorithm("pdq-512")

        /** The PDQ hashes of the eight rotations and reflections. */
        @JvmField public val PDQ_DIHEDRAL: HashAlgorithm = HashAlgorithm("pdq-dihedral")

        /** The eight hashes of [PDQ_DIHEDRAL], after scaling to 512x512 pixels. */
        @JvmField public val PDQ_512_DIHEDRAL: HashAlgorithm = HashAlgorithm("pdq-512-dihedral")

        /** ImageHash's `average_hash`. */
        @JvmField public val AHASH: HashAlgorithm = HashAlgorithm("ahash")

        /** ImageHash's `dhash`. */
        @JvmField public val DHASH: HashAlgorithm = HashAlgorithm("dhash")

        /** ImageHash's `dhash_vertical`. */
        @JvmField public val DHASH_VERTICAL: HashAlgorithm = HashAlgorithm("dhash-vertical")

        /** ImageHash's `phash`. */
        @JvmField public val PHASH: HashAlgorithm = HashAlgorithm("phash")

        /** ImageHash's `phash_simple`. */
        @JvmField public val PHASH_SIMPLE: HashAlgorithm = HashAlgorithm("phash-simple")

        /** ImageHash's `whash`. */
        @JvmField public val WHASH: HashAlgorithm = HashAlgorithm("whash")

        /** ImageHash's `colorhash`. */
        @JvmField public val COLORHASH: HashAlgorithm = HashAlgorithm("colorhash")

        /** ImageHash's `crop_resistant_hash`: one hash for each region of the image. */
        @JvmField public val CROP_RESISTANT: HashAlgorithm = HashAlgorithm("crop-resistant")

        /** img_hash's `Mean`. */
        @JvmField public val IMG_HASH_MEAN: HashAlgorithm = HashAlgorithm("img-hash-mean")

        /** img_hash's `Gradient`. */
        @JvmField public val IMG_HASH_GRADIENT: HashAlgorithm = HashAlgorithm("img-hash-gradient")

        /** img_hash's `VertGradient`. */
        @JvmField
        public val IMG_HASH_VERTICAL_GRADIENT: HashAlgorithm =
            HashAlgorithm("img-hash-vertical-gradient")

        /** img_hash's `DoubleGradient`. */
        @JvmField
        public val IMG_HASH_DOUBLE_GRADIENT: HashAlgorithm =
            HashAlgorithm("img-hash-double-gradient")

        /** img_hash's `Blockhash`. */
        @JvmField public val BLOCKHASH: HashAlgorithm = HashAlgorithm("blockhash")

        /**
         * Returns the algorithm with this name. Parameters are accepted in any order; the [name] of
         * the result is the shortest form, so `phash:8` equals [PHASH].
         *
         * @throws OwnprintException `unknown-algorithm`
         */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun parse(name: String): HashAlgorithm =
            HashAlgorithm(native { hashInfo(name) }.name)

        /** Returns every algorithm, with its default parameters. */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun all(): List<HashAlgorithm> = Ownprint.capabilities().hashes.map { it.algorithm }
    }
}

/**
 * A digest algorithm. Two algorithms are equal if their names are equal.
 *
 * @property name the stable name, the same in every language, records and the command line:
 *   `sha256`
 */
public class DigestAlgorithm internal constructor(public val name: String) {
    override fun equals(other: Any?): Boolean = other is DigestAlgorithm && other.name == name

    override fun hashCode(): Int = name.hashCode()

    /** Returns the [name]. */
    override fun toString(): String = name

    public companion object {
        /** MD5. Two different files with the same MD5 can be constructed. */
        @JvmField public val MD5: DigestAlgorithm = DigestAlgorithm("md5")

        /** SHA-1. Two different files with the same SHA-1 can be constructed. */
        @JvmField public val SHA1: DigestAlgorithm = DigestAlgorithm("sha1")

        /** SHA-256. */
        @JvmField public val SHA256: DigestAlgorithm = DigestAlgorithm("sha256")

        /** SHA-512. */
        @JvmField public val SHA512: DigestAlgorithm = DigestAlgorithm("sha512")

        /** BLAKE3. */
        @JvmField public val BLAKE3: DigestAlgorithm = DigestAlgorithm("blake3")

        /**
         * Returns the algorithm with this name.
         *
         * @throws OwnprintException `unknown-algorithm`
         */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun parse(name: String): DigestAlgorithm =
            DigestAlgorithm(native { digestInfo(name) }.name)

        /** Returns every algorithm. */
        @JvmStatic
        @Throws(OwnprintException::class)
        public fun all(): List<DigestAlgorithm> =
            Ownprint.capabilities().digests.map { it.algorithm }
    }
}
