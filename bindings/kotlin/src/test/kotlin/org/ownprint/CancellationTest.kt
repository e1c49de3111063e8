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

/** A cancelled coroutine ends soon with a `CancellationException`. */
class CancellationTest {
    /** An endless stream of zeros. */
    private class Endless : InputStream() {
        val bytesRead = AtomicLong()

        override fun read(): Int = 0

        override fun read(bytes: ByteArray, offset: Int, length: Int): Int {
            bytes.fill(0, offset, offset + length)
            bytesRead.addAndGet(length.toLong())
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
    fun `before the call`() =
        runBlocking<Unit> {
            val calls = AtomicInteger()
            Fingerprinter().use { fingerprinter ->
                val stream = Endless()
                @OptIn(DelicateCoroutinesApi::class)
                val job =
                    async(start = CoroutineStart.ATOMIC) {
                        calls.incrementAndGet()
                        fingerprinter.fingerprint(stream)
                    }
                job.cancel()
                assertThrows<CancellationException> { runBlocking { job.await() } }
                assertEquals(0L, stream.bytesRead.get())
            }
            assertEquals(1, calls.get())
        }

    @Test
    fun `during a stream`() = runBlocking {
        supervisorScope {
            Fingerprinter().use { fingerprinter ->
                val stream = Endless()
                val job = async { fingerprinter.fingerprint(stream) }
                while (stream.bytesRead.get() < 5_000_000) delay(1.milliseconds)
                job.endsByCancellation(2.seconds)
                val bytesRead = stream.bytesRead.get()
                delay(50.milliseconds)
                assertEquals(
                    bytesRead,
                    stream.bytesRead.get(),
                    "the stream was read after the end of the call",
                )
            }
        }
    }

    @Test
    fun `during a blocking read`() = runBlocking {
        supervisorScope {
            Fingerprinter().use { fingerprinter ->
                val writer = PipedOutputStream()
                val reader = PipedInputStream(writer, 1000)
                writer.write(ByteArray(100))
                val job = async { fingerprinter.fingerprint(reader) }
                while (reader.available() > 0) delay(1.milliseconds)
                job.endsByCancellation(2.seconds)
            }
        }
    }

    @Test
    fun `after progress`() = runBlocking {
        supervisorScope {
            Fingerprinter().use { fingerprinter ->
                val reached = CompletableDeferred<Unit>()
                val job =
                    async(Dispatchers.Default) {
                        fingerprinter.digests(Endless()) {
                            if (it > 3_000_000) reached.complete(Unit)
                        }
                    }
                reached.await()
                job.endsByCancellation(2.seconds)
            }
        }
    }

    @Test
    fun `during a large image`() = runBlocking {
        val (width, height) = 12_000 to 9_000
        val pixels = Support.landscape(width, height)
        val layout = PixelLayout(width, height, PixelLayout.Format.L8)
        val hashes = HashAlgorithm.all()
        supervisorScope {
            Fingerprinter(Options(hashes)).use { fingerprinter ->
                val whole = measureTime { fingerprinter.fingerprintPixels(pixels, layout) }
                val job = async { fingerprinter.fingerprintPixels(pixels, layout) }
                // The call runs on other threads: wait until it computes.
                withContext(Dispatchers.IO) { Thread.sleep(whole.inWholeMilliseconds / 5) }
                println("without cancellation it takes $whole")
                job.endsByCancellation(whole / 2)
            }
        }
    }

    @Test
    fun `of a flow`() = runBlocking {
        val begun = AtomicInteger()
        val endless = flow { while (true) emit(Support.photo) }.onEach { begun.incrementAndGet() }
        Fingerprinter().use { fingerprinter ->
            val results =
                fingerprinter
                    .fingerprintAll(endless, concurrency = 2) { fingerprint(it) }
                    .take(5)
                    .toList()
            assertEquals(5, results.count { it is FileResult.Success })
        }
        assertTrue(begun.get() <= 5 + 2 + 2, "${begun.get()} files were taken from the flow")
    }
}
