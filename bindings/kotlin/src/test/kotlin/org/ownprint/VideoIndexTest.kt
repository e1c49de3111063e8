package org.ownprint

import java.nio.file.Files
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** The index of videos finds what a comparison with every video finds. */
class VideoIndexTest {
    private fun feature(byte: Int, quality: Int = 100) =
        VpdqFeature("%02x".format(byte).repeat(32), quality, 0.0)

    private val videos =
        listOf(
            listOf(feature(0x0f), feature(0x55), feature(0xa0, 10)),
            listOf(feature(0x0f), feature(0xff)),
            listOf(feature(0x33)),
        )

    @Test
    fun `matches equal those of comparing every video`() {
        VideoIndex().use { index ->
            for ((number, video) in videos.withIndex()) {
                assertEquals(number, index.insert(video, "video $number"))
            }
            assertEquals(Triple(3L, 5L, 50), Triple(index.size, index.frames, index.quality))
            val half = VideoThresholds(queryPercent = 50.0)
            for (thresholds in listOf(VideoThresholds(), half)) {
                for (query in videos) {
                    val found = index.matchesBlocking(query, thresholds).sortedBy { it.video }
                    val expected =
                        videos.withIndex().mapNotNull { (number, video) ->
                            val comparison = Ownprint.compareVideos(query, video, thresholds)
                            VideoHit(number, "video $number", comparison).takeIf {
                                comparison.isMatch
                            }
                        }
                    assertEquals(expected, found)
                }
            }
            assertEquals(listOf(listOf(0, 1)), index.groupsBlocking(half))
            assertEquals("video 1", index.remove(1))
            assertNull(index.remove(1))
        }
    }

    @Test
    fun `an index is saved and loaded`() {
        val file = Files.createTempFile("videos", ".index")
        VideoIndex(quality = 5).use { index ->
            index.insert(videos[0], "a")
            assertEquals(3L, index.frames)
            index.saveBlocking(file)
        }
        VideoIndex.loadBlocking(file).use { index ->
            assertEquals(5, index.quality)
            val hit = runBlocking { index.matches(videos[0], VideoThresholds(quality = 5)) }.single()
            assertEquals(VideoHit(0, "a", VideoComparison(100.0, 100.0, true)), hit)
        }
        assertEquals(
            "invalid-index",
            assertThrows<OwnprintException> { HashIndex.loadBlocking(file) }.code,
        )
        Files.delete(file)
    }

    @Test
    fun `lists of videos are inserted`() {
        val lines = videos[0].mapIndexed { at, it -> VpdqFrame(at.toLong(), it).toLine() }
        VideoIndex().use { index ->
            assertEquals(1L, index.insertListBlocking(lines.joinToString("\n").toByteArray()))
            val json = VpdqFeature.toJson(videos[1])
            assertEquals(1L, runBlocking { index.insertList(json.toByteArray()) })
            assertEquals(Pair(2L, 4L), Pair(index.size, index.frames))
            val cut = lines[0].dropLast(20).toByteArray()
            val error = assertThrows<OwnprintException> { index.insertListBlocking(cut) }
            assertEquals("invalid-record", error.code)
        }
    }

    @Test
    fun `invalid input is refused`() {
        VideoIndex().use { index ->
            val low = VideoThresholds(quality = 49)
            assertEquals(
                "not-comparable",
                assertThrows<OwnprintException> { index.matchesBlocking(videos[0], low) }.code,
            )
            val noHash = listOf(VpdqFeature("00", 100, 0.0))
            assertThrows<OwnprintException> { index.insert(noHash) }
            assertThrows<IllegalArgumentException> {
                index.matchesBlocking(videos[0], VideoThresholds(distance = -1))
            }
        }
    }
}
