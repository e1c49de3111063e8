package org.ownprint

import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

/** Runs in a new process: prints whether other coroutines of the thread ran while it loaded. */
fun main(): Unit = runBlocking {
    var turns = 0
    val other = launch { while (true) yield().also { turns++ } }
    Ownprint.load()
    println(if (turns > 0) "free" else "blocked")
    other.cancel()
}
