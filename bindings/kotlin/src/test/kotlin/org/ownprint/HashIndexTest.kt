package org.ownprint

import java.nio.file.Files
import java.nio.file.Path
import kotlin.concurrent.thread
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** Search, saved files, and lists of hashes. */
class HashIndexTest {
    private val zero = "0".repeat(64)
    private val near = "0".repeat(62) + "0f"
    private val far = "f".repeat(64)

    @Test
    fun `entries are found until they are removed`() =
        HashIndex().use { index ->
            assertEquals(
                listOf(0, 1, 2),
                listOf(zero, near, far).map { index.insert(it, "text of ${it.takeLast(2)}") },
            )
            assertEquals(
                listOf(Hit(0, 0, "text of 00"), Hit(1, 4, "text of 0f")),
                index.within(zero),
            )
            assertEquals(listOf(Hit(0, 0, "text of 00")), index.within(zero, 3))
            assertEquals(
                listOf(Hit(2, 0, "text of ff"), Hit(1, 252, "text of 0f")),
                index.nearest(far, 2),
            )
            assertEquals(listOf(listOf(0, 1)), index.groupsBlocking())
            assertEquals("text of 00", index.remove(0))
            assertNull(index.remove(0))
            assertEquals(listOf(1), index.within(zero).map { it.entry })
            assertEquals(2L to HashAlgorithm.PDQ, index.size to index.algorithm)
        }

    @Test
    fun `a saved index is loaded, an altered one refused`(@TempDir folder: Path) =
        runBlocking<Unit> {
            val file = folder.resolve("known.index")
            HashIndex(HashAlgorithm.PHASH).use { index ->
                index.insert("00000000000000ff", "known")
                index.save(file)
                index.saveBlocking(folder.resolve("copy.index"))
            }
            for (saved in
                listOf(
                    HashIndex.load(file),
                    HashIndex.loadBlocking(folder.resolve("copy.index")),
                )) {
                saved.use { index ->
                    assertEquals(HashAlgorithm.PHASH, index.algorithm)
                    assertEquals(listOf(Hit(0, 1, "known")), index.within("00000000000000fe"))
                    assertEquals(emptyList<List<Int>>(), index.groups())
                }
            }
            val bytes = Files.readAllBytes(file)
            bytes[bytes.size / 2]++
            Files.write(file, bytes)
            assertEquals(
                "invalid-index",
                assertThrows<OwnprintException> { HashIndex.loadBlocking(file) }.code,
            )
            assertEquals(
                "io",
                assertThrows<OwnprintException> {
                        HashIndex.loadBlocking(folder.resolve("nothing"))
                    }
                    .code,
            )
        }

    @Test
    fun `invalid hashes and unknown names are refused`() =
        HashIndex().use { index ->
            assertEquals(
                "not-comparable",
                assertThrows<OwnprintException> { index.insert("00") }.code,
            )
            assertEquals(
                "invalid-hash",
                assertThrows<OwnprintException> { index.within("g".repeat(64)) }.code,
            )
            assertEquals(
                "unknown-algorithm",
                assertThrows<OwnprintException> { HashIndex(HashAlgorithm("sift")) }.code,
            )
        }

    @Test
    fun `an exchange line finds an image`() =
        runBlocking<Unit> {
            val fingerprint = Fingerprinter().use { it.fingerprint(Support.photo) }
            val hash = fingerprint.hash(HashAlgorithm.PDQ)!!
            val line = hash.threatExchangeLine()!!
            assertEquals("pdq ${hash.hex}", line)
            assertNull(hash.copy(quality = 49).threatExchangeLine())
            assertNull(
                PerceptualHash(HashAlgorithm.PHASH, listOf("00000000000000ff"), null)
                    .threatExchangeLine()
            )
            val list = "pdq $far\n$line\n".encodeToByteArray()
            val expected =
                listOf(far, hash.hex).mapIndexed { at, hex ->
                    ListedHash(HashAlgorithm.PDQ, hex, null, null, at + 1L)
                }
            assertEquals(expected, readList(list))
            assertEquals(expected, readListBlocking(list.inputStream()))
            HashIndex().use { index ->
                assertEquals(2L, index.insertList(list))
                assertEquals(listOf(1), index.within(hash.hex).map { it.entry })
            }
        }

    @Test
    fun `a hit states the variant`() =
        runBlocking<Unit> {
            val fingerprint =
                Fingerprinter(Options(variants = VariantSet.COMPACT)).use {
                    it.fingerprint(Support.photo)
                }
            val list = FingerprintRecord("hills.jpg", fingerprint).toJson().encodeToByteArray()
            val set = fingerprint.image!!.variants!!.hashes
            assertEquals(set.map { it.variant }, readList(list).map { it.variant })
            assertEquals("pdq ${set[1].hex}", set[1].threatExchangeLine())
            HashIndex().use { index ->
                assertEquals(set.size.toLong(), index.insertList(list))
                for ((entry, hash) in set.withIndex()) {
                    assertEquals(
                        Hit(entry, 0, "hills.jpg#${hash.variant}", hash.variant),
                        index.nearest(hash.hex, 1).single(),
                    )
                }
            }
        }

    @Test
    fun `an invalid list is refused with line and column, and inserts nothing`() =
        HashIndex().use { index ->
            for (mistake in
                listOf(
                    "pdq ${"0".repeat(32)}",
                    "pdq ${"G".repeat(64)}",
                    "\uFEFFpdq $zero",
                    "pdq  $zero",
                )) {
                val list = "pdq $zero\n$mistake\n".encodeToByteArray()
                for (read in listOf({ index.insertListBlocking(list) }, { readList(list) })) {
                    val error = assertThrows<OwnprintException> { read() }
                    assertEquals("invalid-record", error.code)
                    assertTrue(error.message.startsWith("line 2, column "), error.message)
                }
            }
            assertEquals(0L, index.size)
        }

    @Test
    fun `threads search while another inserts`() =
        HashIndex().use { index ->
            index.insert(zero, "first")
            val searching =
                List(8) {
                    thread {
                        repeat(500) { check(index.within(zero, 0).single().payload == "first") }
                    }
                }
            repeat(6000) { index.insert("%064x".format(it + 1)) }
            searching.forEach { it.join() }
            assertEquals(6001L, index.size)
        }
}
