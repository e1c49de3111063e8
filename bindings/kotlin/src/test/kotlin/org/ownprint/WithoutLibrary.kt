package org.ownprint

/** A program for a process in which the native library cannot be found: prints the codes of two tries. */
fun main() {
    val codes = List(2) {
        try {
            Ownprint().close()
            "loaded"
        } catch (error: OwnprintException) {
            error.code
        }
    }
    println(codes.joinToString(" "))
}
