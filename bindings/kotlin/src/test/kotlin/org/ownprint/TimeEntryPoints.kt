package org.ownprint

import java.nio.ByteBuffer
import java.nio.file.Path

/**
 * What `benches/src/bin/time-entry-points.rs` times, through this package, in the same way: `path FILE` and `pixels` run once for each line
 * that they read. `cargo xtask bench-kotlin` has the two take turns.
 */
fun main(arguments: Array<String>) {
    when (arguments.first()) {
        "path" -> {
            val file = Path.of(arguments[1])
            Ownprint().use { ownprint -> time { ownprint.fingerprintBlocking(file) } }
        }
        "pixels" -> {
            val pixels = noise(4000 * 3000 * 3)
            val layout = PixelLayout(4000, 3000, "rgb8")
            Ownprint(Options(listOf("pdq"))).use { ownprint ->
                time { ownprint.fingerprintPixelsBlocking(pixels, layout) }
            }
        }
        else -> error("usage: path FILE | pixels")
    }
    if (PeakMemory.isKnown) println("memory ${PeakMemory.kibibytes("VmHWM")}")
}

private fun time(work: () -> Fingerprint) {
    while (readlnOrNull() != null) {
        val start = System.nanoTime()
        work()
        println((System.nanoTime() - start) / 1e6)
    }
}

/** The noise of `benches/src/lib.rs`, in a direct buffer. */
private fun noise(length: Int): ByteBuffer {
    val bytes = ByteBuffer.allocateDirect(length)
    var state = 1L
    repeat(length) {
        state = state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407
        bytes.put((state ushr 56).toByte())
    }
    return bytes.flip()
}
