package org.ownprint

import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** One object used by many threads. */
class ConcurrencyTest {
    @Test
    fun `sixteen threads at once, every kind of input`() {
        val pixels = Support.landscape(400, 300)
        val layout = PixelLayout(400, 300, PixelLayout.Format.L8)
        val photo = Support.photo.toFile().readBytes()
        Fingerprinter(Support.everything).use { fingerprinter ->
            val expected =
                fingerprinter.fingerprintBlocking(photo) to
                    fingerprinter.fingerprintPixelsBlocking(pixels, layout)
            val start = CyclicBarrier(16)
            val threads = Executors.newFixedThreadPool(16)
            val results =
                List(16) { number ->
                    threads.submit<List<Any>> {
                        start.await()
                        List(4) { turn ->
                            when ((number + turn) % 4) {
                                0 ->
                                    fingerprinter.fingerprintBlocking(Support.photo) to
                                        expected.second
                                1 -> fingerprinter.fingerprintBlocking(photo) to expected.second
                                2 ->
                                    fingerprinter.fingerprintBlocking(photo.inputStream()) to
                                        expected.second
                                else ->
                                    expected.first to
                                        fingerprinter.fingerprintPixelsBlocking(pixels, layout)
                            }
                        }
                    }
                }
            for (result in results) for (pair in result.get()) assertEquals(expected, pair)
            threads.shutdown()
        }
    }

    @Test
    fun `a hundred coroutines at once`() = runBlocking {
        Fingerprinter().use { fingerprinter ->
            val expected = fingerprinter.fingerprint(Support.photo)
            val all = List(100) { async { fingerprinter.fingerprint(Support.photo) } }.awaitAll()
            assertEquals(setOf(expected), all.toSet())
        }
    }
}
