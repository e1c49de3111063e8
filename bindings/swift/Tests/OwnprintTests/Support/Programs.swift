import Foundation
import Testing

/// Runs a program to its end, and returns its output. Fails on any other exit status.
func run(
    _ program: URL, _ words: [String], input: Data = Data(), statuses: Set<Int32> = [0]
) throws -> Data {
    let process = Process()
    process.executableURL = program
    process.arguments = words
    // Files, not pipes: a full pipe would block a program that prints much.
    let folder = try Places.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (given, printed) = (
        folder.appendingPathComponent("given"), folder.appendingPathComponent("printed")
    )
    try input.write(to: given)
    try Data().write(to: printed)
    process.standardInput = try FileHandle(forReadingFrom: given)
    process.standardOutput = try FileHandle(forWritingTo: printed)
    try process.run()
    process.waitUntilExit()
    try #require(
        statuses.contains(process.terminationStatus),
        "\(program.path) ended with \(process.terminationStatus)")
    return try Data(contentsOf: printed)
}

/// The command line's records of files, by path.
func commandLineRecords(
    _ commandLine: URL, _ files: [URL], _ arguments: [String]
) throws -> [String: Record] {
    let words = ["hash", "--format", "jsonl", "--files-from", "-", "--null"] + arguments
    let paths = Data(files.map(\.path).joined(separator: "\0").utf8)
    // The status is 1 if one file could not be hashed.
    let printed = try run(commandLine, words, input: paths, statuses: [0, 1])
    let records = try printed.split(separator: UInt8(ascii: "\n")).map {
        try JSONDecoder().decode(Record.self, from: $0)
    }
    return Dictionary(uniqueKeysWithValues: try records.map { (try #require($0.path), $0) })
}
