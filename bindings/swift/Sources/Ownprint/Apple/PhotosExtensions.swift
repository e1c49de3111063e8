// Not compiled where this is written (Linux); see the package's README.
#if canImport(PhotosUI) && canImport(SwiftUI) && !os(watchOS) && !os(tvOS)

    import Foundation
    import PhotosUI
    import SwiftUI

    extension Fingerprinter {
        /// Fingerprints what a person picked from the photo library, by the file itself: no access to the library is needed.
        ///
        /// Give the picker `preferredItemEncoding: .current`, or it may hand over a JPEG that it made of a HEIC; and set
        /// ``Options/platformDecode``, or a HEIC gives digests only. Throws `io` when the item cannot be loaded (it is not
        /// on the phone and there is no network), and those of ``fingerprint(data:progress:)``.
        public func fingerprint(
            photosPickerItem item: PhotosPickerItem, progress: ProgressHandler? = nil
        ) async throws -> Fingerprint {
            guard let file = try await load(item) else {
                throw OwnprintError(code: "io", message: "could not be read: the photo library gave no file")
            }
            return try await fingerprint(data: file, progress: progress)
        }

        private func load(_ item: PhotosPickerItem) async throws -> Data? {
            do {
                return try await item.loadTransferable(type: Data.self)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw OwnprintError.unreadable(error)
            }
        }
    }

#endif
