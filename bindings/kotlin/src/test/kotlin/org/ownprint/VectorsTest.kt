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
    fun `every picture of every file of vectors, by every door`() = runBlocking {
        var values = 0
        val files = Support.vectors.toFile().listFiles { file -> file.extension == "json" }.orEmpty()
        Ownprint(Options(algorithms = listOf("all"), rgbMd5 = true)).use { ownprint ->
            for (file in files) {
                val pictures = Support.json(file.toPath()).getAsJsonArray("pictures") ?: continue
                for (picture in pictures.map { it.asJsonObject }.filter { it["file"]?.isJsonNull == false }) {
                    values += check(ownprint, picture)
                }
            }
        }
        println("$values values of pictures")
        assertTrue(values >= 196, "there are few vectors: $values values")
    }

    /** Gives the number of values. */
    private suspend fun check(ownprint: Ownprint, expected: JsonObject): Int {
        val path = Support.vectors.resolve(expected["file"].asString)
        val name = expected["name"].asString
        val fingerprint = ownprint.fingerprint(path)
        val picture = fingerprint.picture!!
        assertEquals(expected["width"].asInt to expected["height"].asInt, picture.width to picture.height, name)
        assertEquals(expected["rgb_md5"].asString, picture.rgbMd5, name)
        val hashes = expected.getAsJsonObject("hashes").entrySet()
        for ((algorithm, value) in hashes) {
            val hash = fingerprint.hash(algorithm) ?: error("$name: no $algorithm")
            assertEquals(texts(value.asJsonObject["hex"]), hash.values, "$name $algorithm")
            val quality = value.asJsonObject["quality"]?.takeUnless { it.isJsonNull }?.asInt
            assertEquals(quality, hash.quality, "$name $algorithm")
        }
        assertEquals(fingerprint, ownprint.fingerprint(path.toFile()), name)
        assertEquals(fingerprint, ownprint.fingerprint(Support.direct(path)), name)
        assertEquals(fingerprint, path.toFile().inputStream().use { ownprint.fingerprint(it) }, name)
        assertEquals(fingerprint, ownprint.fingerprintBlocking(path.toFile().readBytes()), name)
        return hashes.size
    }

    private fun texts(hex: JsonElement) =
        if (hex.isJsonArray) hex.asJsonArray.map { it.asString } else listOf(hex.asString)

    @Test
    fun `every digest`() = runBlocking {
        val file = Support.json(Support.vectors.resolve("digests.json"))
        var values = 0
        Ownprint(Options(algorithms = Ownprint.catalogue().digests.map { it.name })).use { ownprint ->
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
