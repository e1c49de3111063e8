package org.ownprint

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.readText
import org.junit.jupiter.api.Assumptions.assumeTrue

/** What the tests share: where things are, and results in the form of the command line's lines. */
internal object Support {
    /** The repository. */
    val root: Path = Path.of("").toAbsolutePath().resolve("../..").normalize()

    val vectors: Path = root.resolve("conformance/vectors")

    /** A small photograph. */
    val photo: Path = root.resolve("examples/images/hills.jpg")

    /** The command line, with every format, as `cargo xtask test kotlin` builds it. */
    val commandLine: Path =
        (System.getenv("OWNPRINT_PROGRAMS")?.let(Path::of) ?: root.resolve("target/debug")).resolve("ownprint")

    fun json(path: Path): JsonObject = JsonParser.parseString(path.readText()).asJsonObject

    /** Images that this project does not own; tests that need them are skipped where they are not. */
    fun corpus(): Path {
        val folder = System.getenv("OWNPRINT_CORPUS").orEmpty()
        assumeTrue(folder.isNotEmpty(), "OWNPRINT_CORPUS is not set: nothing to compare over")
        return Path.of(folder)
    }

    /** Grey pixels that hash well, in a direct buffer. */
    fun landscape(width: Int, height: Int): ByteBuffer {
        val pixels = ByteBuffer.allocateDirect(width * height)
        for (y in 0 until height) for (x in 0 until width) pixels.put((x * 7 / 16 + (x and y) * 3 / 32 + y * y / 512).toByte())
        return pixels.flip()
    }

    /** The bytes of a file in a direct buffer. */
    fun direct(path: Path): ByteBuffer {
        val bytes = Files.readAllBytes(path)
        return ByteBuffer.allocateDirect(bytes.size).put(bytes).flip()
    }

    /** Runs a Java program with this process' Java; gives its exit status and all it printed. One that hangs is ended. */
    fun java(vararg arguments: String): Pair<Int, String> {
        val program = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val process = ProcessBuilder(listOf(program) + arguments).redirectErrorStream(true).start()
        process.onExit().orTimeout(10, TimeUnit.MINUTES).exceptionally { process.destroyForcibly() }
        val printed = process.inputStream.readBytes().decodeToString()
        return process.waitFor() to printed
    }

    /** A fingerprint as the command line prints it. */
    fun toJson(fingerprint: Fingerprint): JsonObject = JsonObject().apply {
        addProperty("schema", 1)
        fingerprint.image?.let { image ->
            add("format", image.format.toJson())
            addProperty("width", image.width)
            addProperty("height", image.height)
            addProperty("orientation", image.orientation)
            addProperty("stored_width", image.storedWidth)
            addProperty("stored_height", image.storedHeight)
            addProperty("pixels", image.pixels)
            if (image.damaged) addProperty("damaged", true)
            if (!image.exact) addProperty("exact", false)
            image.rgbMd5?.let { addProperty("rgb_md5", it) }
        }
        add("hashes", fingerprint.hashes.associate { it.algorithm to toJson(it) }.toJson())
        add("digests", fingerprint.digests.associate { it.algorithm to it.hex.toJson() }.toJson())
        add("warnings", fingerprint.warnings.map { diagnostic(it.code, it.message) }.toJson())
    }

    /** An error as the command line prints it. */
    fun toJson(error: OwnprintException): JsonObject = diagnostic(error.code, error.message)

    private val single by lazy { Ownprint.capabilities().hashes.filter { it.hashes == 1 }.map { it.name }.toSet() }

    private fun toJson(hash: PerceptualHash) = JsonObject().apply {
        // A list where the algorithm may give several, even if this image has but one.
        add("hex", if (hash.algorithm in single) hash.hex.toJson() else hash.values.map { it.toJson() }.toJson())
        hash.quality?.let { addProperty("quality", it) }
    }

    private fun diagnostic(code: String, message: String) = JsonObject().apply {
        addProperty("code", code)
        addProperty("message", message)
    }

    private fun String?.toJson(): JsonElement = this?.let { com.google.gson.JsonPrimitive(it) } ?: JsonNull.INSTANCE

    private fun Map<String, JsonElement>.toJson() = JsonObject().also { forEach(it::add) }

    private fun List<JsonElement>.toJson() = JsonArray().also { forEach(it::add) }
}
