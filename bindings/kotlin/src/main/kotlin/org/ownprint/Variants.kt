package org.ownprint

import org.ownprint.ffi.SkipReason as NativeReason
import org.ownprint.ffi.SkippedVariant as NativeSkippedVariant
import org.ownprint.ffi.VariantHash as NativeVariantHash
import org.ownprint.ffi.VariantHashes as NativeVariants

/**
 * The hashes of a set of variants of one image: a list that has them finds the copy that was cropped, framed, turned.
 *
 * @property set the name of the set, where it is one that is ready: `compact`, `standard`, `wide`
 * @property hashes the most useful first, and the image's own before all
 * @property skipped the variants of the set that have no hash here, and why
 */
public data class VariantHashes(
    val set: String?,
    val hashes: List<VariantHash>,
    val skipped: List<SkippedVariant> = emptyList(),
)

/**
 * The hash of one variant, to be compared as `pdq` hashes are.
 *
 * @property variant of which edit it is, by the variant's name (`mirror`, `crop:4`); `image` for the image itself
 * @property hex lower-case hexadecimal digits
 * @property quality how much the edited image has to recognise, 0 to 100
 */
public data class VariantHash(val variant: String, val hex: String, val quality: Int)

/**
 * A variant that was computed and not kept.
 *
 * @property variant the variant's name
 * @property reason why
 */
public data class SkippedVariant(val variant: String, val reason: SkipReason)

/** Why a variant is not in a set. */
public sealed interface SkipReason {
    /**
     * It has too little to recognise, or the image itself has.
     *
     * @property quality how much, 0 to 100
     */
    public data class Quality(val quality: Int) : SkipReason

    /**
     * Its hash is almost that of a variant before it: it would find nothing more.
     *
     * @property to that variant's name
     * @property distance bits between the two
     */
    public data class Near(val to: String, val distance: Int) : SkipReason
}

/** The line by which a hash exchange takes this hash, without its end; nothing for a quality that exchanges discard. */
public fun VariantHash.exchangeLine(): String? = PerceptualHash("pdq", listOf(hex), quality).exchangeLine()

internal fun NativeVariants.toRecord() = VariantHashes(
    set = set,
    hashes = hashes.map { VariantHash(it.variant, it.hex, it.quality.toInt()) },
    skipped = skipped.map { SkippedVariant(it.variant, it.reason.toRecord()) },
)

private fun NativeReason.toRecord() = when (this) {
    is NativeReason.Quality -> SkipReason.Quality(quality.toInt())
    is NativeReason.Near -> SkipReason.Near(to, distance.toInt())
}

internal fun VariantHashes.toNative() = NativeVariants(
    set = set,
    hashes = hashes.map { NativeVariantHash(it.variant, it.hex, it.quality.toQuality()) },
    skipped = skipped.map { NativeSkippedVariant(it.variant, it.reason.toNative()) },
)

private fun SkipReason.toNative() = when (this) {
    is SkipReason.Quality -> NativeReason.Quality(quality.toQuality())
    is SkipReason.Near -> NativeReason.Near(to, distance.toUInt())
}
