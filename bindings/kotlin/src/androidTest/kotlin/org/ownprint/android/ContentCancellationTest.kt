package org.ownprint.android

import android.content.ContentResolver
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.ownprint.Fingerprinter
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** A cancelled coroutine closes what it opened. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [PhoneBitmap::class])
class ContentCancellationTest {
    private lateinit var resolver: ContentResolver
    private val fingerprinter by lazy { Fingerprinter() }

    @Before
    fun open() {
        resolver = RuntimeEnvironment.getApplication().contentResolver
        TestProvider.register()
        PhoneBitmap.erased = 0
    }

    @After fun close() = fingerprinter.close()

    @Test
    fun `while the provider opens`() = runBlocking {
        val isOpening = CompletableDeferred<Unit>()
        val cancelled = CountDownLatch(1)
        val file = Images.file(Images.jpeg())
        TestProvider.content = {
            isOpening.complete(Unit)
            // A provider that ignores interruption.
            while (cancelled.count > 0) {
                try {
                    cancelled.await(1, TimeUnit.MINUTES)
                } catch (ignored: InterruptedException) {}
            }
            TestProvider.file(file)
        }
        supervisorScope {
            val call =
                async(Dispatchers.Default) {
                    fingerprinter.fingerprint(resolver, TestProvider.uri)
                }
            isOpening.await()
            call.cancel()
            cancelled.countDown()
            call.join()
            assertThrows(CancellationException::class.java) { runBlocking { call.await() } }
        }
        assertEquals(1, TestProvider.openings.get())
        assertTrue("the descriptor was not closed", TestProvider.closings.get() >= 1)
    }

    @Test
    fun `while the content blocks`() = runBlocking {
        val written = CountDownLatch(1)
        val isOpen = CompletableDeferred<Unit>()
        TestProvider.content = {
            TestProvider.pipe { written.await() }.also { isOpen.complete(Unit) }
        }
        supervisorScope {
            val call =
                async(Dispatchers.Default) {
                    fingerprinter.fingerprint(resolver, TestProvider.uri)
                }
            isOpen.await()
            call.cancel()
            // On a phone, closing the descriptor ends the read. On the JVM, only the writer does.
            written.countDown()
            call.join()
            assertThrows(CancellationException::class.java) { runBlocking { call.await() } }
        }
        assertTrue("the descriptor was not closed", TestProvider.closings.get() >= 1)
    }

    @Test
    fun `after the digests`() = runBlocking {
        val jpeg = Images.jpeg()
        val file = Images.file(jpeg)
        TestProvider.content = { TestProvider.file(file) }
        supervisorScope {
            val self = CompletableDeferred<() -> Unit>()
            val call =
                async(Dispatchers.Default) {
                    val content = UriContent(resolver, TestProvider.uri)
                    val cancel = self.await()
                    fingerprinter.fingerprint(content, { true }) { bytesRead ->
                        // The last progress: what follows is Android's decoder.
                        if (bytesRead == jpeg.size.toLong()) cancel()
                    }
                }
            self.complete { call.cancel() }
            call.join()
            assertThrows(CancellationException::class.java) { runBlocking { call.await() } }
        }
        assertTrue("the descriptor was not closed", TestProvider.closings.get() >= 1)
    }
}
