package org.ownprint

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import org.ownprint.ffi.CancelToken

/** Runs a native call on a thread of the dispatcher, with a token that the coroutine's cancellation cancels. */
internal suspend fun <T> cancellable(dispatcher: CoroutineDispatcher, work: (CancelToken) -> T): T =
    // The native side must not see a token that was let go of: it is closed when the watcher has ended, which `withContext`
    // waits for.
    CancelToken().use { token ->
        withContext(dispatcher) {
            watching(token) { work(token) }
        }
    }

/** As [cancellable], and the thread that runs it is interrupted: what it waits for may have nothing to do with the token. */
internal suspend fun <T> interruptible(dispatcher: CoroutineDispatcher, work: (CancelToken) -> T): T =
    CancelToken().use { token ->
        withContext(dispatcher) {
            watching(token) { runInterruptible { work(token) } }
        }
    }

/** Runs a native call on this thread. */
internal fun <T> blocking(work: (CancelToken) -> T): T = CancelToken().use(work)

private suspend inline fun <T> CoroutineScope.watching(token: CancelToken, work: () -> T): T {
    // Unconfined: the token is cancelled by the thread that cancels, at once, even if every thread of the dispatcher works.
    val watcher = launch(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) {
        try {
            awaitCancellation()
        } finally {
            token.cancel()
        }
    }
    try {
        return work()
    } catch (failure: Throwable) {
        // Whatever the call failed with, a coroutine that was cancelled ends by that.
        ensureActive()
        throw failure
    } finally {
        watcher.cancel()
    }
}
