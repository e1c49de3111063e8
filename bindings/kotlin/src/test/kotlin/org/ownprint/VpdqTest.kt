package org.ownprint

import com.google.gson.JsonObject
import java.nio.ByteBuffer
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** vPDQ of frames: the vectors, and invalid input. */
class VpdqTest {
    private val vectors = Support.json(Support.vectors.resolve("videos.json"))

    private fun cases(name: String): List<JsonObject> =
        vectors.getAsJsonArray(name).map { it.asJsonObject }

    @Test
    fun `frames of every layout, in direct and in heap buffers`() {
        val frames = cases("frames")
        for (frame in frames) {
            val (bytes, layout) = painted(frame)
            for (buffer in
                listOf(
                    ByteBuffer.wrap(bytes),
                    ByteBuffer.allocateDirect(bytes.size).put(bytes).flip(),
                )) {
                val hashed =
                    VpdqHasher.byFrames(1.0).use { hasher ->
                        hasher.update(0, 0.0, buffer, layout)
                        hasher.doFinal().single()
                    }
                assertEquals(
                    frame["hex"].asString to frame["quality"].asInt,
                    hashed.feature.hex to hashed.feature.quality,
                    "$frame",
                )
            }
        }
        println("${frames.size} frames")
        assertTrue(frames.size > 80)
    }

    @Test
    fun `both rules select frames`() {
        val frame = ByteBuffer.allocate(24 * 24)
        val layout = FrameLayout.Packed(24, 24, PixelLayout.Format.L8, PlaneLayout(0, 24))
        for (rule in cases("by_frames") + cases("by_seconds")) {
            val (every, rate) =
                rule["seconds_per_hash"].asDouble to rule["frames_per_second"]?.asDouble
            val times =
                rate?.let { List(rule["frames"].asInt) { it / rate } }
                    ?: rule.getAsJsonArray("times").map { it.asDouble }
            val hasher = rate?.let { VpdqHasher.byFrames(it, every) } ?: VpdqHasher.bySeconds(every)
            hasher.use {
                times.forEachIndexed { index, seconds ->
                    if (it.wants(index.toLong(), seconds))
                        it.update(index.toLong(), seconds, frame, layout)
                }
                val hashed = it.doFinal()
                assertEquals(
                    rule.getAsJsonArray("taken").map { it.asLong },
                    hashed.map { it.frame },
                    "$rule",
                )
                for (one in hashed) assertEquals(
                    times[one.frame.toInt()],
                    one.feature.seconds,
                    1e-6,
                )
            }
        }
    }

    @Test
    fun `videos are compared like in the vectors`() {
        val pairs = cases("comparisons")
        for (pair in pairs) {
            val (query, compared) =
                listOf("query", "compared").map { name ->
                    pair.getAsJsonArray(name).map { feature(it.asJsonObject) }
                }
            val found = Ownprint.compareVideos(query, compared)
            assertEquals(pair["query_percent"].asDouble, found.queryPercent, 1e-9)
            assertEquals(pair["compared_percent"].asDouble, found.comparedPercent, 1e-9)
            assertEquals(pair["is_match"].asBoolean, found.isMatch)
        }
        assertTrue(pairs.size > 5)
    }

    @Test
    fun `similar frames are skipped if requested`() {
        val (bytes, layout) = painted(cases("frames").first())
        val hashed =
            VpdqHasher.bySeconds(0.0, prune = 0).use { hasher ->
                for (index in 0L..3L) hasher.update(
                    index,
                    index / 25.0,
                    ByteBuffer.wrap(bytes),
                    layout,
                )
                hasher.doFinal()
            }
        assertEquals(listOf(0L), hashed.map { it.frame })
    }

