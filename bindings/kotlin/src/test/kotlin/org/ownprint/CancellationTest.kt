package org.ownprint

import java.io.InputStream
import java.io.PipedInputStream
import java.io.PipedOutputStream
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** A cancelled coroutine ends soon, and with a `CancellationException`. */
class CancellationTest {
    /** Zeros without end. */
    private class Endless : InputStream() {
        val given = AtomicLong()

        override fun read(): Int = 0

        override fun read(bytes: ByteArray, offset: Int, length: Int): Int {
            bytes.fill(0, offset, offset + length)
            given.addAndGet(length.toLong())
            return length
        }
    }

    private suspend fun Deferred<*>.endsByCancellation(within: Duration) {
        val time = measureTime {
            cancel()
            assertThrows<CancellationException> { runBlocking { await() } }
            join()
        }
        println("cancelled after $time")
        assertTrue(time < within, "it took $time to be cancelled")
    }

    @Test
    fun `before it begins`() = runBlocking<Unit> {
        val calls = AtomicInteger()
        Ownprint().use { ownprint ->
            val stream = Endless()
            @OptIn(DelicateCoroutinesApi::class)
            val job = async(start = CoroutineStart.ATOMIC) {
                calls.incrementAndGet()
                ownprint.fingerprint(stream)
            }
            job.cancel()
            assertThrows<CancellationException> { runBlocking { job.await() } }
            assertEquals(0L, stream.given.get())
        }
        assertEquals(1, calls.get())
    }

    @Test
    fun `during a stream`() = runBlocking {
        supervisorScope {
            Ownprint().use { ownprint ->
                val stream = Endless()
                val job = async { ownprint.fingerprint(stream) }
                while (stream.given.get() < 5_000_000) delay(1.milliseconds)
                job.endsByCancellation(2.seconds)
                val given = stream.given.get()
                delay(50.milliseconds)
                assertEquals(given, stream.given.get(), "the stream is read after the call is over")
            }
        }
    }

    @Test
    fun `while a stream waits for bytes`() = runBlocking {
        supervisorScope {
            Ownprint().use { ownprint ->
                val writer = PipedOutputStream()
                val reader = PipedInputStream(writer, 1000)
                writer.write(ByteArray(100))
                val job = async { ownprint.fingerprint(reader) }
                while (reader.available() > 0) delay(1.milliseconds)
                job.endsByCancellation(2.seconds)
            }
        }
    }

    @Test
    fun `by the listener's own coroutine`() = runBlocking {
        supervisorScope {
            Ownprint().use { ownprint ->
                val reached = CompletableDeferred<Unit>()
                val job = async(Dispatchers.Default) {
                    ownprint.digests(Endless()) { if (it > 3_000_000) reached.complete(Unit) }
                }
                reached.await()
                job.endsByCancellation(2.seconds)
            }
        }
    }

    @Test
    fun `during a big image`() = runBlocking {
        val (width, height) = 12_000 to 9_000
        val pixels = Support.landscape(width, height)
        val layout = PixelLayout(width, height, "l8")
        val hashes = Ownprint.capabilities().hashes.map { it.name }
        supervisorScope {
            Ownprint(Options(hashes)).use { ownprint ->
                val whole = measureTime { ownprint.fingerprintPixels(pixels, layout) }
                val job = async { ownprint.fingerprintPixels(pixels, layout) }
                // The call runs on other threads; let it get to work.
                withContext(Dispatchers.IO) { Thread.sleep(whole.inWholeMilliseconds / 5) }
                println("not cancelled it takes $whole")
                job.endsByCancellation(whole / 2)
            }
        }
    }

    @Test
    fun `of a flow by its collector`() = runBlocking {
        val begun = AtomicInteger()
        val endless = flow { while (true) emit(Support.photo) }.onEach { begun.incrementAndGet() }
        Ownprint().use { ownprint ->
            val results = ownprint.fingerprintAll(endless, concurrency = 2) { fingerprint(it) }.take(5).toList()
            assertEquals(5, results.count { it.fingerprint != null })
        }
        assertTrue(begun.get() <= 5 + 2 + 2, "${begun.get()} files were taken from the flow")
    }
}
