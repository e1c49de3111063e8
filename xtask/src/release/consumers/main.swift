// Prints the PDQ hashes of files.
import Foundation
import Ownprint

for path in CommandLine.arguments.dropFirst() {
    let fingerprint = try await Fingerprinter().fingerprint(
        contentsOf: URL(fileURLWithPath: path))
    print(fingerprint.image?.pdq?.hex ?? "no hash")
}
