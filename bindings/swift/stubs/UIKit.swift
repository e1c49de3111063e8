@_exported import CoreGraphics

open class UIImage: NSObject, @unchecked Sendable {
    public enum Orientation: Int, Sendable {
        case up, down, left, right, upMirrored, downMirrored, leftMirrored, rightMirrored
    }
    open var cgImage: CGImage? { nil }
    open var imageOrientation: Orientation { .up }
}
