package org.ownprint

import java.io.ByteArrayInputStream
import java.io.IOException
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.Path
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** What fails, fails with the core's code and sentence, or with the caller's own exception. */
class ErrorsTest {
    private fun code(call: suspend Ownprint.() -> Unit): String =
        assertThrows<OwnprintException> { Ownprint().use { runBlocking { it.call() } } }.code

    @Test
    fun `codes of files, pixels and names`(@TempDir folder: Path) {
        val photo = Files.readAllBytes(Support.photo)
        assertEquals("io", code { fingerprint(folder.resolve("nothing.jpg")) })
        assertEquals("io", code { fingerprint(folder) })
        assertEquals("truncated", code { fingerprint(photo.copyOf(photo.size / 2)) })
        assertEquals("truncated", code { fingerprint(ByteArrayInputStream(photo, 0, photo.size / 2)) })
        assertEquals("invalid-pixels", code { fingerprintPixels(ByteBuffer.allocate(99), PixelLayout(10, 10, "l8")) })
        assertEquals("invalid-pixels", code { fingerprintPixels(ByteBuffer.allocate(99), PixelLayout(9, 9, "nv21")) })
        assertEquals("unknown-algorithm", assertThrows<OwnprintException> { Ownprint(Options(listOf("phash9"))) }.code)
        assertEquals("not-comparable", assertThrows<OwnprintException> { Ownprint.distance("00", "0000") }.code)
        assertEquals("invalid-hash", assertThrows<OwnprintException> { Ownprint.distance("0g", "00") }.code)
    }

    @Test
    fun `no message holds the name of the file`(@TempDir folder: Path) {
        val name = "portrait-of-somebody"
        val path = folder.resolve("$name.jpg")
        val photo = Files.readAllBytes(Support.photo)
        val failures = mutableListOf<OwnprintException>()
        for (bytes in listOf(null, photo.copyOf(photo.size / 2), byteArrayOf(-1, -40, -1), "no image".toByteArray())) {
            if (bytes != null) Files.write(path, bytes)
            Ownprint(Options(listOf("pdq"))).use { ownprint ->
                failures += assertThrows<OwnprintException> { ownprint.fingerprintBlocking(path) }
                failures += assertThrows<OwnprintException> { runBlocking { ownprint.fingerprint(path) } }
            }
            failures += assertThrows<OwnprintException> { HashIndex.load(path) }
        }
        Files.delete(path)
        failures += HashIndex().use { index -> assertThrows<OwnprintException> { index.save(path.resolve("index")) } }
        for (error in failures) assertFalse(name in "$error", "$error")
        // What a stream throws comes out as itself; what the native library is told of it has no name.
        val missing = java.io.FileNotFoundException("$path (No such file or directory)")
        val told = org.ownprint.ffi.CancelToken().use { token ->
            assertThrows<org.ownprint.ffi.SourceException.Failed> { Callbacks(token, null).StreamSource(Torn(missing)).read(16u) }
        }
        assertEquals("java.io.FileNotFoundException", told.reason)
    }

    @Test
    fun `limits and options reach the core`() = runBlocking<Unit> {
        val limited = Ownprint(Options(limits = Limits(pixels = 1000)))
        val error = assertThrows<OwnprintException> { limited.use { runBlocking { it.fingerprint(Support.photo) } } }
        assertEquals("limit-exceeded", error.code)
        assertTrue("over the limit of 1000" in error.message, error.message)
        val fingerprint = Ownprint(Options(listOf("md5"))).use { it.fingerprint(Support.photo) }
        assertEquals(listOf("md5"), fingerprint.digests.map { it.algorithm })
        assertTrue(fingerprint.hashes.isEmpty())
        assertThrows<IllegalArgumentException> { Limits(width = -1) }
        assertThrows<IllegalArgumentException> { PixelLayout(-1, 1, "l8") }
    }

    @Test
    fun `a file that is no image has digests and a warning`() = runBlocking {
        val fingerprint = Ownprint().use { it.fingerprint("no image".toByteArray()) }
        assertNull(fingerprint.image)
        assertNull(fingerprint.hash("pdq"))
        assertEquals(listOf("not-an-image"), fingerprint.warnings.map { it.code })
        assertEquals("52b8497c", fingerprint.digest("md5")!!.take(8))
    }

