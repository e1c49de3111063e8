import Foundation
@testable import Ownprint
import Testing

@Suite("limits") struct LimitTests {
    /// An image that is truncated after its header.
    private static let head = Data("P6 9000 7000 255\n".utf8)
    /// The lowest limits that accept it.
    private static let whole = Limits(
        fileBytes: 17, width: 9000, height: 7000, pixels: 63_000_000, memory: 189_000_000,
        expansion: 11_117_648)

    @Test("each limit reaches the core, under its name")
    func names() async throws {
        #expect(try await refusal(Self.whole)?.code == "truncated")
        for (limits, sentence) in [
            (changed { $0.fileBytes = 16 }, "the length of the file in bytes is 17, over the limit of 16;"),
            (changed { $0.width = 8999 }, "the width is 9000, over the limit of 8999;"),
            (changed { $0.height = 6999 }, "the height is 7000, over the limit of 6999;"),
            (
                changed { $0.pixels = 62_999_999 },
                "the pixel count is 63000000, over the limit of 62999999;"
            ),
            (
                changed { $0.memory = 188_999_999 },
                "the memory in bytes is 189000000, over the limit of 188999999;"
            ),
            (
                changed { $0.expansion = 11_117_646 },
                """
                the number of decoded bytes for each byte of the file is 11117648, over the \
                limit of 11117646;
                """
            ),
            // The core's default.
            (
                Limits(),
                """
                the number of decoded bytes for each byte of the file is 11117648, over the \
                limit of 100000;
                """
            ),
        ] {
            let error = try await refusal(limits)
            #expect(error?.code == "limit-exceeded")
            #expect(error?.message.hasPrefix(sentence) == true, "\(error?.message ?? "")")
        }
    }

    @Test("images of the system's decoder are checked against them, or the core's defaults")
    func sizes() throws {
        // Four bytes per pixel; there is no file.
        let four = changed { ($0.fileBytes, $0.memory, $0.expansion) = (0, 252_000_000, 0) }
        try checkSize(width: 9000, height: 7000, limits: four)
        for (limits, sentence) in [
            (changed(four) { $0.width = 8999 }, "the width is 9000, over the limit of 8999;"),
            (changed(four) { $0.height = 6999 }, "the height is 7000, over the limit of 6999;"),
            (
                changed(four) { $0.pixels = 62_999_999 },
                "the pixel count is 63000000, over the limit of 62999999;"
            ),
            (
                changed(four) { $0.memory = 251_999_999 },
                "the memory in bytes is 252000000, over the limit of 251999999;"
            ),
        ] {
            let error = thrown { try checkSize(width: 9000, height: 7000, limits: limits) }
            #expect(error?.code == "limit-exceeded")
            #expect(error?.message.hasPrefix(sentence) == true, "\(error?.message ?? "")")
        }
        for limits in [Limits(), Limits(fileBytes: 1), Limits(width: 40_000, height: 40_000)] {
            try checkSize(width: 12_000, height: 16_000, limits: limits)
            let error = thrown { try checkSize(width: 30_000, height: 30_000, limits: limits) }
            #expect(
                error?.message.hasPrefix("the pixel count is 900000000, over the limit of") == true)
        }
        let widest = thrown { try checkSize(width: .max, height: 1, limits: Limits()) }
        #expect(widest?.code == "limit-exceeded")
    }

    @Test("a file for the system's decoder is checked before it is read")
    func lengths() throws {
        let folder = try Places.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("image")
        try Self.head.write(to: file)
        #expect(try contents(of: file, limits: Self.whole) == Self.head)
        let sixteen = changed { $0.fileBytes = 16 }
        for error in [
            thrown { _ = try contents(of: file, limits: sixteen) },
            thrown { try checkFileBytes(17, limits: sixteen) },
        ] {
            #expect(error?.code == "limit-exceeded")
            #expect(
                error?.message.hasPrefix("the length of the file in bytes is 17, over the limit of 16;") == true)
        }
        try checkFileBytes(17, limits: Self.whole)
        let longest = thrown { try checkFileBytes(.max, limits: Limits()) }
        #expect(longest?.code == "limit-exceeded")
        let missing = folder.appendingPathComponent("none")
        #expect(thrown { _ = try contents(of: missing, limits: Limits()) }?.code == "io")
    }

    private func refusal(_ limits: Limits) async throws -> Diagnostic? {
        let fingerprinter = try Fingerprinter(Options(limits: limits))
        return try await fingerprinter.fingerprint(data: Self.head).error
    }

    private func changed(_ limits: Limits = Self.whole, _ change: (inout Limits) -> Void) -> Limits
    {
        var limits = limits
        change(&limits)
        return limits
    }
}
