// Not compiled where this is written (Linux); see the package's README.
#if canImport(UIKit) && canImport(ImageIO)

    import ImageIO
    import UIKit

    extension Fingerprinter {
        /// Fingerprints an image in memory, turned as it says, as ``fingerprint(cgImage:orientation:)`` does.
        ///
        /// Throws `invalid-pixels` for an image that has no pixels (one made of a `CIImage`).
        public func fingerprint(uiImage: UIImage) async throws -> Fingerprint {
            guard let image = uiImage.cgImage else {
                throw OwnprintError(
                    code: "invalid-pixels", message: "this UIImage has no pixels yet; render it to a CGImage first")
            }
            return try await fingerprint(
                cgImage: image, orientation: CGImagePropertyOrientation(uiImage.imageOrientation))
        }
    }

    extension CGImagePropertyOrientation {
        /// UIKit counts the same eight ways in an order of its own.
        fileprivate init(_ orientation: UIImage.Orientation) {
            self =
                switch orientation {
                case .up: .up
                case .upMirrored: .upMirrored
                case .down: .down
                case .downMirrored: .downMirrored
                case .left: .left
                case .leftMirrored: .leftMirrored
                case .right: .right
                case .rightMirrored: .rightMirrored
                @unknown default: .up
                }
        }
    }

#endif
