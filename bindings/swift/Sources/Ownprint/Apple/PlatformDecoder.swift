// Type-checked against stubs only; the README says which platforms the tests run on.
#if canImport(ImageIO)

    import Accelerate
    import Foundation
    import ImageIO
    import UniformTypeIdentifiers

    /// The pixels of an image that the system decoded: the values in the file, as far as the system
    /// returns them.
    struct PlatformPixels: Sendable {
        let data: Data
        let layout: PixelLayout

        /// The pixels of an image in its own color space, so that no color is converted, with alpha
        /// that is not premultiplied. The color space of a palette is that of its colors. An image
        /// that is neither RGB nor gray (CMYK) is converted to sRGB. The limits are checked before
        /// memory is allocated.
        ///
        /// - Throws: ``OwnprintError`` with the code `limit-exceeded` or `unsupported-format`.
        init(
            _ image: CGImage, orientation: CGImagePropertyOrientation, limits: Limits
        ) throws(OwnprintError) {
            try checkSize(width: image.width, height: image.height, limits: limits)
            let own = image.colorSpace.map { space in
                // The colors of a palette are in another color space.
                space.model == .indexed ? space.baseColorSpace ?? space : space
            }
            let isOpaque = [.none, .noneSkipFirst, .noneSkipLast].contains(image.alphaInfo)
            let isGray = image.colorSpace?.model == .monochrome && isOpaque
            let space = isGray || own?.model == .rgb ? own : CGColorSpace(name: CGColorSpace.sRGB)
            let alpha = isGray ? CGImageAlphaInfo.none : CGImageAlphaInfo.last
            guard let space,
                let format = vImage_CGImageFormat(
                    bitsPerComponent: 8, bitsPerPixel: isGray ? 8 : 32, colorSpace: space,
                    bitmapInfo: CGBitmapInfo(rawValue: alpha.rawValue)),
                let buffer = try? vImage_Buffer(cgImage: image, format: format)
            else { throw .cannotDecode }
            data = Data(
                bytesNoCopy: buffer.data, count: buffer.rowBytes * Int(buffer.height),
                deallocator: .custom { pointer, count in
                    // The core wipes its pixels too. Compilers do not remove `memset_s`.
                    memset_s(pointer, count, 0, count)
                    free(pointer)
                })
            layout = PixelLayout(
                width: Int(buffer.width), height: Int(buffer.height),
                format: isGray ? .l8 : .rgba8, stride: buffer.rowBytes,
                orientation: ExifOrientation(rawValue: Int(orientation.rawValue)) ?? .normal)
        }

        /// The primary image of a file that the system can decode, and the stable name of the file's
        /// format, if it has one. The length of the file and the size in its header are checked
        /// against the limits before decoding.
        ///
        /// - Throws: ``OwnprintError`` with the code `limit-exceeded` or `unsupported-format`.
        static func decode(
            _ file: Data, limits: Limits
        ) throws(OwnprintError) -> (pixels: PlatformPixels, format: String?) {
            try checkFileBytes(file.count, limits: limits)
            let options =
                [kCGImageSourceShouldCache: false, kCGImageSourceShouldAllowFloat: false]
                as CFDictionary
            guard let source = CGImageSourceCreateWithData(file as CFData, options) else {
                throw .cannotDecode
            }
            // In a HEIF file the primary image need not be the first one.
            let index = CGImageSourceGetPrimaryImageIndex(source)
            guard
                let properties = CGImageSourceCopyPropertiesAtIndex(source, index, options)
                    as? [CFString: Any],
                let width = properties[kCGImagePropertyPixelWidth] as? Int,
                let height = properties[kCGImagePropertyPixelHeight] as? Int
            else { throw .cannotDecode }
            try checkSize(width: width, height: height, limits: limits)
            guard let image = CGImageSourceCreateImageAtIndex(source, index, options) else {
                throw .cannotDecode
            }
            let number = properties[kCGImagePropertyOrientation] as? UInt32
            let orientation = number.flatMap(CGImagePropertyOrientation.init(rawValue:)) ?? .up
            let type = CGImageSourceGetType(source).flatMap {
                UTType($0 as String)?.preferredFilenameExtension
            }
            let format = Capabilities.current.formats.first { $0.name == type }?.name
            let pixels = try PlatformPixels(image, orientation: orientation, limits: limits)
            return (pixels, format)
        }
    }

    extension OwnprintError {
        static var cannotDecode: OwnprintError {
            OwnprintError(
                code: "unsupported-format",
                message: "the system cannot decode the image; save it as JPEG or PNG")
        }
    }

#endif
