package org.ownprint

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import java.io.ByteArrayInputStream
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** The values of the reference implementations, to the bit: every vector in `conformance/vectors`. */
class VectorsTest {
    @Test
    fun `every image of every file of vectors, by every entryPoint`() = runBlocking {
        var values = 0
        // One file has sets of variants instead of hashes.
        for ((image, file) in images.filter { (image, _) -> image.has("hashes") }) values += check(file, image)
        println("$values values of images")
        assertTrue(values >= 2000, "there are few vectors: $values values")
    }

    @Test
    fun `every set of variants`() = runBlocking {
        var sets = 0
        for ((image, file) in images.filter { (image, _) -> image.has("variants") }) {
            for ((names, expected) in image.getAsJsonObject("variants").entrySet()) {
                // By the name of the set, or by those of the variants.
                val options = Options(algorithms = listOf("md5"), variants = names.split(","))
                val set = Ownprint(options).use { it.fingerprint(Support.vectors.resolve(file)) }.variants!!
                assertEquals(set(expected.asJsonObject), set, "$file $names")
                for (hash in set.hashes) {
                    val comparison = Ownprint.compare(set, hash.hex)
                    assertEquals(0, comparison.distance)
                    assertTrue(set.hashes.any { it.variant == comparison.variant && it.hex == hash.hex }, "$file ${hash.variant}")
                }
                sets++
            }
        }
        println("$sets sets of variants")
        assertTrue(sets >= 10, "there are few sets: $sets")
        for (names in listOf(listOf("huge"), listOf("mirror", "sepia"), emptyList())) {
            assertEquals("unknown-variant", assertThrows<OwnprintException> { Ownprint(Options(variants = names)) }.code)
        }
        val twice = Options(variants = listOf("mirror", "mirror"))
        assertEquals("invalid-variants", assertThrows<OwnprintException> { Ownprint(twice) }.code)
        val digests = Ownprint(Options(variants = listOf("compact"), digestsOnly = true)).use { it.fingerprint(Support.photo) }
        assertEquals(null to null, digests.variants to digests.image)
    }

    /** Every image of every file of vectors that is there as a file, and that file. */
    private val images: List<Pair<JsonObject, String>> by lazy {
        val files = Support.vectors.toFile().listFiles { file -> file.extension == "json" }.orEmpty()
        val vectors = files.map { Support.json(it.toPath()) }.filter { it.has("images") }
        val all = vectors.flatMap { it.getAsJsonArray("images") }.map { it.asJsonObject }
        // Some name an image by its recipe only; others have the file of that recipe.
        val painted = all.filter { it.has("recipe") && file(it) != null }.associate { it["recipe"].asString to file(it) }
        all.mapNotNull { image ->
            (file(image) ?: painted[image["recipe"].asString])?.let { image to it }
        }
    }

    private fun set(set: JsonObject) = VariantHashes(
        set["set"]?.asString,
        set.getAsJsonArray("hashes").map { it.asJsonObject }.map {
            VariantHash(it["variant"].asString, it["hex"].asString, it["quality"].asInt)
        },
        set.getAsJsonArray("skipped").map { it.asJsonObject }.map {
            val reason = when (it["reason"].asString) {
                "quality" -> SkipReason.Quality(it["quality"].asInt)
                else -> SkipReason.Near(it["to"].asString, it["distance"].asInt)
            }
            SkippedVariant(it["variant"].asString, reason)
        },
    )

    private fun file(image: JsonObject): String? = image["file"]?.takeUnless { it.isJsonNull }?.asString

    /** Gives the number of values. */
    private suspend fun check(file: String, expected: JsonObject): Int {
        val path = Support.vectors.resolve(file)
        val hashes = expected.getAsJsonObject("hashes").entrySet()
        Ownprint(Options(algorithms = hashes.map { it.key }, rgbMd5 = true)).use { ownprint ->
            val fingerprint = ownprint.fingerprint(path)
            val image = fingerprint.image!!
            expected["rgb_md5"]?.let { assertEquals(it.asString, image.rgbMd5, file) }
            expected["width"]?.let { assertEquals(it.asInt, image.width, file) }
            expected["height"]?.let { assertEquals(it.asInt, image.height, file) }
            for ((algorithm, value) in hashes) {
                val alone = Ownprint(Options(algorithms = listOf(algorithm))).use { it.fingerprint(path) }.hashes.single()
                assertEquals(texts(value), alone.values, "$file $algorithm")
                assertTrue(alone in fingerprint.hashes, "$file $algorithm among others")
                val quality = value.takeIf { it.isJsonObject }?.asJsonObject?.get("quality")?.takeUnless { it.isJsonNull }
                assertEquals(quality?.asInt, alone.quality, "$file $algorithm")
            }
            assertEquals(fingerprint, ownprint.fingerprint(path.toFile()), file)
            assertEquals(fingerprint, ownprint.fingerprint(Support.direct(path)), file)
            assertEquals(fingerprint, path.toFile().inputStream().use { ownprint.fingerprint(it) }, file)
            assertEquals(fingerprint, ownprint.fingerprintBlocking(path.toFile().readBytes()), file)
        }
        return hashes.size
    }

    /** A hash is its digits, or an object that has them, or a list of them, as `hex`. */
    private fun texts(value: JsonElement): List<String> = when {
        value.isJsonObject -> texts(value.asJsonObject["hex"])
        value.isJsonArray -> value.asJsonArray.map { it.asString }
        else -> listOf(value.asString)
    }

    @Test
    fun `every digest`() = runBlocking {
        val file = Support.json(Support.vectors.resolve("digests.json"))
        var values = 0
        Ownprint(Options(algorithms = Ownprint.capabilities().digests.map { it.name })).use { ownprint ->
            for (case in file.getAsJsonArray("pattern").map { it.asJsonObject }) {
                val bytes = ByteArray(case["length"].asInt) { (it % 251).toByte() }
                val digests = ownprint.digests(ByteArrayInputStream(bytes))
                assertEquals(digests, ownprint.fingerprint(bytes).digests, "length ${bytes.size}")
                for (digest in digests) {
                    assertEquals(case[digest.algorithm].asString, digest.hex, "${digest.algorithm} of ${bytes.size}")
                    values++
                }
            }
        }
        println("$values digests")
        assertTrue(values > 40, "there are few digests: $values")
    }

    @Test
    fun `every distance and every hash that is none`() {
        val file = Support.json(Support.vectors.resolve("hex.json"))
        val cases = file.getAsJsonArray("distance").map { it.asJsonObject }
        for (case in cases) {
            val (a, b) = case["a"].asString to case["b"].asString
            assertEquals(case["distance"].asInt, Ownprint.distance(a, b))
            assertEquals(case["match"].asBoolean, Ownprint.compare("pdq", a, b).isMatch)
        }
        assertTrue(cases.size > 5)
        for (case in file.getAsJsonArray("valid").map { it.asJsonObject }) {
            assertEquals(0, Ownprint.distance(case["text"].asString, case["printed"].asString))
        }
        val zero = "0".repeat(64)
        for (case in file.getAsJsonArray("invalid").map { it.asJsonObject }) {
            val error = assertThrows<OwnprintException>(case["why"].asString) {
                Ownprint.compare("pdq", case["text"].asString, zero)
            }
            assertTrue(error.code in setOf("invalid-hash", "not-comparable"), error.code)
        }
    }
}
