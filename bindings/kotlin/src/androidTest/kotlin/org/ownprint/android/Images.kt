package org.ownprint.android

import android.graphics.Bitmap
import java.io.ByteArrayOutputStream
import java.io.File
import java.nio.ByteBuffer
import org.ownprint.Fingerprint
import org.ownprint.HashAlgorithm
import org.ownprint.Ownprint

/** Images and files that the tests share. */
internal object Images {
    /** The repository. */
    val root: File = File("../../..").canonicalFile

    /** Colors with a high PDQ quality, as Android numbers them: alpha, red, green, blue. */
    fun colors(width: Int, height: Int, alpha: (Int, Int) -> Int = { _, _ -> 255 }): IntArray =
        IntArray(width * height) {
            val (x, y) = it % width to it / width
            val red = (x * 255 / width + (y / 9 % 2) * 60) and 255
            val green = (y * 255 / height) xor (x / 16 * 8 and 127)
            val blue = (x * x / 97 + y * 2) and 255
            (alpha(x, y) shl 24) or (red shl 16) or (green shl 8) or blue
        }

    /** The colors as red, green, blue, alpha. */
    fun rgba(colors: IntArray): ByteBuffer {
        val bytes = ByteBuffer.allocateDirect(colors.size * 4)
        for (color in colors) {
            for (shift in intArrayOf(16, 8, 0, 24)) bytes.put((color ushr shift).toByte())
        }
        bytes.flip()
        return bytes
    }

    fun bitmap(width: Int, height: Int): Bitmap =
        Bitmap.createBitmap(colors(width, height), width, height, Bitmap.Config.ARGB_8888)

    /** WebP of the highest quality is without loss. */
    fun encoded(bitmap: Bitmap, format: Bitmap.CompressFormat): ByteArray {
        val quality = if (format == Bitmap.CompressFormat.JPEG) 92 else 100
        return ByteArrayOutputStream().also { bitmap.compress(format, quality, it) }.toByteArray()
    }

    fun jpeg(width: Int = 320, height: Int = 240): ByteArray =
        encoded(bitmap(width, height), Bitmap.CompressFormat.JPEG)

    /** A JPEG with an EXIF orientation, 1 to 8. */
    fun jpeg(exif: Int): ByteArray {
        val jpeg = jpeg(120, 80)
        // One directory with one entry: tag 0x0112, one 16-bit number.
        val tiff = "4d4d002a00000008" + "0001" + "0112000300000001000${exif}0000" + "00000000"
        val payload = "457869660000$tiff".chunked(2).map { it.toInt(16).toByte() }.toByteArray()
        val length = payload.size + 2
        val marker = byteArrayOf(-1, 0xe1.toByte(), (length shr 8).toByte(), length.toByte())
        return jpeg.copyOf(2) + marker + payload + jpeg.drop(2)
    }

    fun file(bytes: ByteArray): File =
        File.createTempFile("ownprint", ".test").apply {
            deleteOnExit()
            writeBytes(bytes)
        }

    /** How many bits of the PDQ hashes differ. */
    fun distance(a: Fingerprint, b: Fingerprint): Int =
        Ownprint.distance(a.hash(HashAlgorithm.PDQ)!!.hex, b.hash(HashAlgorithm.PDQ)!!.hex)
}
