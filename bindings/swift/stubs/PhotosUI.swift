// In Apple's SDK this type is in the overlay of PhotosUI and SwiftUI.
@_exported import CoreTransferable

public struct PhotosPickerItem: Hashable, Sendable {
    public func loadTransferable<T: Transferable>(type: T.Type) async throws -> T? { nil }
}
