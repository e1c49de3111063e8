package org.ownprint

import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/**
 * Runs `examples/kotlin` as built and after shrinking. `cargo xtask test kotlin` builds it first.
 */
class ExampleTest {
    private val folder = Support.root.resolve("examples/kotlin/target")
    private val images = Support.root.resolve("examples/images").toString()

    /** The jar of the program and its libraries. */
    private fun jars(): List<Path> {
        assumeTrue(
            Files.isDirectory(folder),
            "examples/kotlin was not built: run `cargo xtask test kotlin`",
        )
        val files =
            listOf(folder, folder.resolve("libraries")).flatMap {
                it.toFile().listFiles().orEmpty().toList()
            }
        return files.filter { it.extension == "jar" }.map { it.toPath() }
    }

    private fun run(jars: List<Path>): Pair<Int, String> =
        Support.java("-cp", jars.joinToString(File.pathSeparator), "TableKt", images)

    @Test
    fun `prints every image's hash`() {
        val (status, printed) = run(jars())
        assertEquals(0, status, printed)
        Fingerprinter().use { fingerprinter ->
            val files = File(images).listFiles().orEmpty()
            assertEquals(files.size + 1, printed.trim().lines().size, printed)
            for (file in files) {
                val pdq = fingerprinter.fingerprintBlocking(file).image!!.pdq!!
                val line = printed.lines().first { it.startsWith(file.name) }
                assertTrue(line.endsWith("${pdq.quality.toString().padStart(7)}  ${pdq.hex}"), line)
            }
        }
    }

    @Test
    fun `prints the same after shrinking with the rules of this package`(@TempDir temporary: Path) {
        val shrunk = shrink(temporary, Files.readString(Path.of("consumer-rules.pro")))
        val (status, printed) = run(listOf(shrunk))
        assertEquals(0, status, printed)
        assertEquals(run(jars()).second, printed)
        val (before, after) = jars().sumOf { Files.size(it) } to Files.size(shrunk)
        println("the example: $before bytes, shrunk $after")
        assertTrue(after < before * 3 / 4, "nothing was shrunk: $before bytes before, $after after")
    }

    @Test
    fun `fails after shrinking without the rules`(@TempDir temporary: Path) {
        val (status, printed) = run(listOf(shrink(temporary, "-dontwarn **")))
        assertNotEquals(0, status, "the rules are not needed, or the test is wrong: $printed")
        println("without the rules: ${printed.lines().first { "rror" in it || "xception" in it }}")
    }

    /** Puts everything into one jar, shrunk and renamed, as the build of an application does. */
    private fun shrink(temporary: Path, rules: String): Path {
        val shrunk = temporary.resolve("shrunk.jar")
        val modules = Path.of(System.getProperty("java.home"), "jmods")
        assumeTrue(Files.isDirectory(modules), "this Java has no jmods folder for ProGuard to read")
        val settings = buildString {
            // Several jars have licenses with the same names.
            for (jar in jars()) appendLine("-injars $jar(!META-INF/versions/**,!META-INF/LICENSE*)")
            appendLine("-outjars $shrunk")
            for (module in listOf("java.base", "java.logging")) {
                appendLine("-libraryjars $modules/$module.jmod(!**.jar;!module-info.class)")
            }
            appendLine("-keep class TableKt { public static void main(java.lang.String[]); }")
            // The rules of coroutines, which R8 reads from the jar and ProGuard does not.
            appendLine("-keepclassmembers class kotlinx.coroutines.** { volatile <fields>; }")
            // ProGuard 7.10 optimizes the loop of a channel to an endless one.
            appendLine("-dontoptimize")
            appendLine("-dontwarn kotlinx.coroutines.**")
            appendLine("-dontwarn sun.misc.**")
            appendLine("-dontnote")
            append(rules)
        }
        val file = Files.writeString(temporary.resolve("settings.pro"), settings)
        val (status, printed) =
            Support.java(
                "-cp",
                System.getProperty("java.class.path"),
                "proguard.ProGuard",
                "@$file",
            )
        assertEquals(0, status, printed)
        return shrunk
    }
}
