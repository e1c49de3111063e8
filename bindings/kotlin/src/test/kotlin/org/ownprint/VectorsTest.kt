package org.ownprint

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import java.io.ByteArrayInputStream
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/**
 * Every vector of `conformance/vectors`: the values of the reference implementations, bit for bit.
 */
class VectorsTest {
    @Test
    fun `every image of every file of vectors, as every kind of input`() = runBlocking {
        var values = 0
        // One file has variants instead of hashes.
        for ((image, file) in images.filter { (image, _) -> image.has("hashes") }) values +=
            check(file, image)
        println("$values values of images")
        assertTrue(values >= 2000, "there are few vectors: $values values")
    }

    @Test
    fun `every set of variants`() = runBlocking {
        var sets = 0
        for ((image, file) in images.filter { (image, _) -> image.has("variants") }) {
            for ((names, expected) in image.getAsJsonObject("variants").entrySet()) {
                // The name of a set, or names of variants.
                val options =
                    Support.digests(DigestAlgorithm.MD5)
                        .copy(variants = VariantSet.of(*names.split(",").toTypedArray()))
                val fingerprint =
                    Fingerprinter(options).use { it.fingerprint(Support.vectors.resolve(file)) }
                val set = fingerprint.image!!.variants!!
                assertEquals(set(expected.asJsonObject), set, "$file $names")
                for (hash in set.hashes) {
                    val comparison = Ownprint.compare(set, hash.hex)
                    assertEquals(0, comparison.distance)
                    assertTrue(
                        set.hashes.any { it.variant == comparison.variant && it.hex == hash.hex },
                        "$file ${hash.variant}",
                    )
                }
                sets++
            }
        }
        println("$sets sets of variants")
        assertTrue(sets >= 10, "there are few sets: $sets")
        for (names in listOf(listOf("huge"), listOf("mirror", "sepia"), emptyList())) {
            val options = Options(variants = VariantSet.of(*names.toTypedArray()))
            assertEquals(
                "unknown-variant",
                assertThrows<OwnprintException> { Fingerprinter(options) }.code,
            )
        }
        val twice = Options(variants = VariantSet.of("mirror", "mirror"))
        assertEquals(
            "invalid-variants",
            assertThrows<OwnprintException> { Fingerprinter(twice) }.code,
        )
        Fingerprinter(Options(variants = VariantSet.COMPACT)).use { fingerprinter ->
            val fingerprint = fingerprinter.fingerprint(Support.photo)
            val compact = fingerprint.image!!.variants!!
            assertEquals(8, compact.hashes.size + compact.skipped.size)
            assertEquals(fingerprint.digests, fingerprinter.digests(Support.photo))
        }
    }

    /** Every image of the vectors that has a file, and that file. */
    private val images: List<Pair<JsonObject, String>> by lazy {
        val files =
            Support.vectors.toFile().listFiles { file -> file.extension == "json" }.orEmpty()
        val vectors = files.map { Support.json(it.toPath()) }.filter { it.has("images") }
        val all = vectors.flatMap { it.getAsJsonArray("images") }.map { it.asJsonObject }
        // Some images are named by a recipe only; another image has the file of that recipe.
        val painted =
            all.filter { it.has("recipe") && file(it) != null }
                .associate { it["recipe"].asString to file(it) }
        all.mapNotNull { image ->
            (file(image) ?: painted[image["recipe"].asString])?.let { image to it }
        }
    }

    private fun set(set: JsonObject) =
        VariantHashes(
            set["set"]?.asString,
            set.getAsJsonArray("hashes")
                .map { it.asJsonObject }
                .map {
                    VariantHash(it["variant"].asString, it["hex"].asString, it["quality"].asInt)
                },
            set.getAsJsonArray("skipped")
                .map { it.asJsonObject }
                .map {
                    val reason =
                        when (it["reason"].asString) {
                            "quality" -> SkipReason.Quality(it["quality"].asInt)
                            else -> SkipReason.Near(it["to"].asString, it["distance"].asInt)
                        }
                    SkippedVariant(it["variant"].asString, reason)
                },
        )

    private fun file(image: JsonObject): String? =
        image["file"]?.takeUnless { it.isJsonNull }?.asString

