package org.ownprint.android

import android.content.ContentProvider
import android.content.ContentValues
import android.content.res.AssetFileDescriptor
import android.content.res.AssetFileDescriptor.UNKNOWN_LENGTH
import android.database.Cursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import java.io.File
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

        /** A pipe into which another thread writes. */
        fun pipe(bytes: ByteArray): AssetFileDescriptor {
            val (reader, writer) = ParcelFileDescriptor.createPipe()
            thread {
                ParcelFileDescriptor.AutoCloseOutputStream(writer).use { stream ->
                    // The reader may close its end early.
                    runCatching { stream.write(bytes) }
                }
            }
            return AssetFileDescriptor(Counted(reader), 0, UNKNOWN_LENGTH)
        }

        /** A pipe, and the end into which nothing is written. */
        fun silentPipe(): Pair<AssetFileDescriptor, ParcelFileDescriptor> {
            val (reader, writer) = ParcelFileDescriptor.createPipe()
            return AssetFileDescriptor(Counted(reader), 0, UNKNOWN_LENGTH) to writer
        }
    }

    private class Counted(wrapped: ParcelFileDescriptor) : ParcelFileDescriptor(wrapped) {
        override fun close() {
            closings.incrementAndGet()
            super.close()
        }
    }
}
