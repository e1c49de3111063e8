package org.ownprint

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Every limit reaches the core under its own name. */
class LimitsTest {
    /** An image that is cut off after its header. */
    private val head = "P6 9000 7000 255\n".toByteArray()

    /** The smallest limits that accept it. */
    private val smallest =
        Limits(
            fileBytes = 17,
            width = 9000,
            height = 7000,
            pixels = 63_000_000,
            memory = 189_000_000,
            expansion = 11_117_648,
        )

    /** Limits that refuse it, by the start of the error message. */
    private val refusing =
        mapOf(
            "the length of the file in bytes is 17, over the limit of 16;" to smallest.copy(fileBytes = 16),
            "the width is 9000, over the limit of 8999;" to smallest.copy(width = 8999),
            "the height is 7000, over the limit of 6999;" to smallest.copy(height = 6999),
            "the pixel count is 63000000, over the limit of 62999999;" to
                smallest.copy(pixels = 62_999_999),
            "the memory in bytes is 189000000, over the limit of 188999999;" to
                smallest.copy(memory = 188_999_999),
            "the number of decoded bytes for each byte of the file is 11117648, over the limit of 11117646;" to
                smallest.copy(expansion = 11_117_646),
        )

    @Test
    fun `each limit reaches the core under its own name`() {
        val failure = { limits: Limits? ->
            Fingerprinter(Options(limits = limits)).use { it.fingerprintBlocking(head) }.error!!
        }
        assertEquals("truncated", failure(smallest).code)
        for ((sentence, limits) in refusing) {
            val error = failure(limits)
            assertEquals("limit-exceeded", error.code)
            assertTrue(error.message.startsWith(sentence), error.message)
        }
        // The default.
        assertTrue(
            "for each byte of the file is 11117648, over the limit of 100000;" in failure(null).message
        )
    }

    @Test
    fun `limits apply to images that a platform decodes, by default those of the core`() {
        val failure = { width: Int, height: Int, limits: Limits? ->
            val error = assertThrows<OwnprintException> { checkSize(width, height, limits) }
            assertEquals("limit-exceeded", error.code)
            error.message
        }
        // Four bytes per pixel; there is no file.
        val four = smallest.copy(fileBytes = 0, memory = 252_000_000, expansion = 0)
        checkSize(9000, 7000, four)
        assertTrue(
            failure(9000, 7000, four.copy(width = 8999))
                .startsWith("the width is 9000, over the limit of 8999;")
        )
        assertTrue(
            failure(9000, 7000, four.copy(height = 6999))
                .startsWith("the height is 7000, over the limit of 6999;")
        )
        assertTrue(
            failure(9000, 7000, four.copy(pixels = 62_999_999))
                .startsWith("the pixel count is 63000000, over")
        )
        assertTrue(
            failure(9000, 7000, four.copy(memory = 251_999_999))
                .startsWith("the memory in bytes is 252000000, over")
        )
        for (limits in
            listOf(
                null,
                Limits(),
                Limits(fileBytes = 1),
                Limits(width = 40_000, height = 40_000),
            )) {
            checkSize(12_000, 16_000, limits)
            assertTrue(
                failure(30_000, 30_000, limits)
                    .startsWith("the pixel count is 900000000, over the limit of")
            )
        }
        checkFileBytes(17, smallest)
        val long =
            assertThrows<OwnprintException> { checkFileBytes(17, smallest.copy(fileBytes = 16)) }
        assertTrue(
            long.message.startsWith("the length of the file in bytes is 17, over the limit of 16;"),
            long.message,
        )
        assertEquals(
            "limit-exceeded",
            assertThrows<OwnprintException> { checkFileBytes(Long.MAX_VALUE, null) }.code,
        )
        assertTrue(failure(-1, 10, null).startsWith("the width is 4294967295, over the limit of"))
    }
}
