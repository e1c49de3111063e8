package org.ownprint

import java.io.IOException
import java.nio.file.Path
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** One-shot functions with the default options, comparisons, and the capabilities of this build. */
public object Ownprint {
    private val fingerprinter by lazy { Fingerprinter() }

    /**
     * Loads the native library on a thread of [Dispatchers.IO], so that the first call on this
     * thread does not wait for it. Without this call, the first use loads it, on its own thread.
     * Further calls do nothing.
     *
     * @throws OwnprintException `load-failed`
     */
    public suspend fun load(): Unit = withContext(Dispatchers.IO) { loadBlocking() }

    /** [load], on the calling thread. */
    @JvmStatic
    @Throws(OwnprintException::class)
    public fun loadBlocking() {
        fingerprinter
    }

    /**
     * Fingerprints a file with the default options: PDQ, MD5, SHA-256 and BLAKE3.
     *
     * For many files or other options, use a [Fingerprinter].
     *
     * @throws OwnprintException as [Fingerprinter.fingerprint]
     */
    public suspend fun fingerprint(path: Path): Fingerprint {
        load()
        return fingerprinter.fingerprint(path)
    }

    /** [fingerprint], on the calling thread. */
    @JvmStatic
    @Throws(OwnprintException::class, IOException::class)
    public fun fingerprintBlocking(path: Path): Fingerprint =
        fingerprinter.fingerprintBlocking(path)

    /**
     * Compares two hashes of one algorithm.
     *
     * @param a a hash in hexadecimal digits
     * @param b another hash in hexadecimal digits
     * @throws OwnprintException `unknown-algorithm`, `invalid-hash`, `not-comparable`
     */
    @JvmStatic
    @Throws(OwnprintException::class)
    public fun compare(algorithm: HashAlgorithm, a: String, b: String): Comparison =
        native { org.ownprint.ffi.compare(algorithm.name, a, b) }.toPublic()

    /**
     * Compares a PDQ hash with the nearest hash of a set of variants, and names that variant.
     *
     * @param hex a PDQ hash in hexadecimal digits
     * @throws OwnprintException `invalid-hash`, `not-comparable`, `unknown-variant`
     */
    @JvmStatic
    @Throws(OwnprintException::class)
    public fun compare(variants: VariantHashes, hex: String): Comparison =
        native { org.ownprint.ffi.compareVariants(variants.toNative(), hex) }.toPublic()

    /**
     * Compares two videos by the hashes of their frames.
     *
     * @throws OwnprintException `not-comparable`, `invalid-hash`, `invalid-video` for invalid
     *   features
     */
    @JvmStatic
    @JvmOverloads
    @Throws(OwnprintException::class)
    public fun compareVideos(
        query: List<VpdqFeature>,
        compared: List<VpdqFeature>,
        thresholds: VideoThresholds = VideoThresholds(),
    ): VideoComparison =
        native {
                org.ownprint.ffi.compareVideos(
                    query.map { it.toNative() },
                    compared.map { it.toNative() },
                    thresholds.toNative(),
                )
            }
            .toPublic()

    /**
     * Returns the number of bits that differ between two hashes of equal length, in hexadecimal
     * digits. [compare] also applies the threshold of the algorithm.
     *
     * @throws OwnprintException `invalid-hash`, `not-comparable`
     */
    @JvmStatic
    @Throws(OwnprintException::class)
    public fun distance(a: String, b: String): Int =
        native { org.ownprint.ffi.distance(a, b) }.toInt()

    /**
     * Returns what this build computes and decodes.
     *
     * @throws OwnprintException `load-failed`
     */
    @JvmStatic
    @Throws(OwnprintException::class)
    public fun capabilities(): Capabilities = native { org.ownprint.ffi.capabilities() }.toPublic()

    /**
     * Returns the default options, with every default of the core filled in. Passing them to a
     * [Fingerprinter] equals passing `Options()`.
     *
     * @throws OwnprintException `load-failed`
     */
    @JvmStatic
    @Throws(OwnprintException::class)
    public fun defaultOptions(): Options {
        val defaults = native { org.ownprint.ffi.defaultOptions() }
        val digests = DigestAlgorithm.all().map { it.name }
        val (digestNames, hashNames) = defaults.algorithms.orEmpty().partition { it in digests }
        return Options(
            hashes = hashNames.filter { it != VPDQ }.map { HashAlgorithm(it) },
            digests = digestNames.map { DigestAlgorithm(it) },
            orientation = defaults.orientation?.toPublic(),
            limits = defaults.limits?.toPublic(),
            vpdq = VPDQ in hashNames,
        )
    }
}
