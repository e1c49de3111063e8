package org.ownprint

import java.nio.file.Path
import kotlin.coroutines.cancellation.CancellationException
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore

/**
 * What became of one of many files: a fingerprint or an error.
 *
 * @property index the place of the file among those given, from 0
 * @property source the file, as it was given
 * @property fingerprint the result; nothing where there is an error
 * @property error an [OwnprintException], or what the caller's own stream threw; nothing where there is a result
 */
public data class FileResult<out S>(
    val index: Int,
    val source: S,
    val fingerprint: Fingerprint?,
    val error: Exception?,
)

/**
 * Fingerprints many files, in the order in which they finish. One bad file never stops the rest. To cancel the collection is to
 * cancel the work; a slow collector slows it down.
 *
 * @param concurrency files that are worked on at once, 1 or more; each may hold one decoded image in memory
 */
@JvmOverloads
public fun Ownprint.fingerprintAll(
    paths: Iterable<Path>,
    concurrency: Int = Runtime.getRuntime().availableProcessors(),
): Flow<FileResult<Path>> = fingerprintAll(paths.asFlow(), concurrency) { fingerprint(it) }

/**
 * Fingerprints many files of any kind, as [fingerprintAll] of paths does: of a content URI, say, or of what a camera delivers.
 *
 * @param concurrency files that are worked on at once, 1 or more; each may hold one decoded image in memory
 * @param fingerprint the fingerprint of one of them: opens it, calls this [Ownprint], closes it
 */
public fun <S> Ownprint.fingerprintAll(
    sources: Flow<S>,
    concurrency: Int = Runtime.getRuntime().availableProcessors(),
    fingerprint: suspend Ownprint.(S) -> Fingerprint,
): Flow<FileResult<S>> {
    require(concurrency >= 1) { "concurrency is below 1" }
    return channelFlow {
        val permits = Semaphore(concurrency)
        var index = 0
        sources.collect { source ->
            val place = index++
            permits.acquire()
            launch {
                try {
                    send(attempt(place, source, fingerprint))
                } finally {
                    permits.release()
                }
            }
        }
    }.buffer(Channel.RENDEZVOUS)
}

private suspend fun <S> Ownprint.attempt(
    index: Int,
    source: S,
    fingerprint: suspend Ownprint.(S) -> Fingerprint,
): FileResult<S> = try {
    FileResult(index, source, fingerprint(source), null)
} catch (cancellation: CancellationException) {
    // The collector's end is everybody's; one that the caller's code made for this file alone (a time limit) is this file's.
    currentCoroutineContext().ensureActive()
    FileResult(index, source, null, cancellation)
} catch (error: Exception) {
    FileResult(index, source, null, error)
}
