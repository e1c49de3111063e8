// swift-tools-version: 6.0

import PackageDescription

// SwiftPM identifies packages that are added by path by the names of their folders. This folder
// must therefore not be named `swift`, as the folder of the package is.
let package = Package(
    name: "fingerprint-table",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Ownprint", path: "../../../bindings/swift")],
    targets: [
        .executableTarget(
            name: "fingerprint-table",
            dependencies: [.product(name: "Ownprint", package: "Ownprint")])
    ],
    swiftLanguageModes: [.v6]
)
