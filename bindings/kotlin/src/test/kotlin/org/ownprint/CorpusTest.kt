package org.ownprint

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.nio.file.Path
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What the release command line prints, field by field, errors included. */
class CorpusTest {
    @Test
    fun `the corpus`() = compare(Support.corpus(), atLeast = 100)

    @Test
    fun `the committed images`() {
        compare(Support.root.resolve("examples/images"), atLeast = 1)
        compare(Support.vectors.resolve("images"), atLeast = 40)
    }

    /** The formats that `--formats` adds: every coding that phones and messengers use of them, and what their fuzzing starts from. */
    @Test
    fun `HEIC, AVIF and JPEG XL, damaged ones too`() {
        compare(Support.vectors.resolve("stills"), atLeast = 16)
        for (format in listOf("heic", "avif", "jxl")) {
            compare(Support.root.resolve("fuzz/corpus/decode-$format"), atLeast = 1)
        }
        val decoded = Ownprint.capabilities().formats.filter { it.decoded }.map { it.name }
        assertTrue(decoded.containsAll(listOf("heic", "avif", "jxl")), "$decoded")
    }

    private fun compare(folder: Path, atLeast: Int) = runBlocking {
        val expected = commandLine(folder)
        val paths = expected.keys.map(Path::of)
        val results = Ownprint(Options(algorithms = listOf("all"), rgbMd5 = true)).use { ownprint ->
            ownprint.fingerprintAll(paths).toList()
        }
        val errors = results.count { it.error != null }
        for (result in results) assertEquals(expected[result.source.toString()], line(result), "${result.source}")
        println("$folder: ${results.size} files, $errors of them errors, as the command line prints them")
        assertEquals(expected.size, results.size)
        assertTrue(results.size >= atLeast, "$folder has ${results.size} files")
    }

    /** Path and what stands behind it on the command line's line. */
    private fun commandLine(folder: Path): Map<String, JsonObject> {
        val arguments = "hash --recursive --rgb-md5 --algorithms all --format jsonl".split(' ')
        val process = ProcessBuilder(listOf(Support.commandLine.toString()) + arguments + folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start()
        val lines = process.inputStream.bufferedReader().readLines()
        assertTrue(process.waitFor() in 0..1)
        return lines.map { JsonParser.parseString(it).asJsonObject }.associateBy { it.remove("path").asString }
    }

    private fun line(result: FileResult<Path>): JsonObject = when (val error = result.error) {
        null -> Support.toJson(result.fingerprint!!)
        is OwnprintException -> JsonObject().apply {
            addProperty("schema", 1)
            add("error", Support.toJson(error))
        }
        else -> throw error
    }
}
