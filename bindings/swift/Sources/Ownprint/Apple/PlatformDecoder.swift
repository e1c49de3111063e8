// Not compiled where this is written (Linux); see the package's README.
#if canImport(ImageIO)

    import Accelerate
    import Foundation
    import ImageIO
    import UniformTypeIdentifiers

    /// An image that the system decoded, as pixels for the core: the numbers in the file, as far as the system gives them.
    struct PlatformPixels: Sendable {
        let data: Data
        let layout: PixelLayout

        /// The pixels of an image in its own colour space, so that no colour is converted, and with alpha beside the colours,
        /// not multiplied into them. An image that is neither RGB nor grey (CMYK) is converted to sRGB. Nothing is allocated for one that
        /// is over the limits.
        init(
            _ image: CGImage, orientation: CGImagePropertyOrientation, limits: Limits
        ) throws(OwnprintError) {
            try checkSize(width: image.width, height: image.height, limits: limits)
            let own = image.colorSpace
            let isGrey = own?.model == .monochrome && [.none, .noneSkipFirst, .noneSkipLast].contains(image.alphaInfo)
            let space = isGrey || own?.model == .rgb ? own : CGColorSpace(name: CGColorSpace.sRGB)
            guard let space,
                let format = vImage_CGImageFormat(
                    bitsPerComponent: 8, bitsPerPixel: isGrey ? 8 : 32, colorSpace: space,
                    bitmapInfo: CGBitmapInfo(
                        rawValue: (isGrey ? CGImageAlphaInfo.none : CGImageAlphaInfo.last).rawValue)),
                let buffer = try? vImage_Buffer(cgImage: image, format: format)
            else { throw .cannotDecode }
            data = Data(
                bytesNoCopy: buffer.data, count: buffer.rowBytes * Int(buffer.height),
                deallocator: .custom { pointer, count in
                    // As the core does with its own pixels. `memset_s` is never optimised away.
                    memset_s(pointer, count, 0, count)
                    free(pointer)
                })
            layout = PixelLayout(
                width: UInt32(buffer.width), height: UInt32(buffer.height), format: isGrey ? .l8 : .rgba8,
                stride: UInt32(buffer.rowBytes), orientation: UInt16(orientation.rawValue))
        }

        /// The first image of a file that the system can decode, and the stable name of the file's format, if it has one. Its length and
        /// the sides that its head names are held to the limits before anything is decoded.
        static func decode(
            _ file: Data, limits: Limits
        ) throws(OwnprintError) -> (pixels: PlatformPixels, format: String?) {
            try checkFileBytes(file.count, limits: limits)
            let options = [kCGImageSourceShouldCache: false, kCGImageSourceShouldAllowFloat: false] as CFDictionary
            guard let source = CGImageSourceCreateWithData(file as CFData, options),
                let properties = CGImageSourceCopyPropertiesAtIndex(source, 0, options) as? [CFString: Any],
                let width = properties[kCGImagePropertyPixelWidth] as? Int,
                let height = properties[kCGImagePropertyPixelHeight] as? Int
            else { throw .cannotDecode }
            try checkSize(width: width, height: height, limits: limits)
            guard let image = CGImageSourceCreateImageAtIndex(source, 0, options) else { throw .cannotDecode }
            let number = properties[kCGImagePropertyOrientation] as? UInt32
            let orientation = number.flatMap(CGImagePropertyOrientation.init(rawValue:)) ?? .up
            let type = CGImageSourceGetType(source).flatMap { UTType($0 as String)?.preferredFilenameExtension }
            let format = capabilities().formats.first { $0.name == type }?.name
            return (try PlatformPixels(image, orientation: orientation, limits: limits), format)
        }
    }

    extension OwnprintError {
        static var cannotDecode: OwnprintError {
            OwnprintError(
                code: "unsupported-format",
                message: "this system cannot decode the image either; save it as JPEG or PNG and use that file")
        }
    }

#endif
