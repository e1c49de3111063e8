// Type-checked against stubs only; the README says which platforms the tests run on.
#if canImport(PhotosUI) && canImport(SwiftUI) && !os(watchOS) && !os(tvOS)

    import CoreTransferable
    import Foundation
    import PhotosUI
    import SwiftUI
    import UniformTypeIdentifiers

    extension Fingerprinter {
        /// Fingerprints the file of an item that was picked from the photo library. The app needs
        /// no access to the library.
        ///
        /// Create the picker with `preferredItemEncoding: .current`; otherwise it may convert HEIC
        /// to JPEG. The file is mapped and not read into memory, so the limits apply before it is
        /// loaded.
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
            return try await fingerprint(data: file.bytes, progress: progress)
        }

        private func load(_ item: PhotosPickerItem) async throws -> PickedFile? {
            do {
                return try await item.loadTransferable(type: PickedFile.self)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw OwnprintError.unreadable(error)
            }
        }
    }

    /// The file of a picked item.
    private struct PickedFile: Transferable {
        let bytes: Data

        static var transferRepresentation: some TransferRepresentation {
            FileRepresentation(importedContentType: .item) { received in
                // The system removes its file afterwards. The mapped bytes stay.
                PickedFile(bytes: try Data(contentsOf: received.file, options: .alwaysMapped))
            }
        }
    }

#endif
