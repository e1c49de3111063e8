import Foundation

/// The files and programs that the tests use.
enum Places {
    /// The root of the repository, found from the path of this file.
    static let repository = (0..<6).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
        url.deletingLastPathComponent()
    }
    static let vectors = repository.appendingPathComponent("conformance/vectors")
    static let stills = vectors.appendingPathComponent("stills")
    static let images = repository.appendingPathComponent("examples/images")

    /// The command line and the painter of test images, which `cargo xtask test swift` builds.
    static let commandLine = environment("OWNPRINT_COMMAND_LINE")
    static let painter = environment("OWNPRINT_PAINT")
    /// A folder of other people's images.
    static let corpus = environment("OWNPRINT_CORPUS")

    private static func environment(_ name: String) -> URL? {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
            return nil
        }
        return URL(fileURLWithPath: value)
    }

    /// A new folder for one test's files.
    static func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("ownprint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Every file below a folder, in the order of their paths.
    static func files(below folder: URL) throws -> [URL] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        return paths.map(folder.appendingPathComponent).filter {
            !$0.hasDirectoryPath && isFile($0)
        }
    }

    private static func isFile(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        return exists && !isFolder.boolValue
    }
}
