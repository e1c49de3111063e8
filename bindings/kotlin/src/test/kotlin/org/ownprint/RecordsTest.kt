package org.ownprint

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import java.io.ByteArrayInputStream
import java.io.IOException
import java.io.InputStream
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Every vector of `records.json`, which the tests of Rust, JavaScript and Swift read too. */
class RecordsTest {
    private val vectors = Support.json(Support.vectors.resolve("records.json"))

    @Test
    fun `records in JSON`() =
        check("record", { FingerprintRecord.fromJson(it) }) { expected, record ->
            assertEquals(expected["written"].asString, record.toJson())
        }

    @Test
    fun `records keep videos and variants`() {
        val texts =
            vectors.getAsJsonObject("forms").getAsJsonObject("record").getAsJsonArray("valid")
        val records = texts.map { FingerprintRecord.fromJson(it.asJsonObject["text"].asString) }
        val videos = records.mapNotNull { it.video }
        assertTrue(videos.any { it.vpdq.size > 1 && it.damaged }, "no vector has a video")
        for (video in videos) {
            assertTrue(video.frameRate.toDouble() > 0, "$video")
            assertTrue(video.vpdq.all { it.feature.hex.length == 64 }, "$video")
        }
        val sets = records.mapNotNull { it.variants }
        assertTrue(sets.any { it.hashes.size > 1 && it.skipped.size > 1 }, "no vector has variants")
        for (record in records) assertEquals(record, FingerprintRecord.fromJson(record.toJson()))
    }

    @Test
    fun `records in CSV`() =
        check("csv", { readCsv(it.toByteArray()) }) { expected, records ->
            assertEquals(texts(expected["records"]), records.map { it.toJson() })
        }

    @Test
    fun `whole lists`() =
        check("list", { readList(it.toByteArray()) }) { expected, hashes ->
            assertEquals(listed(expected["hashes"]), hashes)
        }

    @Test
    fun `lists from a slow stream`() =
        check("list", { text -> runBlocking { readList(slowly(text)).toList() } }) {
            expected,
            hashes ->
            assertEquals(listed(expected["hashes"]), hashes)
        }

    @Test
    fun `lists into an index from a stream`() =
        HashIndex().use { index ->
            var size = 0L
            check("list", { index.insertListBlocking(slowly(it)) }) { expected, added ->
                // Hashes with a quality below 50 are not inserted: they match unrelated images.
                val inserted =
                    listed(expected["hashes"]).count {
                        it.algorithm == HashAlgorithm.PDQ && (it.quality ?: 100) >= 50
                    }
                assertEquals(inserted.toLong(), added)
                size += added
            }
            assertEquals(size, index.size, "an invalid list inserts nothing")
            assertTrue(size > 0)
            val thrown = assertThrows<IOException> { index.insertListBlocking(failing()) }
            assertEquals("unplugged", thrown.message)
            assertEquals(size, index.size)
        }

    @Test
    fun `a stream is read only as far as the flow is collected, and its exception is thrown`() =
        runBlocking {
            val line = "pdq ${"0".repeat(64)}\n"
            val endless =
                object : InputStream() {
                    override fun read(): Int = throw UnsupportedOperationException()

                    override fun read(bytes: ByteArray, from: Int, limit: Int): Int {
                        line.toByteArray().copyInto(bytes, from)
                        return line.length
                    }
                }
            assertEquals(listOf(1L, 2L, 3L), readList(endless).take(3).toList().map { it.line })
            assertEquals(
                "unplugged",
                assertThrows<IOException> { readList(failing()).toList() }.message,
            )
        }

    @Test
    fun `StopNCII's pages`() =
        check("stopncii", { StopNciiPage.fromJson(it) }) { expected, page ->
            assertEquals(expected["written"].asString, page.toJson())
        }

