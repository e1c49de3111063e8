package org.ownprint

import java.nio.file.Files
import java.nio.file.Path

/** The memory of this process, as Linux tells it. */
internal object PeakMemory {
    private val status = Path.of("/proc/self/status")
    private val clear = Path.of("/proc/self/clear_refs")

    val isKnown: Boolean get() = Files.exists(status) && Files.isWritable(clear)

    /** The kibibytes by which this process grew at most while something ran. */
    fun growth(work: () -> Unit): Long {
        System.gc()
        // Lets the peak begin anew.
        Files.writeString(clear, "5")
        val before = kibibytes("VmRSS")
        work()
        return kibibytes("VmHWM") - before
    }

    fun kibibytes(name: String): Long =
        Files.readAllLines(status).first { it.startsWith(name) }.filter { it.isDigit() }.toLong()
}
