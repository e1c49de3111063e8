package org.ownprint.android

import android.graphics.Bitmap
import java.nio.ByteBuffer
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.ownprint.Fingerprint
import org.ownprint.Fingerprinter
import org.ownprint.Limits
import org.ownprint.Options
import org.ownprint.OwnprintException
import org.ownprint.PixelLayout
import org.ownprint.PixelLayout.Format
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** Bitmaps, with Android's own class and Skia. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [PhoneBitmap::class])
class BitmapTest {
    private lateinit var fingerprinter: Fingerprinter

    @Before
    fun open() {
        fingerprinter = Fingerprinter(Options(rgbMd5 = true))
        PhoneBitmap.erased = 0
    }

    @After fun close() = fingerprinter.close()

    private fun ofBitmap(bitmap: Bitmap): Fingerprint = runBlocking {
        fingerprinter.fingerprint(bitmap)
    }

    private fun ofColors(
        colors: IntArray,
        width: Int,
        height: Int,
        format: Format = Format.RGBA8,
    ): Fingerprint {
        val layout = PixelLayout(width, height, format)
        return fingerprinter.fingerprintPixelsBlocking(Images.rgba(colors), layout)
    }

    /** The fingerprint of the colors as a bitmap stores them. */
    private fun ofStored(bitmap: Bitmap, format: Format = Format.RGBA8): Fingerprint {
        val stored = ByteBuffer.allocateDirect(bitmap.byteCount)
        bitmap.copyPixelsToBuffer(stored)
        stored.flip()
        val layout = PixelLayout(bitmap.width, bitmap.height, format)
        return fingerprinter.fingerprintPixelsBlocking(stored, layout)
    }

    private fun code(call: () -> Unit): String =
        assertThrows(OwnprintException::class.java) { call() }.code

    @Test
    fun `an opaque bitmap has the hash of its pixels`() {
        for ((width, height) in listOf(320 to 240, 333 to 77, 64 to 301)) {
            val colors = Images.colors(width, height)
            val bitmap = Bitmap.createBitmap(colors, width, height, Bitmap.Config.ARGB_8888)
            assertEquals(ofColors(colors, width, height), ofBitmap(bitmap))
        }
    }

    @Test
    fun `alpha that is not premultiplied is ignored`() {
        val colors = Images.colors(160, 120) { x, y -> (x + y) % 256 }
        val bitmap = Bitmap.createBitmap(160, 120, Bitmap.Config.ARGB_8888)
        bitmap.isPremultiplied = false
        bitmap.setPixels(colors, 0, 160, 0, 0, 160, 120)
        assertFalse(bitmap.isPremultiplied)
        assertEquals(ofColors(colors, 160, 120), ofBitmap(bitmap))
    }

    @Test
    fun `premultiplied alpha is divided out`() {
        // 4 bits each; without the division 4, 46, 74 and 88.
        val limit = 8
        for (alpha in listOf(254, 200, 128, 40)) {
            val colors =
                Images.colors(320, 240) { x, y -> if ((x / 20 + y / 20) % 2 == 0) 255 else alpha }
            val bitmap = Bitmap.createBitmap(colors, 320, 240, Bitmap.Config.ARGB_8888)
            assertTrue(bitmap.isPremultiplied)
            val hashed = ofBitmap(bitmap)
            val distance = Images.distance(ofColors(colors, 320, 240), hashed)
            val ignored = Images.distance(ofColors(colors, 320, 240), ofStored(bitmap))
            println("alpha $alpha: $distance bits, $ignored without the division")
            assertTrue("alpha $alpha: $distance bits", distance <= limit)
            // The rule is the core's.
            assertEquals(ofStored(bitmap, Format.RGBA8_PREMULTIPLIED), hashed)
        }
    }

    @Test
    fun `other configurations are converted`() {
        val plain = Images.bitmap(320, 240)
        val reference = ofBitmap(plain)
        val copies = PhoneBitmap.erased
        for (config in listOf(Bitmap.Config.RGB_565, Bitmap.Config.RGBA_F16)) {
            val converted = plain.copy(config, false)
            assertEquals(config, converted.config)
            val distance = Images.distance(reference, ofBitmap(converted))
            println("$config: $distance bits")
            assertTrue("$config: $distance bits", distance <= 10)
            assertFalse(converted.isRecycled)
        }
        assertEquals("the copies were overwritten", copies + 2, PhoneBitmap.erased)
    }

    @Test
    fun `the pixels of RGB_565 are those that Android shows`() {
        val bitmap = Images.bitmap(64, 48).copy(Bitmap.Config.RGB_565, false)
        val shown = IntArray(64 * 48).also { bitmap.getPixels(it, 0, 64, 0, 0, 64, 48) }
        assertEquals(ofColors(shown, 64, 48), ofBitmap(bitmap))
    }

    @Test
    fun `a bitmap without colors is refused`() {
        val mask = Images.bitmap(64, 48).copy(Bitmap.Config.ALPHA_8, false)
        assertEquals("invalid-pixels", code { ofBitmap(mask) })
    }

    @Test
    fun `a recycled bitmap is refused`() {
        for (config in listOf(Bitmap.Config.ARGB_8888, Bitmap.Config.RGB_565)) {
            val bitmap = Bitmap.createBitmap(64, 64, config)
            bitmap.recycle()
            assertEquals("invalid-pixels", code { ofBitmap(bitmap) })
        }
    }

    @Test
    fun `limits apply before the pixels are copied`() {
        Fingerprinter(Options(limits = Limits(pixels = 100))).use { limited ->
            val bitmap = Images.bitmap(64, 48)
            assertEquals("limit-exceeded", code { runBlocking { limited.fingerprint(bitmap) } })
        }
    }

    @Test
    fun `a closed object is refused`() {
        fingerprinter.close()
        assertThrows(IllegalStateException::class.java) { ofBitmap(Images.bitmap(64, 48)) }
    }
}
