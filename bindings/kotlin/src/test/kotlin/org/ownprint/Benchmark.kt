package org.ownprint

import java.nio.ByteBuffer
import java.nio.file.Path

/**
 * Times the calls of `benches/src/bin/time-entry-points.rs` through this package. `path FILE` and
 * `pixels` run once for each line of standard input. `cargo xtask bench-kotlin` alternates the two
 * programs.
 */
fun main(arguments: Array<String>) {
    when (arguments.first()) {
        "path" -> {
            val file = Path.of(arguments[1])
            Fingerprinter().use { fingerprinter ->
                time { fingerprinter.fingerprintBlocking(file) }
            }
        }
        "pixels" -> {
            val pixels = noise(4000 * 3000 * 3)
            val layout = PixelLayout(4000, 3000, PixelLayout.Format.RGB8)
            Fingerprinter(Support.hashes(HashAlgorithm.PDQ)).use { fingerprinter ->
                time { fingerprinter.fingerprintPixelsBlocking(pixels, layout) }
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
