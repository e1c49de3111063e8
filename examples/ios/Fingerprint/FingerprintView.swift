import Ownprint
import PhotosUI
import SwiftUI

/// Picks a photo, shows its PDQ hash, and copies the hash.
struct FingerprintView: View {
    @StateObject private var model = FingerprintModel()
    @State private var picked: PhotosPickerItem?

    var body: some View {
        NavigationStack {
            Form {
                Section {
                    // `.current` returns the file itself; otherwise the picker may convert it.
                    PhotosPicker(
                        "Choose a photo", selection: $picked, matching: .images,
                        preferredItemEncoding: .current)
                } footer: {
                    Text("The photo stays on this phone. Only its hash is computed.")
                }
                outcome
            }
            .navigationTitle("Fingerprint")
        }
        // A new choice cancels the work on the previous photo.
        .task(id: picked) { await model.fingerprint(picked) }
    }

    @ViewBuilder private var outcome: some View {
        switch model.state {
        case .nothing:
            EmptyView()
        case .working:
            ProgressView("Computing…")
        case .done(let fingerprint):
            FingerprintSection(fingerprint: fingerprint)
        case .failed(let message):
            Text(message).foregroundStyle(.red)
        }
    }
}

/// The PDQ hash with its quality, the digests and the warnings.
private struct FingerprintSection: View {
    let fingerprint: Fingerprint

    var body: some View {
        if let pdq = fingerprint.image?.pdq {
            Section("PDQ") {
                Text(pdq.hex).font(.body.monospaced()).textSelection(.enabled)
                LabeledContent("Quality", value: "\(pdq.quality) of 100")
                Button("Copy") { UIPasteboard.general.string = "\(pdq.hex) \(pdq.quality)" }
            }
        }
        Section("The file") {
            ForEach(fingerprint.digests, id: \.self) { digest in
                LabeledContent(digest.algorithm.rawValue, value: digest.hex)
                    .font(.caption.monospaced())
            }
            if fingerprint.image?.info.isDeterministic == false {
                Text(
                    """
                    Decoded by this phone (HEIC): another device may compute a hash that differs \
                    by a few bits.
                    """)
            }
            if let error = fingerprint.error {
                Text(error.message).foregroundStyle(.red)
            }
            ForEach(fingerprint.warnings, id: \.self) { Text($0.message) }
        }
    }
}
