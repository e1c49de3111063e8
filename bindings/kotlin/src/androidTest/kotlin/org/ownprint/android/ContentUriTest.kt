package org.ownprint.android

import android.content.ContentResolver
import android.content.res.AssetFileDescriptor
import android.graphics.Bitmap
import java.io.File
import java.io.FileNotFoundException
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.ownprint.Decoder
import org.ownprint.Fingerprint
import org.ownprint.Fingerprinter
import org.ownprint.Limits
import org.ownprint.Options
import org.ownprint.Orientation
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** Content URIs, with Android's resolver and descriptors. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [PhoneBitmap::class])
class ContentUriTest {
    private lateinit var resolver: ContentResolver
    private lateinit var fingerprinter: Fingerprinter

    @Before
    fun open() {
        resolver = RuntimeEnvironment.getApplication().contentResolver
        TestProvider.register()
        PhoneBitmap.erased = 0
        fingerprinter = Fingerprinter(Options(rgbMd5 = true))
    }

    @After fun close() = fingerprinter.close()

    private fun ofUri(): Fingerprint = runBlocking {
        fingerprinter.fingerprint(resolver, TestProvider.uri)
    }

    /** Lets Android decode the content, whichever formats the native library decodes. */
    private fun byPlatform(with: Fingerprinter = fingerprinter): Fingerprint = runBlocking {
        with.fingerprint(UriContent(resolver, TestProvider.uri), { true })
    }

    private fun of(bytes: ByteArray, with: Fingerprinter = fingerprinter): Fingerprint =
        with.fingerprintBlocking(bytes)

    private fun provide(bytes: ByteArray): File {
        val file = Images.file(bytes)
        TestProvider.content = { TestProvider.file(file) }
        return file
    }

    /** The content was opened once, and closed. */
    private fun assertOpenedOnce() {
        assertEquals(1, TestProvider.openings.getAndSet(0))
        assertTrue(TestProvider.closings.getAndSet(0) >= 1)
    }

    @Test
    fun `every kind of descriptor has the fingerprint of the file`() {
        val jpeg = Images.jpeg()
        val expected = of(jpeg)
        assertNotNull(expected.image)
        val whole = Images.file(jpeg)
        val part = Images.file(ByteArray(1000) + jpeg + ByteArray(500))
        val length = jpeg.size.toLong()
        val kinds: Map<String, () -> AssetFileDescriptor> =
            mapOf(
                "a file" to { TestProvider.file(whole) },
                "a file with a length" to { TestProvider.file(whole, 0, length) },
                "a part of a file" to { TestProvider.file(part, 1000, length) },
                "a pipe" to { TestProvider.pipe { it.write(jpeg) } },
            )
        for ((kind, open) in kinds) {
            TestProvider.content = open
            assertEquals(kind, expected, ofUri())
            assertOpenedOnce()
            // The platform's decoder reads the same bytes, from the same opening.
            val decoded = byPlatform()
            assertEquals(kind, expected.digests, decoded.digests)
            assertEquals(kind, Decoder.PLATFORM, decoded.image?.info?.decoder)
            assertOpenedOnce()
        }
    }

    @Test
    fun `files that are not images have digests`() {
        for (bytes in listOf(ByteArray(0), ByteArray(3), "a text".repeat(50_000).toByteArray())) {
            provide(bytes)
            assertEquals(of(bytes), ofUri())
            assertEquals(of(bytes), byPlatform())
        }
    }

    @Test
    fun `orientations are those of EXIF`() {
        for (exif in 1..8) {
            val jpeg = Images.jpeg(exif)
            provide(jpeg)
            val own = ofUri()
            assertEquals(of(jpeg), own)
            val info = own.image!!.info
            assertEquals(exif, info.orientation.exif)
            val decoded = byPlatform()
            val size = decoded.image!!.info.let { it.width to it.height }
            assertEquals(if (exif >= 5) 80 to 120 else 120 to 80, size)
            assertEquals(size, info.width to info.height)
            val distance = Images.distance(own, decoded)
            assertTrue("EXIF $exif: $distance bits", distance <= 10)
        }
    }

