@file:JvmName("Variants")

package org.ownprint

import org.ownprint.ffi.SkipReason as NativeReason
import org.ownprint.ffi.SkippedVariant as NativeSkippedVariant
import org.ownprint.ffi.VariantHash as NativeVariantHash
import org.ownprint.ffi.VariantHashes as NativeVariants

/**
 * Variants of an image (crops, borders, mirrors) whose PDQ hashes are computed. A list with these
 * hashes also finds edited copies.
 */
public class VariantSet private constructor(internal val names: List<String>) {
    override fun equals(other: Any?): Boolean = other is VariantSet && other.names == names

    override fun hashCode(): Int = names.hashCode()

    /** Returns the names, separated by commas. */
    override fun toString(): String = names.joinToString(",")

    public companion object {
        /** The set of 8 hashes. */
        @JvmField public val COMPACT: VariantSet = VariantSet(listOf("compact"))

        /** The set of 16 hashes. */
        @JvmField public val STANDARD: VariantSet = VariantSet(listOf("standard"))

        /** The set of 32 hashes. */
        @JvmField public val WIDE: VariantSet = VariantSet(listOf("wide"))

        /** The set of an image that is looked up in a list: up to 32 hashes. */
        @JvmField public val QUERY: VariantSet = VariantSet(listOf("query"))

        /**
         * The set of an image that is looked up in a list of images with sets: up to 124 hashes.
         */
        @JvmField public val QUERY_WIDE: VariantSet = VariantSet(listOf("query-wide"))

        /**
         * Returns the set with these variants, such as `mirror` and `crop:4`. An unknown name makes
         * the [Fingerprinter] fail with `unknown-variant`.
         */
        @JvmStatic public fun of(vararg names: String): VariantSet = VariantSet(names.toList())
    }
}

/**
 * The PDQ hashes of an image's variants.
 *
 * @property set the name of the set: `compact`, `standard`, `wide`, `query`, `query-wide`; `null`
 *   for variants that were named one by one
 * @property hashes the hashes: the unchanged image first, then the most useful variants
 * @property skipped the variants of the set that were skipped
 */
public data class VariantHashes(
    val set: String?,
    val hashes: List<VariantHash>,
    val skipped: List<SkippedVariant> = emptyList(),
)

/**
 * The PDQ hash of one variant.
 *
 * @property variant the name of the variant (`mirror`, `crop:4`); `original` for the unchanged
 *   image
 * @property hex the hash in lowercase hexadecimal digits
 * @property quality the quality of the edited image, 0 to 100
 */
public data class VariantHash(val variant: String, val hex: String, val quality: Int)

/**
 * A variant that has no hash in the set.
 *
 * @property variant the name of the variant
 * @property reason why it was skipped
 */
public data class SkippedVariant(val variant: String, val reason: SkipReason)

/** Why a variant was skipped. */
public sealed interface SkipReason {
    /**
     * The quality of the variant or of the unchanged image is too low.
     *
     * @property quality that quality, 0 to 100
     */
    public data class Quality(val quality: Int) : SkipReason

    /**
     * The hash nearly equals that of an earlier variant.
     *
     * @property to the name of that variant
     * @property distance number of bits that differ
     */
    public data class Near(val to: String, val distance: Int) : SkipReason
}

/**
 * Returns the line `pdq HASH` by which ThreatExchange accepts this hash, without a line break;
 * `null` for a quality that exchanges discard.
 *
 * @throws OwnprintException `invalid-hash`, `not-comparable`
 */
@Throws(OwnprintException::class)
public fun VariantHash.threatExchangeLine(): String? =
    PerceptualHash(HashAlgorithm.PDQ, listOf(hex), quality).threatExchangeLine()

internal fun NativeVariants.toPublic() =
    VariantHashes(
        set = set,
        hashes = hashes.map { VariantHash(it.variant, it.hex, it.quality.toInt()) },
        skipped = skipped.map { SkippedVariant(it.variant, it.reason.toPublic()) },
    )

private fun NativeReason.toPublic() =
    when (this) {
        is NativeReason.Quality -> SkipReason.Quality(quality.toInt())
        is NativeReason.Near -> SkipReason.Near(to, distance.toInt())
    }

internal fun VariantHashes.toNative() =
    NativeVariants(
        set = set,
        hashes = hashes.map { NativeVariantHash(it.variant, it.hex, it.quality.toQuality()) },
        skipped = skipped.map { NativeSkippedVariant(it.variant, it.reason.toNative()) },
    )

private fun SkipReason.toNative() =
    when (this) {
        is SkipReason.Quality -> NativeReason.Quality(quality.toQuality())
        is SkipReason.Near -> NativeReason.Near(to, distance.toUInt())
    }
