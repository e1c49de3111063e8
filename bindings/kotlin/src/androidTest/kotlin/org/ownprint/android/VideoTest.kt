package org.ownprint.android

import android.content.ContentResolver
import android.graphics.ImageFormat
import android.graphics.Rect
import android.media.Image
import java.io.FileNotFoundException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.ownprint.Fingerprinter
import org.ownprint.Options
import org.ownprint.OwnprintException
import org.ownprint.YuvRange
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** Videos, with Android's resolver and formats, and a codec of the tests. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [TestExtractor::class, TestCodec::class])
class VideoTest {
    private lateinit var resolver: ContentResolver
    private val fingerprinter by lazy { Fingerprinter(Options()) }

    @Before
    fun open() {
        resolver = RuntimeEnvironment.getApplication().contentResolver
        TestProvider.register()
        val file = Images.file(ByteArray(1000))
        TestProvider.content = { TestProvider.file(file) }
        TestVideo.reset()
    }

    @After fun close() = fingerprinter.close()

    private fun hashes(
        secondsPerHash: Double? = null,
        stallTimeout: Duration = 60.seconds,
        onProgress: VideoProgressListener? = null,
    ): PlatformVideo = runBlocking {
        fingerprinter.videoHashes(
            resolver,
            TestProvider.uri,
            secondsPerHash,
            stallTimeout = stallTimeout,
            onProgress = onProgress,
        )
    }

    private fun video(count: Int = 30, isFullRange: Boolean = false, image: (Int) -> Image?) {
        TestVideo.frames =
            (0 until count).map { TestVideo.Frame(it * 100_000L, isFullRange) { image(it) } }
    }

    private fun code(call: () -> Unit): String {
        val code = assertThrows(OwnprintException::class.java) { call() }.code
        assertEquals("the extractor or the codec was not released", 0, TestVideo.unreleased)
        return code
    }

    @Test
    fun `every layout of frames has the hashes of its pixels`() {
        val (even, odd) = Rect(0, 0, 96, 72) to Rect(0, 0, 95, 71)
        val inner = Rect(8, 4, 104, 76)
        val layouts =
            listOf(
                Layout(even),
                Layout(even, isSwapped = true),
                Layout(even, isInterleaved = false),
                Layout(even, stride = 128),
                Layout(even, stride = 128, isInterleaved = false),
                Layout(even, 112, 80, 128),
                Layout(inner, 112, 80, 128),
                Layout(inner, 112, 80, 128, isSwapped = true),
                Layout(inner, 112, 80, 128, isInterleaved = false),
                Layout(odd, 96, 72),
                Layout(odd, stride = 96),
                Layout(odd, stride = 128, isInterleaved = false),
                Layout(odd, stride = 96, roundsUp = false),
                Layout(odd, stride = 128, roundsUp = false),
                Layout(odd, stride = 96, isInterleaved = false, roundsUp = false),
                Layout(Rect(0, 0, 96, 71), stride = 96, roundsUp = false),
                Layout(Rect(0, 0, 95, 72), stride = 96, isSwapped = true, roundsUp = false),
            )
        for (layout in layouts) for (range in YuvRange.entries) {
            TestVideo.width = layout.shown.width()
            TestVideo.height = layout.shown.height()
            video(25, range == YuvRange.FULL) { Frames.image(it, layout) }
            val hashed = hashes()
            val expected = Frames.hashes(listOf(0 to 0.0, 10 to 1.0, 20 to 2.0), layout, range)
            assertEquals("$layout $range", expected, hashed.frames)
            assertEquals(TestVideo.width to TestVideo.height, hashed.width to hashed.height)
            assertFalse(hashed.deterministic)
            assertEquals(0, TestVideo.unreleased)
        }
    }

    @Test
    fun `the extractor receives the offset and length of the provider`() {
        video { Frames.image(it, Layout(Rect(0, 0, 96, 72))) }
        val file = Images.file(ByteArray(1000))
        for ((start, length) in listOf(0L to 1000L, 100L to 500L, 0L to -1L)) {
            TestProvider.content = { TestProvider.file(file, start, length) }
            assertEquals(3, hashes().frames.size)
            assertEquals(start to length, TestVideo.source)
        }
        assertTrue(TestProvider.closings.get() >= 3)
    }