    @Test
    fun `invalid rows are skipped, counted and named`() {
        val tolerant = vectors.getAsJsonObject("tolerant")
        val (lists, pages) =
            listOf("lists", "pages").map { name ->
                tolerant.getAsJsonArray(name).map { it.asJsonObject }
            }
        assertTrue(lists.size >= 4 && pages.size >= 2)
        for (expected in lists) {
            val text = expected["text"].asString
            val read = readListTolerant(text.toByteArray())
            assertEquals(listed(expected["hashes"]), read.hashes, text)
            assertEquals(skipped(expected["skipped"]), read.skipped, text)
        }
        for (expected in pages) {
            val text = expected["text"].asString
            val read = StopNciiPage.fromJsonTolerant(text)
            assertEquals(expected["written"].asString, read.page.toJson(), text)
            assertEquals(skipped(expected["skipped"]), read.skipped, text)
        }
        val thrown = assertThrows<OwnprintException> { readListTolerant("words".toByteArray()) }
        assertEquals("invalid-record", thrown.code)
    }

    private fun skipped(element: JsonElement): SkippedRows {
        val rows =
            element.asJsonObject["rows"].asJsonArray.map {
                val row = it.asJsonObject
                SkippedRow(
                    row["line"].asLong,
                    row["column"].asLong,
                    row["code"].asString,
                    row["message"].asString,
                )
            }
        return SkippedRows(element.asJsonObject["count"].asLong, rows)
    }

    @Test
    fun `vPDQ's lines`() =
        check("vpdq-line", { VpdqFrame.fromLine(it) }) { expected, frame ->
            assertEquals(VpdqFrame(expected["frame"].asLong, feature(expected["feature"])), frame)
            assertEquals(expected["written"].asString, frame.toLine())
        }

    @Test
    fun `vPDQ's JSON`() =
        check("vpdq-json", { VpdqFeature.fromJson(it) }) { expected, features ->
            assertEquals(expected["features"].asJsonArray.map(::feature), features)
            assertEquals(expected["written"].asString, VpdqFeature.toJson(features))
        }

    @Test
    fun tables() {
        val tables = vectors.getAsJsonArray("tables").map { it.asJsonObject }
        assertTrue(tables.size >= 3)
        for (expected in tables) {
            val variants =
                expected["variants"].takeUnless { it.isJsonNull }?.let { listOf(it.asString) }
            val digests = DigestAlgorithm.all()
            val (digestNames, hashNames) =
                texts(expected["algorithms"]).partition { DigestAlgorithm(it) in digests }
            val table =
                CsvTable(
                    hashNames.map(HashAlgorithm::parse),
                    digestNames.map(DigestAlgorithm::parse),
                    variants?.let { VariantSet.of(*it.toTypedArray()) },
                )
            assertEquals(expected["header"].asString, table.header)
            val rows = texts(expected["records"]).map { table.row(FingerprintRecord.fromJson(it)) }
            assertEquals(texts(expected["rows"]), rows)
        }
        assertEquals(
            "unknown-algorithm",
            assertThrows<OwnprintException> { CsvTable(listOf(HashAlgorithm("sift"))) }.code,
        )
    }

    @Test
    fun `exchange lines`() {
        val lines = vectors.getAsJsonArray("exchange_lines").map { it.asJsonObject }
        assertTrue(lines.size >= 6)
        for (expected in lines) {
            val quality = expected["quality"].takeUnless { it.isJsonNull }?.asInt
            val algorithm = HashAlgorithm.parse(expected["algorithm"].asString)
            val hash = PerceptualHash(algorithm, listOf(expected["hex"].asString), quality)
            assertEquals(
                expected["line"].takeUnless { it.isJsonNull }?.asString,
                hash.threatExchangeLine(),
            )
        }
    }

    @Test
    fun `a fingerprint is a record`() = runBlocking {
        val options = Support.everything.copy(rgbMd5 = true, variants = VariantSet.STANDARD)
        Fingerprinter(options).use { fingerprinter ->
            val fingerprint = fingerprinter.fingerprint(Support.photo)
            val record = FingerprintRecord("hills.jpg", fingerprint)
            assertEquals(record, FingerprintRecord.fromJson(record.toJson()))
            assertEquals(fingerprint.hash(HashAlgorithm.PDQ), record.hash(HashAlgorithm.PDQ))
            assertEquals(
                fingerprint.digest(DigestAlgorithm.MD5),
                record.digest(DigestAlgorithm.MD5),
            )
        }
        val failure = assertThrows<OwnprintException> { HashAlgorithm.parse("sift") }
        val record = FingerprintRecord("gone.jpg", failure)
        assertEquals(record, FingerprintRecord.fromJson(record.toJson()))
    }

