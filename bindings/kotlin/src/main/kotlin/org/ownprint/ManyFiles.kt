@file:JvmName("ManyFiles")

package org.ownprint

import java.nio.file.Path
import java.util.function.Consumer
import kotlin.coroutines.cancellation.CancellationException
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Semaphore

/** The result of one of many files. */
public sealed interface FileResult<out S> {
    /** The position of the file among the sources, from 0. */
    public val index: Int

    /** The file, as it was passed. */
    public val source: S

    /**
     * The file was read.
     *
     * @property fingerprint the fingerprint. For a file that was not decoded, [Fingerprint.error]
     *   or a warning gives the reason
     */
    public data class Success<out S>(
        override val index: Int,
        override val source: S,
        val fingerprint: Fingerprint,
    ) : FileResult<S>

    /**
     * The file could not be read.
     *
     * @property error an [OwnprintException], or the exception of the caller's own code
     */
    public data class Failure<out S>(
        override val index: Int,
        override val source: S,
        val error: Exception,
    ) : FileResult<S>
}

/**
 * Fingerprints many files, and emits the results in the order in which they finish. A file that
 * fails does not stop the others. Cancelling the collection cancels the work; a slow collector
 * slows it down.
 *
 * @param concurrency the number of files at work at once, 1 or more; each may hold one decoded
 *   image
 */
public fun Fingerprinter.fingerprintAll(
    paths: Iterable<Path>,
    concurrency: Int = Runtime.getRuntime().availableProcessors(),
): Flow<FileResult<Path>> = fingerprintAll(paths.asFlow(), concurrency) { fingerprint(it) }

/**
 * Fingerprints many files of any kind, such as content URIs.
 *
 * @param concurrency the number of files at work at once, 1 or more; each may hold one decoded
 *   image
 * @param fingerprint opens one source, calls this [Fingerprinter], and closes the source
 */
public fun <S> Fingerprinter.fingerprintAll(
    sources: Flow<S>,
    concurrency: Int = Runtime.getRuntime().availableProcessors(),
    fingerprint: suspend Fingerprinter.(S) -> Fingerprint,
): Flow<FileResult<S>> {
    require(concurrency >= 1) { "concurrency is below 1" }
    return channelFlow {
            val permits = Semaphore(concurrency)
            var count = 0
            sources.collect { source ->
                val index = count++
                permits.acquire()
                launch {
                    try {
                        send(attempt(index, source, fingerprint))
                    } finally {
                        permits.release()
                    }
                }
            }
        }
        .buffer(Channel.RENDEZVOUS)
}

/**
 * Fingerprints many files, and passes each result to [onResult] on the calling thread, in the order
 * in which they finish. Returns when all are done. What [onResult] throws ends the call.
 *
 * @param concurrency the number of files at work at once, 1 or more
 */
@JvmOverloads
public fun Fingerprinter.fingerprintAllBlocking(
    paths: Iterable<Path>,
    concurrency: Int = Runtime.getRuntime().availableProcessors(),
    onResult: Consumer<FileResult<Path>>,
): Unit = runBlocking { fingerprintAll(paths, concurrency).collect { onResult.accept(it) } }

private suspend fun <S> Fingerprinter.attempt(
    index: Int,
    source: S,
    fingerprint: suspend Fingerprinter.(S) -> Fingerprint,
): FileResult<S> =
    try {
        FileResult.Success(index, source, fingerprint(source))
    } catch (cancellation: CancellationException) {
        // The cancelled collector ends everything. A timeout of the caller's code ends this file
        // only.
        currentCoroutineContext().ensureActive()
        FileResult.Failure(index, source, cancellation)
    } catch (error: Exception) {
        FileResult.Failure(index, source, error)
    }