    @Test
    fun `frames before the start are not counted`() {
        val layout = Layout(Rect(0, 0, 96, 72))
        TestVideo.frames =
            listOf(-200_000L, -100_000L, 0L, 500_000L, 1_000_000L).mapIndexed { index, micros ->
                TestVideo.Frame(micros) { Frames.image(index, layout) }
            }
        val frames = hashes().frames.map { it.frame to it.feature.seconds }
        assertEquals(listOf(0L to 0.0, 2L to 1.0), frames)
    }

    @Test
    fun `a codec that stalls ends the call`() {
        video { Frames.image(it, Layout(Rect(0, 0, 96, 72))) }
        TestVideo.stalls = true
        assertEquals("unsupported-video", code { hashes(stallTimeout = 200.milliseconds) })
    }

    @Test
    fun `a video without frames is damaged`() {
        assertEquals("damaged-video", code { hashes() })
    }

    /** `ImageFormat.YCBCR_P010`, which the classes of Android 9 do not have. */
    private val tenBits = 54

    @Test
    fun `errors name their cause`() {
        val layout = Layout(Rect(0, 0, 96, 72))
        val good = { number: Int -> Frames.image(number, layout) }
        video { Frames.image(it, layout.copy(format = tenBits)) }
        assertEquals("unsupported-video", code { hashes() })
        video { Frames.image(it, layout.copy(format = ImageFormat.PRIVATE)) }
        assertEquals("unsupported-video", code { hashes() })
        video { null }
        assertEquals("unsupported-video", code { hashes() })
        video { throw IllegalStateException("unknown layout") }
        assertEquals("unsupported-video", code { hashes() })
        video(image = good)
        TestVideo.failsAt = 12
        assertEquals("damaged-video", code { hashes() })
        TestVideo.reset()
        video(image = good)
        TestVideo.mimeType = "audio/aac"
        assertEquals("unsupported-video", code { hashes() })
        TestVideo.mimeType = "video/avc"
        TestVideo.refuses = true
        assertEquals("unsupported-video", code { hashes() })
        TestVideo.reset()
        video(image = good)
        TestVideo.width = 60_000
        TestVideo.height = 60_000
        assertEquals("limit-exceeded", code { hashes() })
        TestVideo.reset()
        video(image = good)
        assertEquals("invalid-video", code { hashes(-1.0) })
        TestProvider.content = { throw FileNotFoundException("removed") }
        assertThrows(FileNotFoundException::class.java) { hashes() }
    }

    @Test
    fun `what the listener throws ends the call`() {
        video { Frames.image(it, Layout(Rect(0, 0, 96, 72))) }
        assertThrows(IllegalArgumentException::class.java) {
            hashes { throw IllegalArgumentException("the app's") }
        }
        assertEquals(0, TestVideo.unreleased)
    }

    @Test
    fun `a closed object is refused`() {
        video { Frames.image(it, Layout(Rect(0, 0, 96, 72))) }
        fingerprinter.close()
        assertThrows(IllegalStateException::class.java) { hashes() }
        assertEquals(0, TestProvider.openings.get())
    }

    @Test
    fun `cancellation releases the codec`() = runBlocking {
        video { Frames.image(it, Layout(Rect(0, 0, 96, 72))) }
        TestVideo.stalls = true
        supervisorScope {
            val call =
                async(Dispatchers.Default) {
                    fingerprinter.videoHashes(
                        resolver,
                        TestProvider.uri,
                        stallTimeout = Duration.INFINITE,
                    )
                }
            while (TestVideo.unreleased < 2) delay(1.milliseconds)
            call.cancel()
            call.join()
            assertThrows(CancellationException::class.java) { runBlocking { call.await() } }
        }
        assertEquals(0, TestVideo.unreleased)
    }
}
