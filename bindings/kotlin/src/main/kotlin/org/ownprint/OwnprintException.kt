package org.ownprint

import org.ownprint.ffi.InternalException

/**
 * Why a call failed.
 *
 * @property code the stable code, in kebab case, the same in every language: `io`,
 *   `invalid-pixels`, `limit-exceeded`, `invalid-hash`, `invalid-record`, `not-comparable`,
 *   `invalid-index`, `unknown-algorithm`, `unknown-variant`, `invalid-video`, `cancelled`,
 *   `internal`. This package adds `load-failed`
 * @property message a sentence that says what is wrong and what to do
 */
public class OwnprintException
internal constructor(
    public val code: String,
    override val message: String,
    cause: Throwable? = null,
) : Exception(message, cause)

/** Calls native code, and converts its errors. */
internal inline fun <T> native(call: () -> T): T =
    try {
        call()
    } catch (error: org.ownprint.ffi.OwnprintException.Failed) {
        throw OwnprintException(error.code, error.detail)
    } catch (defect: InternalException) {
        throw OwnprintException(
            "internal",
            "an internal error of ownprint; please report it",
            defect,
        )
    } catch (error: LinkageError) {
        throw loadFailed(error)
    }

internal fun loadFailed(error: LinkageError): OwnprintException {
    val machine = "${System.getProperty("os.name")} on ${System.getProperty("os.arch")}"
    return OwnprintException(
        "load-failed",
        "the native library cannot be loaded ($machine); use a package with a library for this machine, " +
            "and in a shrunk build the package's consumer-rules.pro",
        error,
    )
}
