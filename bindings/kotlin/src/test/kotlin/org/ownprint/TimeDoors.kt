package org.ownprint

import java.nio.ByteBuffer
import java.nio.file.Path

/**
 * What `benches/src/bin/time-doors.rs` times, through this package: `path FILE RUNS` and `pixels RUNS` print the milliseconds of
 * each run, a line a run, and, as `memory KIB`, the most memory that the process held. `cargo xtask bench-kotlin` runs both.
 */
fun main(arguments: Array<String>) {
    val runs = arguments.last().toInt()
    when (arguments.first()) {
        "path" -> {
            val file = Path.of(arguments[1])
            Ownprint().use { ownprint -> time(runs) { ownprint.fingerprintBlocking(file) } }
        }
        "pixels" -> {
            val pixels = noise(4000 * 3000 * 3)
            val layout = PixelLayout(4000, 3000, "rgb8")
            Ownprint(Options(listOf("pdq"))).use { ownprint ->
                time(runs) { ownprint.fingerprintPixelsBlocking(pixels, layout) }
            }
        }
        else -> error("usage: path FILE RUNS | pixels RUNS")
    }
    if (PeakMemory.isKnown) println("memory ${PeakMemory.kibibytes("VmHWM")}")
}

private fun time(runs: Int, work: () -> Fingerprint) {
    // The first call loads the library; a compiled program has that behind it when it starts.
    repeat(3) { work() }
    repeat(runs) {
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
