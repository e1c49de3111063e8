import Ownprint
import PhotosUI
import SwiftUI

/// The state of the screen, and the work that changes it.
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
            // HEIC is the format of the camera. Without this option it has digests only.
            let fingerprinter = try Fingerprinter()
            state = .done(try await fingerprinter.fingerprint(photosPickerItem: item))
        } catch is CancellationError {
            // The person has chosen another photo.
        } catch {
            state = .failed(error.localizedDescription)
        }
    }
}
