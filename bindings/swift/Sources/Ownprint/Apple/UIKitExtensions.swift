// Type-checked against stubs only; the README says which platforms the tests run on.
#if canImport(UIKit) && canImport(ImageIO)

    import ImageIO
    import UIKit

    extension Fingerprinter {
        /// Fingerprints an image in memory with its orientation, as
        /// ``fingerprint(cgImage:orientation:)`` does.
        ///
        /// - Throws: ``OwnprintError`` with the code `invalid-pixels` for an image without pixels
        ///   (one made from a `CIImage`), or those of ``fingerprint(cgImage:orientation:)``.
        public func fingerprint(uiImage: UIImage) async throws -> Fingerprint {
            guard let image = uiImage.cgImage else {
                throw OwnprintError(
                    code: "invalid-pixels",
                    message: "the UIImage has no pixels; render it to a CGImage first")
            }
            return try await fingerprint(
                cgImage: image, orientation: CGImagePropertyOrientation(uiImage.imageOrientation))
        }
    }

    extension CGImagePropertyOrientation {
        /// UIKit numbers the eight orientations in another order.
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
