package org.ownprint

import java.io.File
import java.io.IOException
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.Dispatchers
import org.ownprint.ffi.CancelToken
import org.ownprint.ffi.Fingerprinter as NativeFingerprinter

/**
 * Computes hashes and digests of images, in the native library of this package. It opens no network
 * connection and writes no file.
 *
 * One object serves any number of calls, from any number of threads and coroutines:
 * ```kotlin
 * Fingerprinter().use { fingerprinter ->
 *     val fingerprint = fingerprinter.fingerprint(Path.of("photo.jpg"))
 *     println(fingerprint.image?.pdq)
 * }
 * ```
 *
 * **Errors.** A file that cannot be decoded is not an error of the call: its digests are returned,
 * and [Fingerprint.error] or a warning gives the reason. Calls fail only if the file cannot be read
 * or the pixels do not fit their layout.
 *
 * **Threads.** The suspend functions leave the calling thread. Files, bytes and pixels are
 * processed in [Dispatchers.Default], streams in [Dispatchers.IO]. The `...Blocking` functions work
 * on the calling thread; they are for Java and for callers with their own threads.
 *
 * **Cancellation.** A cancelled coroutine ends with [kotlinx.coroutines.CancellationException] when
 * the native call has ended, so that the buffer or stream is free again. That takes a few rows of
 * pixels or a quarter of a megabyte of a file. The decoders of JPEG, GIF, WebP, BMP and PNM are not
 * interrupted.
 *
 * The first object loads the native library, which may take a second or two. Call
 * [Ownprint.load] first where the calling thread must not wait.
 *
 * @param options what to compute
 * @throws OwnprintException `unknown-algorithm`, `unknown-variant`, `invalid-variants`;
 *   `load-failed` if this package has no native library for the machine
 */
