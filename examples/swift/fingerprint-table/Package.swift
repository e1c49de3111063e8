// swift-tools-version: 6.0

import PackageDescription

// SwiftPM tells packages that are added by path apart by their folders' names, so this folder must not be called `swift` as the
// package's is.
let package = Package(
    name: "fingerprint-table",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Ownprint", path: "../../../bindings/swift")],
    targets: [
        .executableTarget(
            name: "fingerprint-table", dependencies: [.product(name: "Ownprint", package: "Ownprint")])
    ],
    swiftLanguageModes: [.v6]
)
