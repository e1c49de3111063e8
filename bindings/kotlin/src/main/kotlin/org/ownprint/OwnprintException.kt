package org.ownprint

import org.ownprint.ffi.InternalException

/**
 * What went wrong, as a sentence that says what to do, for people, and as a code, for programs.
 *
 * @property code the stable name of this kind of error, in kebab case, the same in every language: `io`, `not-an-image`,
 *   `unsupported-format`, `unsupported-feature`, `truncated`, `damaged`, `limit-exceeded`, `invalid-pixels`, `invalid-hash`,
 *   `invalid-record`, `not-comparable`, `invalid-index`, `unknown-algorithm`, `cancelled`, `internal`; of this package's own: `load-failed`
 */
public class OwnprintException internal constructor(
    public val code: String,
    override val message: String,
    cause: Throwable? = null,
) : Exception(message, cause)

/** Calls native code; its errors come out as this package's. */
internal inline fun <T> atBorder(call: () -> T): T = try {
    call()
} catch (error: org.ownprint.ffi.OwnprintException.Failed) {
    throw OwnprintException(error.code, error.explanation)
} catch (defect: InternalException) {
    throw OwnprintException("internal", "an internal error, not a fault of yours; please report it", defect)
} catch (error: LinkageError) {
    throw loadFailed(error)
}

internal fun loadFailed(error: LinkageError): OwnprintException {
    val machine = "${System.getProperty("os.name")} on ${System.getProperty("os.arch")}"
    return OwnprintException(
        "load-failed",
        "the native library cannot be loaded ($machine); use a package that has it for this machine, and in a shrunk build the " +
            "package's consumer-rules.pro",
        error,
    )
}