    /** Returns the number of values. */
    private suspend fun check(file: String, expected: JsonObject): Int {
        val path = Support.vectors.resolve(file)
        val hashes = expected.getAsJsonObject("hashes").entrySet()
        val options =
            Options(hashes.map { HashAlgorithm.parse(it.key) }, emptyList(), rgbMd5 = true)
        Fingerprinter(options).use { fingerprinter ->
            val fingerprint = fingerprinter.fingerprint(path)
            val image = fingerprint.image!!.info
            expected["rgb_md5"]?.let { assertEquals(it.asString, image.rgbMd5, file) }
            expected["width"]?.let { assertEquals(it.asInt, image.width, file) }
            expected["height"]?.let { assertEquals(it.asInt, image.height, file) }
            for ((algorithm, value) in hashes) {
                val alone =
                    Fingerprinter(Support.hashes(HashAlgorithm.parse(algorithm)))
                        .use { it.fingerprint(path) }
                        .image!!
                        .hashes
                        .single()
                assertEquals(texts(value), alone.values, "$file $algorithm")
                assertTrue(alone in fingerprint.image!!.hashes, "$file $algorithm among others")
                val quality =
                    value
                        .takeIf { it.isJsonObject }
                        ?.asJsonObject
                        ?.get("quality")
                        ?.takeUnless { it.isJsonNull }
                assertEquals(quality?.asInt, alone.quality, "$file $algorithm")
            }
            assertEquals(fingerprint, fingerprinter.fingerprint(path.toFile()), file)
            assertEquals(fingerprint, fingerprinter.fingerprint(Support.direct(path)), file)
            assertEquals(
                fingerprint,
                path.toFile().inputStream().use { fingerprinter.fingerprint(it) },
                file,
            )
            assertEquals(
                fingerprint,
                fingerprinter.fingerprintBlocking(path.toFile().readBytes()),
                file,
            )
        }
        return hashes.size
    }

    /** A hash is its digits, or an object with the digits or a list of them as `hex`. */
    private fun texts(value: JsonElement): List<String> =
        when {
            value.isJsonObject -> texts(value.asJsonObject["hex"])
            value.isJsonArray -> value.asJsonArray.map { it.asString }
            else -> listOf(value.asString)
        }

    @Test
    fun `every digest`() = runBlocking {
        val file = Support.json(Support.vectors.resolve("digests.json"))
        var values = 0
        Fingerprinter(Options(digests = DigestAlgorithm.all())).use { fingerprinter ->
            val cases = file.getAsJsonArray("pattern") + file.getAsJsonArray("messages")
            for (case in cases.map { it.asJsonObject }) {
                val length = case["length"]?.asInt
                val bytes =
                    if (length != null) ByteArray(length) { (it % 251).toByte() }
                    else case["text"].asString.repeat(case["repeat"].asInt).encodeToByteArray()
                val digests = fingerprinter.digests(ByteArrayInputStream(bytes))
                assertEquals(
                    digests,
                    fingerprinter.fingerprint(bytes).digests,
                    "length ${bytes.size}",
                )
                for (digest in digests) {
                    assertEquals(
                        case[digest.algorithm.name].asString,
                        digest.hex,
                        "${digest.algorithm} of ${bytes.size}",
                    )
                    values++
                }
            }
        }
        println("$values digests")
        assertTrue(values > 100, "there are few digests: $values")
    }

    @Test
    fun `every distance and every invalid hash`() {
        val file = Support.json(Support.vectors.resolve("hex.json"))
        val cases = file.getAsJsonArray("distance").map { it.asJsonObject }
        for (case in cases) {
            val (a, b) = case["a"].asString to case["b"].asString
            assertEquals(case["distance"].asInt, Ownprint.distance(a, b))
            assertEquals(case["match"].asBoolean, Ownprint.compare(HashAlgorithm.PDQ, a, b).isMatch)
        }
        assertTrue(cases.size > 5)
        for (case in file.getAsJsonArray("valid").map { it.asJsonObject }) {
            assertEquals(0, Ownprint.distance(case["text"].asString, case["printed"].asString))
        }
        val zero = "0".repeat(64)
        for (case in file.getAsJsonArray("invalid").map { it.asJsonObject }) {
            val error =
                assertThrows<OwnprintException>(case["why"].asString) {
                    Ownprint.compare(HashAlgorithm.PDQ, case["text"].asString, zero)
                }
            assertTrue(error.code in setOf("invalid-hash", "not-comparable"), error.code)
        }
    }
}
