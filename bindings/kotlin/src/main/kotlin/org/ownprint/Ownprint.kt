package org.ownprint

import java.io.File
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.Path
import kotlinx.coroutines.Dispatchers
import org.ownprint.ffi.CancelToken
import org.ownprint.ffi.Fingerprinter

/**
 * Fingerprints images: bytes, paths, pixels and streams go in, records come out. Everything is computed by the native
 * library inside this package; nothing is sent anywhere and no file is written.
 *
 * Set up once, and used for any number of images, from any number of threads and coroutines at once:
 *
 * ```kotlin
 * Ownprint().use { ownprint ->
 *     val fingerprint = ownprint.fingerprint(Path.of("photo.jpg"))
 *     println("${fingerprint.hash("pdq")?.hex} quality ${fingerprint.hash("pdq")?.quality}")
 * }
 * ```
 *
 * The suspending functions leave the caller's thread: files, bytes and pixels are worked on in [Dispatchers.Default], streams,
 * which may wait for their bytes, in [Dispatchers.IO]. A coroutine that is cancelled ends with
 * [kotlinx.coroutines.CancellationException], and only once the native call has ended too, so that its buffer or stream is the
 * caller's again: within a few rows or a quarter of a megabyte, but not while a decoder works (about 100 ms for a JPEG of 12
 * megapixels).
 *
 * The `…Blocking` functions do the same on the thread that calls them; they are for Java and for threads of one's own.
 *
 * @param options what to compute, and over what
 * @throws OwnprintException `unknown-algorithm`, `unknown-variant`, `invalid-variants`; `load-failed` where this package has no native library for the machine
 */
public class Ownprint @JvmOverloads constructor(internal val options: Options = Options()) : AutoCloseable {
    private val fingerprinter = atBorder { Fingerprinter(options.toNative()) }
    private val digester = atBorder { Fingerprinter(options.copy(digestsOnly = true).toNative()) }

    /**
     * Fingerprints the file at a path.
     *
     * Paths of other file systems (a zip file's entries) are read as streams, as are names that are not text.
     *
     * @param onProgress told the bytes read so far
     * @throws OwnprintException `io`, and any code of an image that cannot be decoded. A file that is no image gives its
     *   digests and a warning, or `not-an-image` / `unsupported-format` when no digest was asked for.
     * @throws java.io.IOException when a path that is read as a stream cannot be opened
     */
    public suspend fun fingerprint(path: Path, onProgress: ProgressListener? = null): Fingerprint {
        val name = path.nativeName() ?: return Files.newInputStream(path).use { fingerprint(it, onProgress) }
        return cancellable(Dispatchers.Default) { token -> ofFile(fingerprinter, name, token, onProgress) }
    }

    /** As [fingerprint] of a path. */
    public suspend fun fingerprint(file: File, onProgress: ProgressListener? = null): Fingerprint =
        fingerprint(file.toPath(), onProgress)

    /**
     * Fingerprints what a stream gives, from where it stands to its end. An image is kept in (native, wiped) memory; anything
     * else only passes through the digests, in constant memory whatever its length. The stream is not closed.
     *
     * Cancellation also interrupts the reading thread, which ends waits that can be interrupted; to end any other wait,
     * close the stream.
     *
     * @param onProgress told the bytes read so far
     * @throws OwnprintException as [fingerprint] of a path
     * @throws Exception what the stream threw, as itself
     */
    public suspend fun fingerprint(stream: InputStream, onProgress: ProgressListener? = null): Fingerprint =
        interruptible(Dispatchers.IO) { token -> ofStream(fingerprinter, stream, token, onProgress) }

    /**
     * Fingerprints a whole file in memory, from the buffer's position to its limit; neither is moved.
     *
     * A direct buffer is read where it lies. A heap buffer is copied once into a direct one, which is then overwritten with
     * zeros. The bytes must not change before the call is over.
     *
     * @param onProgress told the bytes read so far
     * @throws OwnprintException as [fingerprint] of a path, but `io`
     */
    public suspend fun fingerprint(bytes: ByteBuffer, onProgress: ProgressListener? = null): Fingerprint =
        cancellable(Dispatchers.Default) { token -> ofBytes(bytes, token, onProgress) }

    /** As [fingerprint] of a heap buffer. */
    public suspend fun fingerprint(bytes: ByteArray, onProgress: ProgressListener? = null): Fingerprint =
        fingerprint(ByteBuffer.wrap(bytes), onProgress)

    /**
     * Fingerprints decoded pixels, from the buffer's position on; there are no digests, for there is no file.
     *
     * A direct buffer is read where it lies: for large images, use one. A heap buffer is copied as by [fingerprint]. The
     * pixels must not change before the call is over.
     *
     * @throws OwnprintException `invalid-pixels`, `limit-exceeded`
     */
    public suspend fun fingerprintPixels(pixels: ByteBuffer, layout: PixelLayout): Fingerprint =
        cancellable(Dispatchers.Default) { token -> ofPixels(pixels, layout, token) }

    /**
     * The digests of a file of any kind and length, in constant memory; no image is decoded.
     *
     * @param onProgress told the bytes read so far
     * @throws OwnprintException `io`, and `not-an-image` or `unsupported-format` when no digest was asked for
     */
    public suspend fun digests(path: Path, onProgress: ProgressListener? = null): List<Digest> {
        val name = path.nativeName() ?: return Files.newInputStream(path).use { digests(it, onProgress) }
        return cancellable(Dispatchers.Default) { token -> ofFile(digester, name, token, onProgress).digests }
    }

