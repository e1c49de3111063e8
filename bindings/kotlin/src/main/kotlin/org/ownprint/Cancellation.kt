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

/**
 * Runs a native call on a thread of the dispatcher, with a token that the coroutine's cancellation
 * cancels.
 */
internal suspend fun <T> cancellable(dispatcher: CoroutineDispatcher, work: (CancelToken) -> T): T =
    // The token is closed when the watching coroutine has ended, which `withContext` waits for.
    CancelToken().use { token -> withContext(dispatcher) { cancelling(token) { work(token) } } }

/**
 * As [cancellable], and interrupts the thread: a blocking read does not check the token.
 *
 * @param onCancel ends work that ignores interruption; called on the cancelling thread, or
 *   when the work has ended
 */
internal suspend fun <T> interruptible(
    dispatcher: CoroutineDispatcher,
    onCancel: () -> Unit = {},
    work: (CancelToken) -> T,
): T =
    CancelToken().use { token ->
        withContext(dispatcher) { cancelling(token, onCancel) { runInterruptible { work(token) } } }
    }

/** Runs a native call on the calling thread. */
internal fun <T> blocking(work: (CancelToken) -> T): T = CancelToken().use(work)

private suspend inline fun <T> CoroutineScope.cancelling(
    token: CancelToken,
    noinline onCancel: () -> Unit = {},
    work: () -> T,
): T {
    // Unconfined: the cancelling thread cancels the token at once, even if every thread of the
    // dispatcher is at work.
    val canceller =
        launch(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) {
            try {
                awaitCancellation()
            } finally {
                token.cancel()
                onCancel()
            }
        }
    try {
        return work()
    } catch (failure: Throwable) {
        // A cancelled coroutine ends with its cancellation, whatever the call failed with.
        ensureActive()
        throw failure
    } finally {
        canceller.cancel()
    }
}
