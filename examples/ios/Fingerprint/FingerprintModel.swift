import Ownprint
import PhotosUI
import SwiftUI

/// What the screen shows, and the work behind it.
@MainActor final class FingerprintModel: ObservableObject {
    enum State {
        case nothing
        case working
        case done(Fingerprint)
        case failed(String)
    }

    @Published private(set) var state = State.nothing

    func fingerprint(_ item: PhotosPickerItem?) async {
        guard let item else { return }
        state = .working
        do {
            // HEIC is the camera's own format; without this it would get digests only.
            let fingerprinter = try Fingerprinter(Options(platformDecode: true))
            state = .done(try await fingerprinter.fingerprint(photosPickerItem: item))
        } catch is CancellationError {
            // The next choice is being worked on already.
        } catch {
            state = .failed(error.localizedDescription)
        }
    }
}
