package org.ownprint

import java.nio.ByteBuffer
import java.nio.file.Files
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Memory use, and what remains in memory. */
class MemoryTest {
    @Test
    fun `three gigabytes in constant memory`() {
        assumeTrue(PeakMemory.isKnown, "this system does not state the peak memory of a process")
        // In a process with a small heap: a larger one grows by garbage that is not collected yet.
        val classes = System.getProperty("java.class.path")
        val (status, printed) =
            Support.java("-Xmx32m", "-cp", classes, "org.ownprint.LongStreamProgramKt")
        assertEquals(0, status, printed)
        val (digest, grown) = printed.trim().split(' ')
        println(
            "3 GiB as a stream: the process grew by $grown KiB, of which Java's heap may take 32,768"
        )
        assertEquals(BLAKE3_OF_STREAM, digest)
        assertTrue(grown.toLong() < 64 * 1024, "the process grew by $grown KiB")
    }

    @Test
    fun `a direct buffer is not copied, a heap buffer is`() {
        val (width, height) = 8000 to 6000
        val direct = Support.landscape(width, height)
        val heap = ByteBuffer.allocate(width * height).put(direct.duplicate()).flip()
        val layout = PixelLayout(width, height, PixelLayout.Format.L8)
        assumeTrue(PeakMemory.isKnown, "this system does not state the peak memory of a process")
        Fingerprinter(Support.hashes(HashAlgorithm.PDQ)).use { fingerprinter ->
            val expected = fingerprinter.fingerprintPixelsBlocking(direct, layout)
            val inPlace =
                PeakMemory.growth {
                    assertEquals(expected, fingerprinter.fingerprintPixelsBlocking(direct, layout))
                }
            val copied =
                PeakMemory.growth {
                    assertEquals(expected, fingerprinter.fingerprintPixelsBlocking(heap, layout))
                }
            println(
                "48 MB of pixels: the process grew by $inPlace KiB (direct buffer), $copied KiB (heap buffer)"
            )
            assertTrue(inPlace < 16 * 1024, "the process grew by $inPlace KiB")
            // Checks the measurement: the copy is 46,875 KiB, less what Java released meanwhile.
            assertTrue(copied > 24 * 1024, "the process grew by $copied KiB only")
        }
    }

    @Test
    fun `a buffer is read from its position to its limit, and does not change`() {
        val photo = Files.readAllBytes(Support.photo)
        val padded =
            ByteBuffer.allocateDirect(photo.size + 300).apply {
                position(100)
                put(photo)
                limit(position())
                position(100)
            }
        Fingerprinter(Support.everything).use { fingerprinter ->
            val expected = fingerprinter.fingerprintBlocking(Support.photo)
            assertEquals(expected, fingerprinter.fingerprintBlocking(padded))
            assertEquals(expected, fingerprinter.fingerprintBlocking(padded.asReadOnlyBuffer()))
            val heap =
                ByteBuffer.allocate(padded.capacity())
                    .put(padded.duplicate().clear())
                    .position(100)
                    .limit(padded.limit())
            assertEquals(expected, fingerprinter.fingerprintBlocking(heap))
        }
        assertEquals(100 to 100 + photo.size, padded.position() to padded.limit())
    }

    @Test
    fun `the copy of a heap buffer is overwritten with zeros, also after errors`() {
        val secret = ByteArray(200_000) { (it % 255 + 1).toByte() }
        lateinit var seen: ByteBuffer
        val length =
            ByteBuffer.wrap(secret).borrow { borrowed ->
                seen = borrowed
                val received = ByteArray(borrowed.remaining()).also { borrowed.duplicate().get(it) }
                assertArrayEquals(secret, received)
                received.size
            }
        assertEquals(secret.size, length)
        assertAllZero(seen)
        assertThrows<IllegalStateException> {
            ByteBuffer.wrap(secret).borrow<Unit> { borrowed ->
                seen = borrowed
                error("in the middle")
            }
        }
        assertAllZero(seen)
        assertEquals(1.toByte(), secret[0], "the caller's bytes do not change")
    }

    private fun assertAllZero(buffer: ByteBuffer) {
        val bytes = ByteArray(buffer.capacity()).also { buffer.duplicate().clear().get(it) }
        assertTrue(
            bytes.isNotEmpty() && bytes.all { it == 0.toByte() },
            "the temporary buffer was not overwritten",
        )
    }

    @Test
    fun `the chunks of a stream are overwritten with zeros`() {
        val callbacks = Callbacks(org.ownprint.ffi.CancelToken(), null)
        lateinit var whole: ByteArray
        lateinit var rest: ByteArray
        callbacks.reading(ByteArray(1500) { 7 }.inputStream()) { source ->
            whole = source.read(1000u)
            assertEquals(1000, whole.count { it == 7.toByte() })
            rest = source.read(1000u)
            assertEquals(500, rest.count { it == 7.toByte() })
            assertEquals(500, rest.size)
        }
        assertTrue(whole.all { it == 0.toByte() } && rest.all { it == 0.toByte() })
    }

    private companion object {
        /** Of what `LongStreamProgram.kt` reads, as the command line computes it. */
        const val BLAKE3_OF_STREAM =
            "6ca7b1b042b2c5f6f76568707ff2320f3bc8241b8fe55843538495267535d742"
    }
}