    @Test
    fun `invalid input is refused`() {
        val frame = ByteBuffer.allocate(96 * 80 * 2)
        val fits = FrameLayout.i420(96, 80)
        VpdqHasher.bySeconds().use { hasher ->
            for (layout in
                listOf(
                    FrameLayout.nv12(960, 800),
                    fits.copy(cr = PlaneLayout(Long.MAX_VALUE, 48)),
                    fits.copy(cb = fits.cb.copy(stride = 47)),
                    fits.copy(luma = fits.luma.copy(stride = 95)),
                    fits.copy(width = 98),
                    FrameLayout.Packed(
                        96,
                        80,
                        PixelLayout.Format.RGB8,
                        PlaneLayout(Long.MAX_VALUE, 288),
                    ),
                )) {
                assertEquals(
                    "invalid-pixels",
                    assertThrows<OwnprintException> { hasher.update(0, 0.0, frame, layout) }.code,
                    "$layout",
                )
            }
            assertThrows<IllegalArgumentException> { hasher.wants(-1, 0.0) }
            assertTrue(hasher.doFinal().isEmpty())
            assertEquals("io", assertThrows<OwnprintException> { hasher.wants(0, 0.0) }.code)
            assertEquals("io", assertThrows<OwnprintException> { hasher.doFinal() }.code)
        }
        VpdqHasher.bySeconds(limits = Limits(height = 79)).use { hasher ->
            assertEquals(
                "limit-exceeded",
                assertThrows<OwnprintException> { hasher.update(0, 0.0, frame, fits) }.code,
            )
        }
        assertEquals(
            "invalid-video",
            assertThrows<OwnprintException> { VpdqHasher.byFrames(0.0) }.code,
        )
        assertEquals(
            "invalid-video",
            assertThrows<OwnprintException> { VpdqHasher.bySeconds(Double.NaN) }.code,
        )
        assertThrows<IllegalArgumentException> { VpdqHasher.bySeconds(prune = -1) }
        assertThrows<IllegalArgumentException> { PlaneLayout(-1, 0) }
        assertThrows<IllegalArgumentException> { FrameLayout.nv12(-1, 1) }
        val noHash = listOf(VpdqFeature("00", 100, 0.0))
        assertEquals(
            "not-comparable",
            assertThrows<OwnprintException> { Ownprint.compareVideos(noHash, noHash) }.code,
        )
    }

    private fun feature(feature: JsonObject) =
        VpdqFeature(feature["hex"].asString, feature["quality"].asInt, feature["seconds"].asDouble)

    /** A frame by the formulas of `conformance/python/video_vectors.py`. */
    private fun painted(frame: JsonObject): Pair<ByteArray, FrameLayout> {
        val (width, height, padding) = listOf("width", "height", "padding").map { frame[it].asInt }
        val (columns, rows) = (width + 1) / 2 to (height + 1) / 2
        val luma = { x: Int, y: Int -> 3 * x + 2 * y + (x / 9) * (y / 7) * 40 }
        val blue = { x: Int, y: Int -> 5 * x + 3 * y + x * y / 9 }
        val red = { x: Int, y: Int -> 2000 + 7 * y - 2 * x }
        val both = { x: Int, y: Int -> if (x % 2 == 0) blue(x / 2, y) else red(x / 2, y) }
        val format = frame["format"].asString
        val colours = if (format == "bgra8") listOf(red, blue, luma) else listOf(luma, blue, red)
        val bytes = if (format == "rgb8") 3 else 4
        val pixel = { x: Int, y: Int -> colours.getOrNull(x % bytes)?.invoke(x / bytes, y) ?: 17 }
        val planes =
            when (format) {
                "i420" ->
                    listOf(
                        Plane(width, height, luma),
                        Plane(columns, rows, blue),
                        Plane(columns, rows, red),
                    )
                "nv12" -> listOf(Plane(width, height, luma), Plane(2 * columns, rows, both))
                "l8" -> listOf(Plane(width, height, luma))
                else -> listOf(Plane(bytes * width, height, pixel))
            }.map { it.bytes(padding) to it.width + padding }
        var offset = 0L
        val layouts =
            planes.map { (bytes, stride) ->
                PlaneLayout(offset, stride).also { offset += bytes.size }
            }
        val (matrix, range) =
            listOf("matrix", "range").map { name ->
                frame[name]?.takeUnless { it.isJsonNull }?.asString?.uppercase()
            }
        return planes.map { it.first }.reduce(ByteArray::plus) to
            layout(format, width, height, layouts, matrix, range)
    }

    private fun layout(
        format: String,
        width: Int,
        height: Int,
        planes: List<PlaneLayout>,
        matrix: String?,
        range: String?,
    ): FrameLayout {
        val (yuvMatrix, yuvRange) = matrix?.let(YuvMatrix::valueOf) to range?.let(YuvRange::valueOf)
        return when (format) {
            "i420" ->
                FrameLayout.I420(
                    width,
                    height,
                    planes[0],
                    planes[1],
                    planes[2],
                    yuvMatrix,
                    yuvRange,
                )
            "nv12" -> FrameLayout.Nv12(width, height, planes[0], planes[1], yuvMatrix, yuvRange)
            else -> {
                val pixels = PixelLayout.Format.valueOf(format.uppercase())
                FrameLayout.Packed(width, height, pixels, planes.single())
            }
        }
    }

    private class Plane(val width: Int, val height: Int, val sample: (Int, Int) -> Int) {
        fun bytes(padding: Int): ByteArray {
            val row = width + padding
            return ByteArray(row * height) { at ->
                (if (at % row < width) sample(at % row, at / row) else 238).toByte()
            }
        }
    }
}