    private class Torn(val reason: Throwable) : InputStream() {
        override fun read(): Int = throw reason
    }

    @Test
    fun `what a stream throws comes out as itself`() {
        for (reason in listOf(IOException("gone"), IllegalStateException("closed"), OutOfMemoryError("no room"))) {
            Ownprint().use { ownprint ->
                val suspending = assertThrows<Throwable> { runBlocking { ownprint.fingerprint(Torn(reason)) } }
                // Coroutines copy an exception to give it the caller's stack; the original is its cause.
                assertTrue(suspending === reason || suspending.cause === reason, "$suspending")
                assertEquals(reason.javaClass, suspending.javaClass)
                assertSame(reason, assertThrows<Throwable> { ownprint.fingerprintBlocking(Torn(reason)) })
            }
        }
    }

    @Test
    fun `what a progress listener throws comes out as itself`() = Ownprint().use { ownprint ->
        val reason = IllegalStateException("the window is gone")
        val large = ByteArray(5 shl 20)
        var calls = 0
        val thrown = assertThrows<IllegalStateException> {
            ownprint.fingerprintBlocking(large) { calls++; throw reason }
        }
        assertSame(reason, thrown)
        assertEquals(1, calls)
    }

    @Test
    fun `progress rises to the whole length`() = runBlocking {
        val told = mutableListOf<Long>()
        Ownprint().use { it.fingerprint(ByteArrayInputStream(ByteArray(5_000_000))) { bytes -> told += bytes } }
        assertEquals(told.sorted(), told)
        assertEquals(5_000_000L, told.last())
        assertTrue(told.size >= 5, "$told")
    }

    @Test
    fun `one bad file never stops the rest`(@TempDir folder: Path) = runBlocking {
        val bad = Files.write(folder.resolve("bad.jpg"), byteArrayOf(-1, -40, -1))
        val paths = listOf(Support.photo, bad, folder.resolve("nothing.jpg"), Support.photo)
        val results = Ownprint().use { it.fingerprintAll(paths, concurrency = 2).toList() }.sortedBy { it.index }
        assertEquals(listOf(null, "truncated", "io", null), results.map { (it.error as OwnprintException?)?.code })
        assertEquals(paths, results.map { it.source })
        assertEquals(results[0].fingerprint, results[3].fingerprint)
    }

    @Test
    fun `no more files at once than were allowed`() = runBlocking {
        val (now, most) = java.util.concurrent.atomic.AtomicInteger() to java.util.concurrent.atomic.AtomicInteger()
        val sources = flowOf(*Array(40) { it })
        Ownprint().use { ownprint ->
            val results = ownprint.fingerprintAll(sources, concurrency = 3) {
                most.accumulateAndGet(now.incrementAndGet(), ::maxOf)
                kotlinx.coroutines.delay(2)
                fingerprint(byteArrayOf(it.toByte())).also { now.decrementAndGet() }
            }.toList()
            assertEquals((0 until 40).toSet(), results.map { it.index }.toSet())
        }
        assertEquals(3, most.get())
    }

    @Test
    fun `paths of other file systems and the other entryPoints agree`(@TempDir folder: Path) = runBlocking {
        val zip = java.net.URI.create("jar:" + folder.resolve("images.zip").toUri())
        FileSystems.newFileSystem(zip, mapOf("create" to "true")).use { inside ->
            val copy = Files.copy(Support.photo, inside.getPath("/a.jpg"))
            Ownprint().use { assertEquals(it.fingerprint(Support.photo), it.fingerprint(copy)) }
        }
    }

    @Test
    fun `a closed object says so`() {
        val ownprint = Ownprint().also { it.close() }
        ownprint.close()
        assertThrows<IllegalStateException> { ownprint.fingerprintBlocking(ByteArray(0)) }
    }

    @Test
    fun `a machine without its library is told so`() {
        val (status, printed) = Support.java(
            "-Duniffi.component.ownprint_ffi.libraryOverride=nowhere",
            "-cp", System.getProperty("java.class.path"), "org.ownprint.WithoutLibraryKt",
        )
        assertEquals(0, status, printed)
        assertEquals("load-failed load-failed", printed.trim())
        assertFalse("nowhere" in printed)
    }
}
