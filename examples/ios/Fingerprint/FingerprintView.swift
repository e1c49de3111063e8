import Ownprint
import PhotosUI
import SwiftUI

/// The one screen: pick a photo, see its PDQ hash, copy it.
struct FingerprintView: View {
    @StateObject private var model = FingerprintModel()
    @State private var picked: PhotosPickerItem?

    var body: some View {
        NavigationStack {
            Form {
                Section {
                    // `.current`: the file as it is, not a JPEG that the picker makes of it.
                    PhotosPicker(
                        "Choose a photo", selection: $picked, matching: .images, preferredItemEncoding: .current)
                } footer: {
                    Text("Nothing leaves this phone: the photo is read here, and only the hash below is made of it.")
                }
                outcome
            }
            .navigationTitle("Fingerprint")
        }
        // A new choice cancels the work on the one before.
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

/// A hash with what makes it meaningful.
private struct FingerprintSection: View {
    let fingerprint: Fingerprint

    var body: some View {
        if let pdq = fingerprint.hash("pdq") {
            Section("PDQ") {
                Text(pdq.hex).font(.body.monospaced()).textSelection(.enabled)
                LabeledContent("Quality", value: pdq.quality.map { "\($0) of 100" } ?? "not known")
                Button("Copy") { UIPasteboard.general.string = "\(pdq.hex) \(pdq.quality ?? 0)" }
            }
        }
        Section("The file") {
            ForEach(fingerprint.digests, id: \.self) { digest in
                LabeledContent(digest.algorithm, value: digest.hex).font(.caption.monospaced())
            }
            if fingerprint.image?.isDeterministic == false {
                Text("Decoded by this phone (HEIC): another device may get a hash that differs by a few bits.")
            }
            ForEach(fingerprint.warnings, id: \.self) { Text($0.message) }
        }
    }
}
