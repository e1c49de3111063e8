// Folder in, table out: the PDQ hash, its quality and the SHA-256 of every file below a folder, several at a time.
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
let files = paths.map(folder.appendingPathComponent).filter { !$0.hasDirectoryPath && !isFolder($0) }

// Rows come as files are done; the table has them in the order of their names.
var rows = [String](repeating: "", count: files.count)
var failed = 0
for await outcome in try Fingerprinter().fingerprints(of: files, concurrency: 4) {
    switch outcome.result {
    case .success(let fingerprint):
        rows[outcome.index] = row(outcome.url, fingerprint)
        for warning in fingerprint.warnings {
            complain("\(outcome.url.lastPathComponent): \(warning.message)")
        }
    case .failure(let error):
        rows[outcome.index] = columns(outcome.url, hash: error.code, quality: "-", digest: "-")
        complain("\(outcome.url.lastPathComponent): \(error.message)")
        failed += 1
    }
}
print("pdq".padded(to: 64), "quality", "sha256".padded(to: 64), "file")
for row in rows { print(row) }
exit(failed == 0 ? 0 : 1)

func row(_ file: URL, _ fingerprint: Fingerprint) -> String {
    let pdq = fingerprint.hash("pdq")
    return columns(
        file, hash: pdq?.hex ?? "-", quality: pdq?.quality.map(String.init) ?? "-",
        digest: fingerprint.digest("sha256")?.hex ?? "-")
}

func columns(_ file: URL, hash: String, quality: String, digest: String) -> String {
    [hash.padded(to: 64), quality.padded(to: 7), digest.padded(to: 64), file.lastPathComponent].joined(separator: " ")
}

func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
}

func complain(_ message: String) {
    FileHandle.standardError.write(Data((message + "\n").utf8))
}

extension String {
    func padded(to width: Int) -> String {
        padding(toLength: max(width, count), withPad: " ", startingAt: 0)
    }
}