    /**
     * The digests of what a stream gives; otherwise as [digests] of a path, and as to cancellation and errors of the stream as
     * [fingerprint] of a stream.
     */
    public suspend fun digests(stream: InputStream, onProgress: ProgressListener? = null): List<Digest> =
        interruptible(Dispatchers.IO) { token -> ofStream(digester, stream, token, onProgress).digests }

    /** [fingerprint] of a path, on this thread. */
    @JvmOverloads
    public fun fingerprintBlocking(path: Path, onProgress: ProgressListener? = null): Fingerprint {
        val name = path.nativeName() ?: return Files.newInputStream(path).use { fingerprintBlocking(it, onProgress) }
        return blocking { token -> ofFile(fingerprinter, name, token, onProgress) }
    }

    /** [fingerprint] of a stream, on this thread. */
    @JvmOverloads
    public fun fingerprintBlocking(stream: InputStream, onProgress: ProgressListener? = null): Fingerprint =
        blocking { token -> ofStream(fingerprinter, stream, token, onProgress) }

    /** [fingerprint] of a file in memory, on this thread. */
    @JvmOverloads
    public fun fingerprintBlocking(bytes: ByteBuffer, onProgress: ProgressListener? = null): Fingerprint =
        blocking { token -> ofBytes(bytes, token, onProgress) }

    /** [fingerprint] of a file in memory, on this thread. */
    @JvmOverloads
    public fun fingerprintBlocking(bytes: ByteArray, onProgress: ProgressListener? = null): Fingerprint =
        fingerprintBlocking(ByteBuffer.wrap(bytes), onProgress)

    /** [fingerprintPixels], on this thread. */
    public fun fingerprintPixelsBlocking(pixels: ByteBuffer, layout: PixelLayout): Fingerprint =
        blocking { token -> ofPixels(pixels, layout, token) }

    /** [digests] of a stream, on this thread. */
    @JvmOverloads
    public fun digestsBlocking(stream: InputStream, onProgress: ProgressListener? = null): List<Digest> =
        blocking { token -> ofStream(digester, stream, token, onProgress).digests }

    /**
     * Lets go of the native object, once the calls that use it are over. A call after this one fails with
     * [IllegalStateException].
     */
    override fun close() {
        fingerprinter.close()
        digester.close()
    }

    private fun ofFile(with: Fingerprinter, name: String, token: CancelToken, listener: ProgressListener?): Fingerprint {
        val callbacks = Callbacks(token, listener)
        return callbacks.result { with.fingerprintFile(name, token, callbacks.progress) }.toRecord()
    }

    private fun ofStream(
        with: Fingerprinter,
        stream: InputStream,
        token: CancelToken,
        listener: ProgressListener?,
    ): Fingerprint {
        val callbacks = Callbacks(token, listener)
        return callbacks.reading(stream) { source ->
            callbacks.result { with.fingerprintStream(source, token, callbacks.progress) }.toRecord()
        }
    }

    private fun ofBytes(bytes: ByteBuffer, token: CancelToken, listener: ProgressListener?): Fingerprint {
        val callbacks = Callbacks(token, listener)
        return bytes.lend { borrowed ->
            callbacks.result { fingerprinter.fingerprintBytes(borrowed, token, callbacks.progress) }.toRecord()
        }
    }

    private fun ofPixels(pixels: ByteBuffer, layout: PixelLayout, token: CancelToken): Fingerprint {
        val native = layout.toNative()
        return pixels.lend { borrowed -> atBorder { fingerprinter.fingerprintPixels(borrowed, native, token) }.toRecord() }
    }

    public companion object {
        /**
         * Compares two hashes of one algorithm.
         *
         * @param algorithm the stable name, such as `pdq`
         * @param a a hash in hexadecimal digits
         * @param b another one
         * @throws OwnprintException `unknown-algorithm`, `invalid-hash`, `not-comparable`
         */
        @JvmStatic
        public fun compare(algorithm: String, a: String, b: String): Comparison =
            atBorder { org.ownprint.ffi.compare(algorithm, a, b) }.toRecord()

        /**
         * Compares a hash with that of the original's variants which is the nearest to it; the result says which.
         *
         * @param variants a set, as [Fingerprint.variants] has it
         * @param hex a `pdq` hash in hexadecimal digits
         * @throws OwnprintException `invalid-hash`, `not-comparable`, `unknown-variant`
         */
        @JvmStatic
        public fun compare(variants: VariantHashes, hex: String): Comparison =
            atBorder { org.ownprint.ffi.compareVariants(variants.toNative(), hex) }.toRecord()

        /**
         * Bits that differ between two hashes of one length, in hexadecimal digits. What a distance means depends on the
         * algorithm: [compare] knows.
         *
         * @throws OwnprintException `invalid-hash`, `not-comparable`
         */
        @JvmStatic
        public fun distance(a: String, b: String): Int = atBorder { org.ownprint.ffi.distance(a, b) }.toInt()

        /** What this build can compute and decode, and what it computes unless told otherwise. */
        @JvmStatic
        public fun capabilities(): Capabilities = atBorder { org.ownprint.ffi.capabilities() }.toRecord()
    }
}

/** The name by which the native library can open a file; nothing where only Java can open it. */
private fun Path.nativeName(): String? {
    if (fileSystem != FileSystems.getDefault()) return null
    // Java replaces bytes of a name that are not text in the system's encoding by this sign, and opens the file all the same.
    return toAbsolutePath().toString().takeUnless { '\uFFFD' in it }
}
