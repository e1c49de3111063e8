import SwiftUI

/// A photo in, its fingerprint out.
@main struct FingerprintApp: App {
    var body: some Scene {
        WindowGroup { FingerprintView() }
    }
}
