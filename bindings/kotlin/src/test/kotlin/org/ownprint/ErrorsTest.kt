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

/** Calls fail with the code and message of the core, or with the exception of the caller's code. */
class ErrorsTest {
    private fun code(call: suspend Fingerprinter.() -> Unit): String =
        assertThrows<OwnprintException> { Fingerprinter().use { runBlocking { it.call() } } }.code

    @Test
    fun `codes of files, pixels and names`(@TempDir folder: Path) {
        val photo = Files.readAllBytes(Support.photo)
        assertEquals("io", code { fingerprint(folder.resolve("nothing.jpg")) })
        assertEquals("io", code { fingerprint(folder) })
        val gray = PixelLayout(10, 10, PixelLayout.Format.L8)
        assertEquals("invalid-pixels", code { fingerprintPixels(ByteBuffer.allocate(99), gray) })
        assertEquals(
            "invalid-pixels",
            code { fingerprintPixels(ByteBuffer.allocate(100), gray.copy(stride = 9)) },
        )
        assertEquals(
            "unknown-algorithm",
            assertThrows<OwnprintException> { HashAlgorithm.parse("phash9") }.code,
        )
        assertEquals(
            "unknown-algorithm",
            assertThrows<OwnprintException> { DigestAlgorithm.parse("md6") }.code,
        )
        val unknown = Options(listOf(HashAlgorithm("phash9")))
        assertEquals(
            "unknown-algorithm",
            assertThrows<OwnprintException> { Fingerprinter(unknown) }.code,
        )
        assertEquals(
            "not-comparable",
            assertThrows<OwnprintException> { Ownprint.distance("00", "0000") }.code,
        )
        assertEquals(
            "invalid-hash",
            assertThrows<OwnprintException> { Ownprint.distance("0g", "00") }.code,
        )
    }

    @Test
    fun `a damaged image has its digests and an error`() = runBlocking {
        val photo = Files.readAllBytes(Support.photo)
        val half = photo.copyOf(photo.size / 2)
        Fingerprinter().use { fingerprinter ->
            for (fingerprint in
                listOf(
                    fingerprinter.fingerprint(half),
                    fingerprinter.fingerprint(half.inputStream()),
                )) {
                assertEquals("truncated", fingerprint.error?.code)
                assertNull(fingerprint.image)
                assertNull(fingerprint.hash(HashAlgorithm.PDQ))
                assertEquals(fingerprinter.digests(half.inputStream()), fingerprint.digests)
                assertEquals(3, fingerprint.digests.size)
                val record = FingerprintRecord("half.jpg", fingerprint)
                assertEquals(record, FingerprintRecord.fromJson(record.toJson()))
            }
        }
    }

    @Test
    fun `no message contains the name of the file`(@TempDir folder: Path) {
        val name = "portrait-of-somebody"
        val path = folder.resolve("$name.jpg")
        val photo = Files.readAllBytes(Support.photo)
        val messages = mutableListOf<String>()
        for (bytes in
            listOf(
                null,
                photo.copyOf(photo.size / 2),
                byteArrayOf(-1, -40, -1),
                "no image".toByteArray(),
            )) {
            if (bytes != null) Files.write(path, bytes)
            Fingerprinter(Support.hashes(HashAlgorithm.PDQ)).use { fingerprinter ->
                if (bytes != null) {
                    messages += fingerprinter.fingerprintBlocking(path).error!!.message
                    messages += runBlocking { fingerprinter.fingerprint(path) }.error!!.message
                } else {
                    messages +=
                        "${assertThrows<OwnprintException> { fingerprinter.fingerprintBlocking(path) }}"
                    messages +=
                        "${assertThrows<OwnprintException> { runBlocking { fingerprinter.fingerprint(path) } }}"
                }
            }
            messages += "${assertThrows<OwnprintException> { HashIndex.loadBlocking(path) }}"
        }
        Files.delete(path)
        HashIndex().use { index ->
            messages +=
                "${assertThrows<OwnprintException> { index.saveBlocking(path.resolve("index")) }}"
        }
        for (message in messages) assertFalse(name in message, message)
        // The caller gets the exception of its stream. The native library gets the class only,
        // without a name.
        val missing = java.io.FileNotFoundException("$path (No such file or directory)")
        val passed =
            org.ownprint.ffi.CancelToken().use { token ->
                assertThrows<org.ownprint.ffi.SourceException.Failed> {
                    Callbacks(token, null).StreamSource(Failing(missing)).read(16u)
                }
            }
        assertEquals("java.io.FileNotFoundException", passed.reason)
    }

    @Test
    fun `limits and options reach the core`() =
        runBlocking<Unit> {
            val limited = Fingerprinter(Options(limits = Limits(pixels = 1000)))
            val error = limited.use { it.fingerprint(Support.photo) }.error!!
            assertEquals("limit-exceeded", error.code)
            assertTrue("over the limit of 1000" in error.message, error.message)
            val md5 = Support.digests(DigestAlgorithm.MD5)
            val fingerprint = Fingerprinter(md5).use { it.fingerprint(Support.photo) }
            assertEquals(listOf(DigestAlgorithm.MD5), fingerprint.digests.map { it.algorithm })
            assertNull(fingerprint.image)
            assertNull(fingerprint.error)
            assertThrows<IllegalArgumentException> { Limits(width = -1) }
            assertThrows<IllegalArgumentException> { PixelLayout(-1, 1, PixelLayout.Format.L8) }
        }

