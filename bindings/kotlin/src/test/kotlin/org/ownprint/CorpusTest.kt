package org.ownprint

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.nio.file.Path
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The results of the command line, field by field, including errors. */
class CorpusTest {
    @Test fun `the corpus`() = compare(Support.corpus(), atLeast = 100)

    @Test
    fun `the committed images`() {
        compare(Support.root.resolve("examples/images"), atLeast = 1)
        compare(Support.vectors.resolve("images"), atLeast = 40)
    }

    /**
     * The formats that `--formats` adds: the codings of phones and messengers, and the fuzzing
     * corpus.
     */
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
        val results =
            Fingerprinter(Support.everything.copy(rgbMd5 = true)).use { fingerprinter ->
                fingerprinter.fingerprintAll(paths).toList()
            }
        val errors = results.count { it !is FileResult.Success || it.fingerprint.error != null }
        for (result in results) assertEquals(
            expected[result.source.toString()],
            line(result),
            "${result.source}",
        )
        println("$folder: ${results.size} files, $errors errors, equal to the command line")
        assertEquals(expected.size, results.size)
        assertTrue(results.size >= atLeast, "$folder has ${results.size} files")
    }

    /** The path of each record of the command line, and its other members. */
    private fun commandLine(folder: Path): Map<String, JsonObject> {
        val arguments = "hash --recursive --rgb-md5 --algorithms all --format jsonl".split(' ')
        val process =
            ProcessBuilder(listOf(Support.commandLine.toString()) + arguments + folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
        val lines = process.inputStream.bufferedReader().readLines()
        assertTrue(process.waitFor() in 0..1)
        return lines
            .map { JsonParser.parseString(it).asJsonObject }
            .associateBy { it.remove("path").asString }
    }

    private fun line(result: FileResult<Path>): JsonObject =
        when (result) {
            is FileResult.Success -> Support.toJson(result.fingerprint)
            is FileResult.Failure -> {
                val error = result.error as? OwnprintException ?: throw result.error
                JsonParser.parseString(FingerprintRecord(null, error).toJson()).asJsonObject
            }
        }
}
