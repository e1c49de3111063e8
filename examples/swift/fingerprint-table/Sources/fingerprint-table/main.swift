// Prints a table of every file below a folder: the PDQ hash, its quality and the SHA-256 digest.
//
//     swift run fingerprint-table FOLDER

import Foundation
import Ownprint

guard let folder = CommandLine.arguments.dropFirst().first.map(URL.init(fileURLWithPath:)),
    let paths = try? FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
else {
    complain("usage: fingerprint-table FOLDER")
    exit(2)
}
let files = paths.map(folder.appendingPathComponent).filter {
    !$0.hasDirectoryPath && !isFolder($0)
}

// Results arrive in the order in which files finish; the table is in the order of the names.
var rows = [String](repeating: "", count: files.count)
var failed = 0
for await result in try Fingerprinter().fingerprints(of: files, concurrency: 4) {
    switch result {
    case .success(let index, let url, let fingerprint):
        rows[index] = row(url, fingerprint)
        for warning in fingerprint.warnings {
            complain("\(url.lastPathComponent): \(warning.message)")
        }
        if let error = fingerprint.error {
            complain("\(url.lastPathComponent): \(error.message)")
            failed += 1
        }
    case .failure(let index, let url, let error):
        rows[index] = columns(url, hash: error.code, quality: "-", digest: "-")
        complain("\(url.lastPathComponent): \(error.message)")
        failed += 1
    }
}
print("pdq".padded(to: 64), "quality", "sha256".padded(to: 64), "file")
for row in rows { print(row) }
exit(failed == 0 ? 0 : 1)

func row(_ file: URL, _ fingerprint: Fingerprint) -> String {
    let pdq = fingerprint.image?.pdq
    return columns(
        file, hash: pdq?.hex ?? fingerprint.error?.code ?? "-",
        quality: pdq.map { String($0.quality) } ?? "-",
        digest: fingerprint.digest(.sha256)?.hex ?? "-")
}

func columns(_ file: URL, hash: String, quality: String, digest: String) -> String {
    [hash.padded(to: 64), quality.padded(to: 7), digest.padded(to: 64), file.lastPathComponent]
        .joined(separator: " ")
}

func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    return exists && isFolder.boolValue
}

func complain(_ message: String) {
    FileHandle.standardError.write(Data((message + "\n").utf8))
}

extension String {
    func padded(to width: Int) -> String {
        padding(toLength: max(width, count), withPad: " ", startingAt: 0)
    }
}