    @Test
    fun `a file that is not an image has digests and a warning`() = runBlocking {
        val fingerprint = Fingerprinter().use { it.fingerprint("no image".toByteArray()) }
        assertNull(fingerprint.image)
        assertNull(fingerprint.hash(HashAlgorithm.PDQ))
        assertNull(fingerprint.error)
        assertEquals(listOf("not-an-image"), fingerprint.warnings.map { it.code })
        assertEquals("706bebc7", fingerprint.digest(DigestAlgorithm.MD5)!!.hex.take(8))
    }

    private class Failing(val reason: Throwable) : InputStream() {
        override fun read(): Int = throw reason
    }

    @Test
    fun `the exception of a stream is thrown`() {
        for (reason in
            listOf(
                IOException("gone"),
                IllegalStateException("closed"),
                OutOfMemoryError("no room"),
            )) {
            Fingerprinter().use { fingerprinter ->
                val suspending =
                    assertThrows<Throwable> {
                        runBlocking { fingerprinter.fingerprint(Failing(reason)) }
                    }
                // Coroutines copy an exception to add the caller's stack; the original is the
                // cause.
                assertTrue(suspending === reason || suspending.cause === reason, "$suspending")
                assertEquals(reason.javaClass, suspending.javaClass)
                assertSame(
                    reason,
                    assertThrows<Throwable> { fingerprinter.fingerprintBlocking(Failing(reason)) },
                )
            }
        }
    }

    @Test
    fun `the exception of a progress listener is thrown`() =
        Fingerprinter().use { fingerprinter ->
            val reason = IllegalStateException("the window is gone")
            val large = ByteArray(5 shl 20)
            var calls = 0
            val thrown =
                assertThrows<IllegalStateException> {
                    fingerprinter.fingerprintBlocking(large) {
                        calls++
                        throw reason
                    }
                }
            assertSame(reason, thrown)
            assertEquals(1, calls)
        }

    @Test
    fun `progress rises to the whole length`() = runBlocking {
        val reported = mutableListOf<Long>()
        Fingerprinter().use {
            it.fingerprint(ByteArrayInputStream(ByteArray(5_000_000))) { bytes ->
                reported += bytes
            }
        }
        assertEquals(reported.sorted(), reported)
        assertEquals(5_000_000L, reported.last())
        assertTrue(reported.size >= 5, "$reported")
    }

    @Test
    fun `a failure does not stop the other files`(@TempDir folder: Path) = runBlocking {
        val bad = Files.write(folder.resolve("bad.jpg"), byteArrayOf(-1, -40, -1))
        val paths = listOf(Support.photo, bad, folder.resolve("nothing.jpg"), Support.photo)
        Fingerprinter().use { fingerprinter ->
            val results =
                fingerprinter.fingerprintAll(paths, concurrency = 2).toList().sortedBy { it.index }
            val codes =
                results.map {
                    when (it) {
                        is FileResult.Success -> it.fingerprint.error?.code
                        is FileResult.Failure -> (it.error as OwnprintException).code
                    }
                }
            assertEquals(listOf(null, "truncated", "io", null), codes)
            assertEquals(paths, results.map { it.source })
            val (first, last) =
                listOf(results[0], results[3]).map { (it as FileResult.Success).fingerprint }
            assertEquals(first, last)
            val blocking = mutableListOf<FileResult<Path>>()
            fingerprinter.fingerprintAllBlocking(paths, 2) { blocking += it }
            assertEquals(
                results.map { it.javaClass },
                blocking.sortedBy { it.index }.map { it.javaClass },
            )
        }
    }

    @Test
    fun `the number of files at work is limited`() = runBlocking {
        val (now, largest) =
            java.util.concurrent.atomic.AtomicInteger() to
                java.util.concurrent.atomic.AtomicInteger()
        val sources = flowOf(*Array(40) { it })
        Fingerprinter().use { fingerprinter ->
            val results =
                fingerprinter
                    .fingerprintAll(sources, concurrency = 3) {
                        largest.accumulateAndGet(now.incrementAndGet(), ::maxOf)
                        kotlinx.coroutines.delay(2)
                        fingerprint(byteArrayOf(it.toByte())).also { now.decrementAndGet() }
                    }
                    .toList()
            assertEquals((0 until 40).toSet(), results.map { it.index }.toSet())
        }
        assertEquals(3, largest.get())
    }

    @Test
    fun `paths of other file systems`(@TempDir folder: Path) = runBlocking {
        val zip = java.net.URI.create("jar:" + folder.resolve("images.zip").toUri())
        FileSystems.newFileSystem(zip, mapOf("create" to "true")).use { inside ->
            val copy = Files.copy(Support.photo, inside.getPath("/a.jpg"))
            Fingerprinter().use {
                assertEquals(it.fingerprint(Support.photo), it.fingerprint(copy))
            }
            assertEquals(Ownprint.fingerprint(Support.photo), Ownprint.fingerprintBlocking(copy))
        }
    }

    @Test
    fun `a closed object fails`() {
        val fingerprinter = Fingerprinter().also { it.close() }
        fingerprinter.close()
        assertThrows<IllegalStateException> { fingerprinter.fingerprintBlocking(ByteArray(0)) }
    }

    @Test
    fun `loading leaves the calling thread`() {
        val (status, printed) =
            Support.java("-cp", System.getProperty("java.class.path"), "org.ownprint.LoadProgramKt")
        assertEquals(0, status, printed)
        assertEquals("free", printed.trim())
    }

    @Test
    fun `a machine without a native library`() {
        val (status, printed) =
            Support.java(
                "-Duniffi.component.ownprint_ffi.libraryOverride=nowhere",
                "-cp",
                System.getProperty("java.class.path"),
                "org.ownprint.MissingLibraryProgramKt",
            )
        assertEquals(0, status, printed)
        assertEquals("load-failed load-failed", printed.trim())
        assertFalse("nowhere" in printed)
    }
}
