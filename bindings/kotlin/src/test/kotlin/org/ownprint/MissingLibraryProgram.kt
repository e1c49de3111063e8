package org.ownprint

/** Runs in a process without the native library: prints the error codes of two attempts. */
fun main() {
    val codes =
        List(2) {
            try {
                Fingerprinter().close()
                "loaded"
            } catch (error: OwnprintException) {
                error.code
            }
        }
    println(codes.joinToString(" "))
}
