package org.ownprint.android

import android.graphics.Bitmap
import java.nio.Buffer
import java.nio.ByteBuffer
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.annotation.RealObject
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowNativeBitmap
import org.robolectric.util.ReflectionHelpers.ClassParameter

/**
 * Bitmaps as phones have them. Skia on Linux stores `ARGB_8888` as blue, green, red, alpha; on
 * phones as red, green, blue, alpha.
 */
@Implements(Bitmap::class)
class PhoneBitmap : ShadowNativeBitmap() {
    @RealObject private lateinit var bitmap: Bitmap

    @Implementation
    fun copyPixelsToBuffer(target: Buffer) {
        // Skia reads freed memory otherwise, and ends the process, as on a phone.
        if (bitmap.isRecycled) throw AssertionError("the pixels of a recycled bitmap were read")
        val start = target.position()
        callReal("copyPixelsToBuffer", ClassParameter.from(Buffer::class.java, target))
        if (bitmap.config != Bitmap.Config.ARGB_8888) return
        val bytes = target as ByteBuffer
        for (pixel in start until bytes.position() step 4) {
            val blue = bytes.get(pixel)
            bytes.put(pixel, bytes.get(pixel + 2)).put(pixel + 2, blue)
        }
    }

    @Implementation
    fun eraseColor(color: Int) {
        erased++
        callReal("eraseColor", ClassParameter.from(Int::class.javaPrimitiveType, color))
    }

    private fun callReal(method: String, argument: ClassParameter<*>) {
        Shadow.directlyOn<Any?, Bitmap>(bitmap, Bitmap::class.java, method, argument)
    }

    companion object {
        /** The number of bitmaps that were overwritten. */
        var erased = 0
    }
}
