package org.ownprint.android

import android.content.ContentProvider
import android.content.ContentValues
import android.content.res.AssetFileDescriptor
import android.content.res.AssetFileDescriptor.UNKNOWN_LENGTH
import android.database.Cursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import java.io.File
import java.io.OutputStream
import java.nio.file.Files
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import org.robolectric.Robolectric

/** A content provider whose content a test sets. */
class TestProvider : ContentProvider() {
    override fun onCreate() = true

    override fun query(
        uri: Uri,
        columns: Array<String>?,
        selection: String?,
        arguments: Array<String>?,
        order: String?,
    ): Cursor? = null

    override fun getType(uri: Uri): String? = null

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun delete(uri: Uri, selection: String?, arguments: Array<String>?) = 0

    override fun update(u: Uri, v: ContentValues?, s: String?, a: Array<String>?) = 0

    override fun openAssetFile(uri: Uri, mode: String): AssetFileDescriptor? {
        openings.incrementAndGet()
        return content()
    }

    companion object {
        val uri: Uri = Uri.parse("content://org.ownprint.test/item")

        /** How many times the content was opened. */
        val openings = AtomicInteger()

        /** How many descriptors were closed. */
        val closings = AtomicInteger()

        var content: () -> AssetFileDescriptor? = { null }

        /** Registers the provider, without content. */
        fun register() {
            Robolectric.buildContentProvider(TestProvider::class.java).create(uri.authority)
            openings.set(0)
            closings.set(0)
            content = { null }
        }

        /** A file, or a part of one. */
        fun file(file: File, start: Long = 0, length: Long = UNKNOWN_LENGTH): AssetFileDescriptor {
            val whole = ParcelFileDescriptor.open(file, ParcelFileDescriptor.MODE_READ_ONLY)
            return AssetFileDescriptor(Counted(whole), start, length)
        }

        /**
         * A pipe into which another thread writes. `ParcelFileDescriptor.createPipe` is a file in
         * Robolectric.
         */
        fun pipe(write: (OutputStream) -> Unit): AssetFileDescriptor {
            val path = Files.createTempDirectory("ownprint").resolve("pipe")
            check(ProcessBuilder("mkfifo", path.toString()).start().waitFor() == 0) { "mkfifo" }
            thread {
                // The reader may close its end early.
                runCatching { path.toFile().outputStream().use(write) }
            }
            // Waits for the writer.
            val reader =
                ParcelFileDescriptor.open(path.toFile(), ParcelFileDescriptor.MODE_READ_ONLY)
            Files.delete(path)
            Files.delete(path.parent)
            return AssetFileDescriptor(Counted(reader), 0, UNKNOWN_LENGTH)
        }
    }

    private class Counted(wrapped: ParcelFileDescriptor) : ParcelFileDescriptor(wrapped) {
        override fun close() {
            closings.incrementAndGet()
            super.close()
        }
    }
}
