import SwiftUI

/// Shows the fingerprint of a photo.
@main struct FingerprintApp: App {
    var body: some Scene {
        WindowGroup { FingerprintView() }
    }
}
