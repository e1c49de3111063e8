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

/** Paths, options and JSON that the tests share. */
internal object Support {
    /** The repository. */
    val root: Path = Path.of("").toAbsolutePath().resolve("../..").normalize()

    val vectors: Path = root.resolve("conformance/vectors")

    /** A small photograph. */
    val photo: Path = root.resolve("examples/images/hills.jpg")

    /** The command line with every format, which `cargo xtask test kotlin` builds. */
    val commandLine: Path =
        (System.getenv("OWNPRINT_PROGRAMS")?.let(Path::of) ?: root.resolve("target/debug"))
            .resolve("ownprint")

    fun json(path: Path): JsonObject = JsonParser.parseString(path.readText()).asJsonObject

    /**
     * A folder of images that is not part of this project. Tests that need it are skipped without
     * it.
     */
    fun corpus(): Path {
        val folder = System.getenv("OWNPRINT_CORPUS").orEmpty()
        assumeTrue(folder.isNotEmpty(), "OWNPRINT_CORPUS is not set")
        return Path.of(folder)
    }

    /** Gray pixels with a high PDQ quality, in a direct buffer. */
    fun landscape(width: Int, height: Int): ByteBuffer {
        val pixels = ByteBuffer.allocateDirect(width * height)
        for (y in 0 until height) for (x in 0 until width) {
            pixels.put((x * 7 / 16 + (x and y) * 3 / 32 + y * y / 512).toByte())
        }
        return pixels.flip()
    }

    /** The bytes of a file in a direct buffer. */
    fun direct(path: Path): ByteBuffer {
        val bytes = Files.readAllBytes(path)
        return ByteBuffer.allocateDirect(bytes.size).put(bytes).flip()
    }

    /**
     * Runs a Java program, and returns its exit status and output. A program that hangs is killed.
     */
    fun java(vararg arguments: String): Pair<Int, String> {
        val program = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val process = ProcessBuilder(listOf(program) + arguments).redirectErrorStream(true).start()
        process.onExit().orTimeout(10, TimeUnit.MINUTES).exceptionally { process.destroyForcibly() }
        val printed = process.inputStream.readBytes().decodeToString()
        return process.waitFor() to printed
    }

    /** Options for every hash and digest. */
    val everything: Options by lazy { Options(HashAlgorithm.all(), DigestAlgorithm.all()) }

    /** Options for these hashes, and no digest. */
    fun hashes(vararg algorithms: HashAlgorithm): Options =
        Options(algorithms.toList(), emptyList())

    /** Options for these digests, and no hash. */
    fun digests(vararg algorithms: DigestAlgorithm): Options =
        Options(emptyList(), algorithms.toList())

    /** Returns a fingerprint as the command line prints it. */
    fun toJson(fingerprint: Fingerprint): JsonObject =
        JsonObject().apply {
            addProperty("schema", 1)
            fingerprint.image?.info?.let { image ->
                add("format", image.format.toJson())
                addProperty("width", image.width)
                addProperty("height", image.height)
                addProperty("orientation", image.orientation.exif)
                addProperty("stored_width", image.storedWidth)
                addProperty("stored_height", image.storedHeight)
                addProperty("orientation_applied", image.orientationApplied)
                if (image.damaged) addProperty("damaged", true)
                if (!image.deterministic) addProperty("deterministic", false)
                image.rgbMd5?.let { addProperty("rgb_md5", it) }
            }
            val hashes = fingerprint.image?.hashes.orEmpty()
            add("hashes", hashes.associate { it.algorithm.name to toJson(it) }.toJson())
            if (fingerprint.video != null) {
                val record = FingerprintRecord(null, fingerprint).toJson()
                add("video", JsonParser.parseString(record).asJsonObject["video"])
            }
            add(
                "digests",
                fingerprint.digests.associate { it.algorithm.name to it.hex.toJson() }.toJson(),
            )
            add("warnings", fingerprint.warnings.map { toJson(it) }.toJson())
            fingerprint.error?.let { add("error", toJson(it)) }
            fingerprint.decoderRevision?.let {
                val decoder = JsonObject()
                decoder.addProperty("name", "ownprint")
                decoder.addProperty("revision", it)
                add("decoder", decoder)
            }
        }

    private val single by lazy {
        Ownprint.capabilities().hashes.filter { it.hashes == 1 }.map { it.algorithm }.toSet()
    }

    private fun toJson(hash: PerceptualHash) =
        JsonObject().apply {
            // A list for algorithms with several hashes, even if this image has only one.
            val values = hash.values.map { it.toJson() }
            add("hex", if (hash.algorithm in single) values.single() else values.toJson())
            hash.quality?.let { addProperty("quality", it) }
        }

    private fun toJson(diagnostic: Diagnostic) =
        JsonObject().apply {
            addProperty("code", diagnostic.code)
            addProperty("message", diagnostic.message)
        }

    private fun String?.toJson(): JsonElement =
        this?.let { com.google.gson.JsonPrimitive(it) } ?: JsonNull.INSTANCE

    private fun Map<String, JsonElement>.toJson() = JsonObject().also { forEach(it::add) }

    private fun List<JsonElement>.toJson() = JsonArray().also { forEach(it::add) }
}