public class Fingerprinter
@JvmOverloads
@Throws(OwnprintException::class)
constructor(internal val options: Options = Options()) : AutoCloseable {
    private val fingerprinter = native {
        NativeFingerprinter(options.toNative(digestsOnly = false))
    }
    private val digester = native { NativeFingerprinter(options.toNative(digestsOnly = true)) }
    private val isClosed = AtomicBoolean()

    /**
     * Fingerprints the file at a path.
     *
     * The native library reads the file. A path in another file system (an entry of a zip file), or
     * with a name that is not text, is read as a stream.
     *
     * @param onProgress receives the number of bytes read
     * @throws OwnprintException `io`
     * @throws IOException if a path that is read as a stream cannot be opened
     */
    public suspend fun fingerprint(path: Path, onProgress: ProgressListener? = null): Fingerprint {
        val name =
            path.nativeName()
                ?: return Files.newInputStream(path).use { fingerprint(it, onProgress) }
        return cancellable(Dispatchers.Default) { token ->
            ofFile(fingerprinter, name, token, onProgress)
        }
    }

    /** Fingerprints a file, as [fingerprint] of its path does. */
    public suspend fun fingerprint(file: File, onProgress: ProgressListener? = null): Fingerprint =
        fingerprint(file.toPath(), onProgress)

    /**
     * Fingerprints the rest of a stream. An image is buffered in native memory; other files are
     * digested in constant memory. The stream is not closed.
     *
     * Cancellation interrupts a blocking read. If the stream ignores interruption, close it.
     *
     * @param onProgress receives the number of bytes read
     * @throws OwnprintException `io`
     * @throws Exception what the stream throws
     */
    public suspend fun fingerprint(
        stream: InputStream,
        onProgress: ProgressListener? = null,
    ): Fingerprint =
        interruptible(Dispatchers.IO) { token ->
            ofStream(fingerprinter, stream, token, onProgress)
        }

    /**
     * Fingerprints a file in memory, from the buffer's position to its limit. Neither changes.
     *
     * A direct buffer is read in place. A heap buffer is copied once into a direct buffer, which is
     * then overwritten with zeros. The bytes must not change during the call.
     *
     * @param onProgress receives the number of bytes read
     */
    public suspend fun fingerprint(
        bytes: ByteBuffer,
        onProgress: ProgressListener? = null,
    ): Fingerprint =
        cancellable(Dispatchers.Default) { token ->
            ofBytes(fingerprinter, bytes, token, onProgress)
        }

    /** Fingerprints a file in memory, as [fingerprint] of a heap buffer does. */
    public suspend fun fingerprint(
        bytes: ByteArray,
        onProgress: ProgressListener? = null,
    ): Fingerprint = fingerprint(ByteBuffer.wrap(bytes), onProgress)

    /**
     * Fingerprints decoded pixels, from the buffer's position. There are no digests, because there
     * is no file.
     *
     * A direct buffer is read in place: use one for large images. A heap buffer is copied, as by
     * [fingerprint]. The pixels must not change during the call.
     *
     * @throws OwnprintException `invalid-pixels`, `limit-exceeded`
     */
    public suspend fun fingerprintPixels(pixels: ByteBuffer, layout: PixelLayout): Fingerprint =
        cancellable(Dispatchers.Default) { token -> ofPixels(pixels, layout, token) }

    /**
     * Computes the digests of a file of any kind and length, in constant memory. No image is
     * decoded.
     *
     * @param onProgress receives the number of bytes read
     * @throws OwnprintException `io`
     * @throws IOException if a path that is read as a stream cannot be opened
     */
    public suspend fun digests(path: Path, onProgress: ProgressListener? = null): List<Digest> {
        val name =
            path.nativeName() ?: return Files.newInputStream(path).use { digests(it, onProgress) }
        return cancellable(Dispatchers.Default) { token ->
            ofFile(digester, name, token, onProgress).digests
        }
    }

    /**
     * Computes the digests of the rest of a stream, in constant memory. Cancellation and the
     * stream's errors are those of [fingerprint] of a stream.
     *
     * @param onProgress receives the number of bytes read
     */
    public suspend fun digests(
        stream: InputStream,
        onProgress: ProgressListener? = null,
    ): List<Digest> =
        interruptible(Dispatchers.IO) { token ->
            ofStream(digester, stream, token, onProgress).digests
        }

    /** [fingerprint] of a path, on the calling thread. */
    @JvmOverloads
    @Throws(OwnprintException::class, IOException::class)
    public fun fingerprintBlocking(path: Path, onProgress: ProgressListener? = null): Fingerprint {
        val name =
            path.nativeName()
                ?: return Files.newInputStream(path).use { fingerprintBlocking(it, onProgress) }
        return blocking { token -> ofFile(fingerprinter, name, token, onProgress) }
    }

    /** [fingerprint] of a file, on the calling thread. */
    @JvmOverloads
    @Throws(OwnprintException::class, IOException::class)
    public fun fingerprintBlocking(file: File, onProgress: ProgressListener? = null): Fingerprint =
        fingerprintBlocking(file.toPath(), onProgress)

    /** [fingerprint] of a stream, on the calling thread. */
    @JvmOverloads
    @Throws(OwnprintException::class, IOException::class)
    public fun fingerprintBlocking(
        stream: InputStream,
        onProgress: ProgressListener? = null,
    ): Fingerprint = blocking { token -> ofStream(fingerprinter, stream, token, onProgress) }

    /** [fingerprint] of a file in memory, on the calling thread. */
    @JvmOverloads
    @Throws(OwnprintException::class)
    public fun fingerprintBlocking(
        bytes: ByteBuffer,
        onProgress: ProgressListener? = null,
    ): Fingerprint = blocking { token -> ofBytes(fingerprinter, bytes, token, onProgress) }

    /** [fingerprint] of a file in memory, on the calling thread. */
    @JvmOverloads
    @Throws(OwnprintException::class)
    public fun fingerprintBlocking(
        bytes: ByteArray,
        onProgress: ProgressListener? = null,
    ): Fingerprint = fingerprintBlocking(ByteBuffer.wrap(bytes), onProgress)

    /** [fingerprintPixels], on the calling thread. */
    @Throws(OwnprintException::class)
    public fun fingerprintPixelsBlocking(pixels: ByteBuffer, layout: PixelLayout): Fingerprint =
        blocking { token ->
            ofPixels(pixels, layout, token)
        }

    /** [digests] of a path, on the calling thread. */
    @JvmOverloads
    @Throws(OwnprintException::class, IOException::class)
    public fun digestsBlocking(path: Path, onProgress: ProgressListener? = null): List<Digest> {
        val name =
            path.nativeName()
                ?: return Files.newInputStream(path).use { digestsBlocking(it, onProgress) }
        return blocking { token -> ofFile(digester, name, token, onProgress).digests }
    }

    /** [digests] of a stream, on the calling thread. */
    @JvmOverloads
    @Throws(OwnprintException::class, IOException::class)
    public fun digestsBlocking(
        stream: InputStream,
        onProgress: ProgressListener? = null,
    ): List<Digest> = blocking { token -> ofStream(digester, stream, token, onProgress).digests }

    /**
     * Releases the native object, when the calls that use it have ended. Later calls fail with
     * [IllegalStateException].
     */
    override fun close() {
        isClosed.set(true)
        fingerprinter.close()
        digester.close()
    }

    /** @throws IllegalStateException after [close] */
    internal fun checkOpen() = check(!isClosed.get()) { "this Fingerprinter is closed" }

    /** [fingerprint] of a stream, in a call that has a token. */
    internal fun ofStream(
        stream: InputStream,
        token: CancelToken,
        listener: ProgressListener?,
    ): Fingerprint = ofStream(fingerprinter, stream, token, listener)

    /** The digests of a stream, in a call that has a token. */
    internal fun digestsOf(
        stream: InputStream,
        token: CancelToken,
        listener: ProgressListener?,
    ): List<Digest> = ofStream(digester, stream, token, listener).digests

    /** The digests of a file in memory, in a call that has a token. */
    internal fun digestsOf(
        bytes: ByteBuffer,
        token: CancelToken,
        listener: ProgressListener?,
    ): List<Digest> = ofBytes(digester, bytes, token, listener).digests

    private fun ofFile(
        with: NativeFingerprinter,
        name: String,
        token: CancelToken,
        listener: ProgressListener?,
    ): Fingerprint {
        val callbacks = Callbacks(token, listener)
        return callbacks.result { with.fingerprintFile(name, token, callbacks.progress) }.toPublic()
    }

    private fun ofStream(
        with: NativeFingerprinter,
        stream: InputStream,
        token: CancelToken,
        listener: ProgressListener?,
    ): Fingerprint {
        val callbacks = Callbacks(token, listener)
        return callbacks.reading(stream) { source ->
            callbacks
                .result { with.fingerprintStream(source, token, callbacks.progress) }
                .toPublic()
        }
    }

    private fun ofBytes(
        with: NativeFingerprinter,
        bytes: ByteBuffer,
        token: CancelToken,
        listener: ProgressListener?,
    ): Fingerprint {
        val callbacks = Callbacks(token, listener)
        return bytes.borrow { borrowed ->
            callbacks
                .result { with.fingerprintBytes(borrowed, token, callbacks.progress) }
                .toPublic()
        }
    }

    /** [fingerprintPixels], in a call that has a token. */
    internal fun ofPixels(
        pixels: ByteBuffer,
        layout: PixelLayout,
        token: CancelToken,
    ): Fingerprint {
        val nativeLayout = layout.toNative()
        return pixels.borrow { borrowed ->
            native { fingerprinter.fingerprintPixels(borrowed, nativeLayout, token) }.toPublic()
        }
    }
}

/**
 * Returns the name by which the native library can open a file; `null` if only Java can open it.
 */
private fun Path.nativeName(): String? {
    if (fileSystem != FileSystems.getDefault()) return null
    // Java decodes bytes of a name that are not text to this character, and opens the file
    // nonetheless.
    return toAbsolutePath().toString().takeUnless { '\uFFFD' in it }
}
