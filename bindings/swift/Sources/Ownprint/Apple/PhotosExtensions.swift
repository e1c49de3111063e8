// Type-checked against stubs only; the README says which platforms the tests run on.
#if canImport(PhotosUI) && canImport(SwiftUI) && !os(watchOS) && !os(tvOS)

    import Foundation
    import PhotosUI
    import SwiftUI

    extension Fingerprinter {
        /// Fingerprints the file of an item that was picked from the photo library. The app needs
        /// no access to the library.
        ///
        /// Create the picker with `preferredItemEncoding: .current`; otherwise it may convert HEIC
        /// to JPEG. Set ``Options/platformDecode``; otherwise HEIC has digests only.
        ///
        /// - Throws: ``OwnprintError`` with the code `io` if the item cannot be loaded, for example
        ///   because it is in iCloud and there is no network; `CancellationError`.
        public func fingerprint(
            photosPickerItem item: PhotosPickerItem, progress: ProgressHandler? = nil
        ) async throws -> Fingerprint {
            guard let file = try await load(item) else {
                throw OwnprintError(
                    code: "io", message: "could not be read: the photo library returned no file")
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
