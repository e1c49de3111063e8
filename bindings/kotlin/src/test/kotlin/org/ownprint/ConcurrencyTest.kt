package org.ownprint

import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** One object, many threads. */
class ConcurrencyTest {
    @Test
    fun `sixteen threads at once, every entryPoint`() {
        val pixels = Support.landscape(400, 300)
        val layout = PixelLayout(400, 300, "l8")
        val photo = Support.photo.toFile().readBytes()
        Ownprint(Options(listOf("all"))).use { ownprint ->
            val expected = ownprint.fingerprintBlocking(photo) to ownprint.fingerprintPixelsBlocking(pixels, layout)
            val start = CyclicBarrier(16)
            val threads = Executors.newFixedThreadPool(16)
            val results = List(16) { number ->
                threads.submit<List<Any>> {
                    start.await()
                    List(4) { turn ->
                        when ((number + turn) % 4) {
                            0 -> ownprint.fingerprintBlocking(Support.photo) to expected.second
                            1 -> ownprint.fingerprintBlocking(photo) to expected.second
                            2 -> ownprint.fingerprintBlocking(photo.inputStream()) to expected.second
                            else -> expected.first to ownprint.fingerprintPixelsBlocking(pixels, layout)
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
        Ownprint().use { ownprint ->
            val expected = ownprint.fingerprint(Support.photo)
            val all = List(100) { async { ownprint.fingerprint(Support.photo) } }.awaitAll()
            assertEquals(setOf(expected), all.toSet())
        }
    }
}
