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
    @Test
    fun `the corpus`() {
        compare(Support.corpus(), atLeast = 100)
    }

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

    /** The video codecs that `--formats` adds, with the default algorithms. */
    @Test
    fun `videos of every codec and container`() {
        val folder = Support.root.resolve("fuzz/corpus/video")
        val results = compare(folder, atLeast = 20, arguments = emptyList(), Options())
        val videos = results.mapNotNull { (it as? FileResult.Success)?.fingerprint?.video }
        assertEquals(
            setOf("h264", "hevc", "vp9", "vp8", "av1"),
            videos.mapNotNull { it.codec }.toSet(),
        )
        assertTrue(videos.all { it.vpdq.isNotEmpty() })
    }

    private fun compare(
        folder: Path,
        atLeast: Int,
        arguments: List<String> = listOf("--rgb-md5", "--algorithms", "all"),
        options: Options = Support.everything.copy(rgbMd5 = true),
    ): List<FileResult<Path>> = runBlocking {
        val expected = commandLine(folder, arguments)
        val paths = expected.keys.map(Path::of)
        val results =
            Fingerprinter(options).use { fingerprinter ->
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
        results
    }

    /** The path of each record of the command line, and its other members. */
    private fun commandLine(folder: Path, arguments: List<String>): Map<String, JsonObject> {
        val hash = listOf("hash", "--recursive", "--format", "jsonl") + arguments
        val process =
            ProcessBuilder(listOf(Support.commandLine.toString()) + hash + folder.toString())
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