    @Test
    fun `an image that Android decodes is marked`() {
        val straight = Bitmap.createBitmap(320, 240, Bitmap.Config.ARGB_8888)
        straight.isPremultiplied = false
        val colors = Images.colors(320, 240) { x, y -> (x / 40 + y / 40) % 2 * 200 + 55 }
        straight.setPixels(colors, 0, 320, 0, 0, 320, 240)
        val opaque = Images.bitmap(320, 240)
        for ((name, bytes) in
            listOf(
                "jpeg" to Images.jpeg(),
                "png" to Images.encoded(straight, Bitmap.CompressFormat.PNG),
                "webp" to Images.encoded(opaque, Bitmap.CompressFormat.WEBP),
            )) {
            provide(bytes)
            PhoneBitmap.erased = 0
            val (own, decoded) = of(bytes) to byPlatform()
            val info = decoded.image!!.info
            assertEquals(name, info.format)
            assertEquals(Decoder.PLATFORM, info.decoder)
            assertFalse(info.deterministic)
            assertEquals(own.digests, decoded.digests)
            assertNull(decoded.error)
            val distance = Images.distance(own, decoded)
            println("$name: $distance bits between Skia and this library")
            if (name != "jpeg") assertEquals(name, own.image!!.info.rgbMd5, info.rgbMd5)
            assertTrue("$name: $distance bits", distance <= 10)
            assertEquals("the bitmap was overwritten", 1, PhoneBitmap.erased)
        }
    }

    @Test
    fun `digests are there if Android cannot decode`() {
        val heic = Images.root.resolve("conformance/vectors/stills/420.heic").readBytes()
        val jpeg = Images.jpeg()
        val png = Images.encoded(Images.bitmap(320, 240), Bitmap.CompressFormat.PNG)
        val damaged = png.copyOf().also { it.fill(0x55, it.size / 3, it.size / 2) }
        for ((bytes, codes) in
            listOf(
                // Robolectric has no HEVC decoder.
                heic to setOf("unsupported-format"),
                jpeg.copyOf(jpeg.size / 2) to setOf("truncated"),
                damaged to setOf("damaged", "truncated"),
            )) {
            provide(bytes)
            val decoded = byPlatform()
            assertNull(decoded.image)
            assertTrue("${decoded.error}", decoded.error?.code in codes)
            assertEquals(of(bytes).digests, decoded.digests)
            assertOpenedOnce()
        }
    }

    @Test
    fun `options and limits apply to Android's decoder`() {
        val jpeg = Images.jpeg()
        for ((options, code) in
            listOf(
                Options(orientation = Orientation.IGNORE) to "unsupported-feature",
                Options(limits = Limits(width = 100)) to "limit-exceeded",
                Options(limits = Limits(fileBytes = 3000)) to "limit-exceeded",
            )) {
            Fingerprinter(options).use { limited ->
                val contents: List<() -> AssetFileDescriptor> =
                    listOf(
                        { TestProvider.file(Images.file(jpeg), 0, jpeg.size.toLong()) },
                        { TestProvider.pipe { it.write(jpeg) } },
                    )
                for (content in contents) {
                    TestProvider.content = content
                    val decoded = byPlatform(limited)
                    assertNull(decoded.image)
                    assertEquals(code, decoded.error?.code)
                    assertEquals(of(jpeg, limited).digests, decoded.digests)
                    assertOpenedOnce()
                }
            }
        }
    }

    @Test
    fun `nothing is decoded if no hash is selected`() {
        Fingerprinter(Options(hashes = emptyList())).use { digester ->
            val jpeg = Images.jpeg()
            provide(jpeg)
            assertEquals(of(jpeg, digester), byPlatform(digester))
            assertEquals(0, PhoneBitmap.erased)
        }
    }

    @Test
    fun `content that cannot be opened is an error of the call`() {
        assertThrows(FileNotFoundException::class.java) { ofUri() }
        TestProvider.content = { throw FileNotFoundException("removed") }
        assertThrows(FileNotFoundException::class.java) { ofUri() }
        TestProvider.content = { throw SecurityException("no permission") }
        assertThrows(SecurityException::class.java) { ofUri() }
        assertThrows(SecurityException::class.java) { byPlatform() }
    }

    @Test
    fun `progress covers the file`() {
        val jpeg = Images.jpeg()
        provide(jpeg)
        for (isForPlatform in listOf(false, true)) {
            var last = 0L
            runBlocking {
                val content = UriContent(resolver, TestProvider.uri)
                fingerprinter.fingerprint(content, { isForPlatform }) { last = it }
            }
            assertEquals(jpeg.size.toLong(), last)
        }
    }

    @Test
    fun `a closed object is refused before the content is opened`() {
        provide(Images.jpeg())
        fingerprinter.close()
        assertThrows(IllegalStateException::class.java) { ofUri() }
        assertEquals(0, TestProvider.openings.get())
    }
}
