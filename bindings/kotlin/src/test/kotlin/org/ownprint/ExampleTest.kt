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

/** `examples/kotlin` as it is, and shrunk as applications are shrunk. `cargo xtask test kotlin` builds it before. */
class ExampleTest {
    private val folder = Support.root.resolve("examples/kotlin/target")
    private val images = Support.root.resolve("examples/images").toString()

    /** The program's jar and the libraries it names. */
    private fun jars(): List<Path> {
        assumeTrue(Files.isDirectory(folder), "examples/kotlin was not built: `cargo xtask test kotlin` does")
        val files = listOf(folder, folder.resolve("libraries")).flatMap { it.toFile().listFiles().orEmpty().toList() }
        return files.filter { it.extension == "jar" }.map { it.toPath() }
    }

    private fun run(jars: List<Path>): Pair<Int, String> =
        Support.java("-cp", jars.joinToString(File.pathSeparator), "TableKt", images)

    @Test
    fun `prints every image's hash`() {
        val (status, printed) = run(jars())
        assertEquals(0, status, printed)
        Ownprint().use { ownprint ->
            val files = File(images).listFiles().orEmpty()
            assertEquals(files.size + 1, printed.trim().lines().size, printed)
            for (file in files) {
                val pdq = ownprint.fingerprintBlocking(file.toPath()).hash("pdq")!!
                val line = printed.lines().first { it.startsWith(file.name) }
                assertTrue(line.endsWith("${pdq.quality.toString().padStart(7)}  ${pdq.hex}"), line)
            }
        }
    }

    @Test
    fun `shrunk with our rules it prints the same`(@TempDir temporary: Path) {
        val shrunk = shrink(temporary, Files.readString(Path.of("consumer-rules.pro")))
        val (status, printed) = run(listOf(shrunk))
        assertEquals(0, status, printed)
        assertEquals(run(jars()).second, printed)
        val (before, after) = jars().sumOf { Files.size(it) } to Files.size(shrunk)
        println("the example: $before bytes, shrunk $after")
        assertTrue(after < before * 3 / 4, "nothing was shrunk: $before bytes before, $after after")
    }

    @Test
    fun `shrunk without our rules it fails`(@TempDir temporary: Path) {
        val (status, printed) = run(listOf(shrink(temporary, "-dontwarn **")))
        assertNotEquals(0, status, "the rules are not needed, or this test cannot tell: $printed")
        println("without the rules: ${printed.lines().first { "rror" in it || "xception" in it }}")
    }

    /** As an application's build does: everything into one jar, shrunk and renamed. */
    private fun shrink(temporary: Path, rules: String): Path {
        val shrunk = temporary.resolve("shrunk.jar")
        val modules = Path.of(System.getProperty("java.home"), "jmods")
        assumeTrue(Files.isDirectory(modules), "this Java has no jmods folder for ProGuard to read")
        val settings = buildString {
            // Several jars carry their licences under the same names.
            for (jar in jars()) appendLine("-injars $jar(!META-INF/versions/**,!META-INF/LICENSE*)")
            appendLine("-outjars $shrunk")
            for (module in listOf("java.base", "java.logging")) {
                appendLine("-libraryjars $modules/$module.jmod(!**.jar;!module-info.class)")
            }
            appendLine("-keep class TableKt { public static void main(java.lang.String[]); }")
            // What coroutines ask of a shrinker that does not read their rules from the jar, as R8 does.
            appendLine("-keepclassmembers class kotlinx.coroutines.** { volatile <fields>; }")
            // And what they do not survive: ProGuard 7.10's optimiser makes an endless loop of a channel's.
            appendLine("-dontoptimize")
            appendLine("-dontwarn kotlinx.coroutines.**")
            appendLine("-dontwarn sun.misc.**")
            appendLine("-dontnote")
            append(rules)
        }
        val file = Files.writeString(temporary.resolve("settings.pro"), settings)
        val (status, printed) = Support.java("-cp", System.getProperty("java.class.path"), "proguard.ProGuard", "@$file")
        assertEquals(0, status, printed)
        return shrunk
    }
}
