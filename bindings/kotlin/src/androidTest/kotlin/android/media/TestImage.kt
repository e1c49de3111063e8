package android.media

import android.graphics.Rect
import java.nio.ByteBuffer

/** An image as a codec returns it. It is in Android's package because the constructor is hidden. */
class TestImage(
    private val format: Int,
    private val width: Int,
    private val height: Int,
    private val planes: Array<Plane>,
    crop: Rect?,
) : Image() {
    init {
        mIsImageValid = true
        if (crop != null) setCropRect(crop)
    }

    override fun getFormat() = format

    override fun getWidth() = width

    override fun getHeight() = height

    override fun getTimestamp() = 0L

    override fun getTransform() = 0

    override fun getScalingMode() = 0

    override fun getPlanes() = planes

    override fun close() {
        mIsImageValid = false
    }

    class TestPlane(
        private val row: Int,
        private val pixel: Int,
        private val bytes: ByteBuffer,
    ) : Plane() {
        override fun getRowStride() = row

        override fun getPixelStride() = pixel

        override fun getBuffer() = bytes
    }
}