    @Test
    fun `values that the reader would refuse are not written`() {
        for ((record, code) in
            listOf(
                FingerprintRecord(
                    hashes = listOf(PerceptualHash(HashAlgorithm("sift"), listOf("00"), null))
                ) to "unknown-algorithm",
                FingerprintRecord(
                    hashes = listOf(PerceptualHash(HashAlgorithm.PDQ, listOf("00"), null))
                ) to "not-comparable",
                FingerprintRecord(
                    hashes =
                        listOf(PerceptualHash(HashAlgorithm.PHASH, listOf("g".repeat(16)), null))
                ) to "invalid-hash",
                FingerprintRecord(digests = listOf(Digest(DigestAlgorithm.MD5, "00"))) to
                    "invalid-hash",
                FingerprintRecord(variants = VariantHashes(null, emptyList())) to "invalid-record",
                FingerprintRecord(
                    variants = VariantHashes(null, listOf(VariantHash("sepia", "0".repeat(64), 9)))
                ) to "unknown-variant",
                FingerprintRecord(
                    variants = VariantHashes(null, listOf(VariantHash("original", "00", 9)))
                ) to "not-comparable",
                FingerprintRecord(warnings = listOf(Diagnostic("No Code", ""))) to "invalid-record",
            )) {
            assertEquals(code, assertThrows<OwnprintException> { record.toJson() }.code)
        }
        val tooGood =
            FingerprintRecord(
                hashes = listOf(PerceptualHash(HashAlgorithm.PHASH, listOf("0".repeat(16)), 101))
            )
        assertThrows<IllegalArgumentException> { tooGood.toJson() }
    }

    /**
     * Reads every text of a form. Invalid texts have to be refused with the right code and
     * position.
     */
    private fun <T> check(form: String, read: (String) -> T, compare: (JsonObject, T) -> Unit) {
        val texts = vectors.getAsJsonObject("forms").getAsJsonObject(form)
        val (valid, invalid) =
            listOf("valid", "invalid").map { kind ->
                texts.getAsJsonArray(kind).map { it.asJsonObject }
            }
        assertTrue(valid.size >= 2 && invalid.size >= 8)
        for (expected in valid) compare(expected, read(expected["text"].asString))
        for (expected in invalid) {
            val text = expected["text"].asString
            val error = assertThrows<OwnprintException>(text) { read(text) }
            assertEquals(
                expected["code"].asString to expected["message"].asString,
                error.code to error.message,
                text,
            )
            val place = "line ${expected["line"].asLong}, column ${expected["column"].asLong}: "
            assertTrue(error.message.startsWith(place), "${error.message} of $text")
        }
    }

    private fun texts(list: JsonElement): List<String> = list.asJsonArray.map { it.asString }

    private fun listed(list: JsonElement): List<ListedHash> =
        (list as JsonArray)
            .map { it.asJsonObject }
            .map {
                ListedHash(
                    HashAlgorithm(it["algorithm"].asString),
                    it["hex"].asString,
                    it["quality"].takeUnless { quality -> quality.isJsonNull }?.asInt,
                    it["name"].takeUnless { name -> name.isJsonNull }?.asString,
                    it["line"].asLong,
                    it["variant"].takeUnless { variant -> variant.isJsonNull }?.asString,
                )
            }

    private fun feature(value: JsonElement) =
        value.asJsonObject.let {
            VpdqFeature(it["hex"].asString, it["quality"].asInt, it["seconds"].asDouble)
        }

    private fun slowly(text: String) =
        object : ByteArrayInputStream(text.toByteArray()) {
            override fun read(bytes: ByteArray, from: Int, limit: Int): Int =
                super.read(bytes, from, minOf(limit, 7))
        }

    private fun failing() =
        object : InputStream() {
            override fun read(): Int = throw IOException("unplugged")

            override fun read(bytes: ByteArray, from: Int, limit: Int): Int =
                throw IOException("unplugged")
        }
}
