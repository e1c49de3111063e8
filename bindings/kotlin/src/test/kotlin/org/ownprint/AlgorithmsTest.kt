package org.ownprint

import java.lang.reflect.Modifier
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The constants, names and defaults are those of the core. */
class AlgorithmsTest {
    private fun constants(type: Class<*>): Map<String, Any> =
        type.fields
            .filter { Modifier.isStatic(it.modifiers) && it.type == type }
            .associate { it.name to it.get(null) }

    @Test
    fun `every algorithm has a constant`() {
        val capabilities = Ownprint.capabilities()
        val (hashes, digests) =
            capabilities.hashes.map { it.algorithm } to capabilities.digests.map { it.algorithm }
        for ((type, expected) in
            listOf(HashAlgorithm::class.java to hashes, DigestAlgorithm::class.java to digests)) {
            val constants = constants(type)
            assertEquals(expected.toSet(), constants.values.toSet())
            for ((name, value) in constants) assertEquals(
                name.lowercase().replace('_', '-'),
                "$value",
            )
        }
        assertTrue(hashes.size >= 17 && digests.size >= 4)
        for (algorithm in hashes) assertEquals(algorithm, HashAlgorithm.parse(algorithm.name))
        for (algorithm in digests) assertEquals(algorithm, DigestAlgorithm.parse(algorithm.name))
    }

    @Test
    fun `names with parameters are parsed`() {
        assertEquals(HashAlgorithm.PHASH, HashAlgorithm.parse("phash:8"))
        val large = HashAlgorithm.parse("phash:16")
        assertNotEquals(HashAlgorithm.PHASH, large)
        assertEquals(
            HashInfo(large, 256, 1, large.info.threshold, large.info.reference),
            large.info,
        )
        assertEquals(31, HashAlgorithm.PDQ.info.threshold)
        val hash =
            Fingerprinter(Support.hashes(large))
                .use { it.fingerprintBlocking(Support.photo) }
                .hash(large)!!
        assertEquals(64, hash.hex.length)
    }

    @Test
    fun `the default options equal those of the core`() {
        val defaults = Ownprint.defaultOptions()
        assertEquals(listOf(HashAlgorithm.PDQ), defaults.hashes)
        assertEquals(true, defaults.vpdq)
        assertTrue(DigestAlgorithm.SHA256 in defaults.digests!!)
        assertEquals(Orientation.APPLY, defaults.orientation)
        val limits = defaults.limits!!
        val values =
            listOf(
                limits.fileBytes,
                limits.width,
                limits.height,
                limits.pixels,
                limits.memory,
                limits.expansion,
            )
        assertTrue(values.all { it != null && it.toLong() > 0 })
        val fingerprints =
            listOf(
                    Options(),
                    defaults,
                    Options(hashes = defaults.hashes),
                    Options(digests = defaults.digests),
                )
                .map { options ->
                    Fingerprinter(options).use { it.fingerprintBlocking(Support.photo) }
                }
        assertEquals(1, fingerprints.toSet().size)
        assertEquals(fingerprints.first(), Ownprint.fingerprintBlocking(Support.photo))
    }

    @Test
    fun `the orientation is applied unless it is ignored`() {
        val pixels = Support.landscape(80, 60)
        val layout =
            PixelLayout(80, 60, PixelLayout.Format.L8, orientation = ExifOrientation.ROTATED_90)
        val infos =
            Orientation.entries.associateWith { orientation ->
                Fingerprinter(Options(orientation = orientation)).use {
                    it.fingerprintPixelsBlocking(pixels, layout).image!!.info
                }
            }
        val (applied, ignored) =
            infos.getValue(Orientation.APPLY) to infos.getValue(Orientation.IGNORE)
        assertEquals(
            Triple(60, 80, true),
            Triple(applied.width, applied.height, applied.orientationApplied),
        )
        assertEquals(
            Triple(80, 60, false),
            Triple(ignored.width, ignored.height, ignored.orientationApplied),
        )
        assertEquals(ExifOrientation.ROTATED_90, applied.orientation)
        for (orientation in ExifOrientation.entries) assertEquals(
            orientation,
            ExifOrientation.ofExif(orientation.exif),
        )
        assertEquals(listOf(null, null), listOf(0, 9).map { ExifOrientation.ofExif(it) })
    }
}
