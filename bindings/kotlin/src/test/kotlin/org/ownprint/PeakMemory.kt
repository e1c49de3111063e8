package org.ownprint

import java.nio.file.Files
import java.nio.file.Path

/** The memory of this process, as Linux states it. */
internal object PeakMemory {
    private val status = Path.of("/proc/self/status")
    private val clear = Path.of("/proc/self/clear_refs")

    val isKnown: Boolean
        get() = Files.exists(status) && Files.isWritable(clear)

    /** Runs `work`, and returns the largest growth of this process meanwhile, in KiB. */
    fun growth(work: () -> Unit): Long {
        System.gc()
        // Resets the peak.
        Files.writeString(clear, "5")
        val before = kibibytes("VmRSS")
        work()
        return kibibytes("VmHWM") - before
    }

    fun kibibytes(name: String): Long =
        Files.readAllLines(status).first { it.startsWith(name) }.filter { it.isDigit() }.toLong()
}
