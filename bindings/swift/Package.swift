// swift-tools-version: 6.0

import Foundation
import PackageDescription

// `cargo xtask package swift` creates the generated Swift and the library that it calls. The two
// match each other only, so one command creates both, and neither is in git.
let folder = Context.packageDirectory
guard
    FileManager.default.fileExists(
        atPath: "\(folder)/Sources/OwnprintGenerated/OwnprintGenerated.swift")
else {
    fatalError(
        "the generated files are missing; run `cargo xtask package swift` in the repository")
}

// The C side of the library. The manifest is read on the system that builds.
#if os(macOS)
    let library: [Target] = [.binaryTarget(name: "OwnprintFFI", path: "OwnprintFFI.xcframework")]
    let linking: [LinkerSetting] = []
#else
    let library: [Target] = [.systemLibrary(name: "OwnprintFFI")]
    // SwiftPM has no other way to name the folder of a library. It accepts such flags only in
    // packages that are added by path.
    let linking: [LinkerSetting] = [
        .unsafeFlags(["-L\(folder)/lib"]), .linkedLibrary("ownprint_ffi"),
    ]
#endif

let package = Package(
    name: "Ownprint",
    platforms: [.iOS(.v16), .macOS(.v13), .macCatalyst(.v16)],
    products: [.library(name: "Ownprint", targets: ["Ownprint"])],
    targets: library + [
        .target(name: "OwnprintGenerated", dependencies: ["OwnprintFFI"], linkerSettings: linking),
        .target(name: "Ownprint", dependencies: ["OwnprintGenerated"]),
        .testTarget(name: "OwnprintTests", dependencies: ["Ownprint"]),
    ],
    swiftLanguageModes: [.v6]
)
