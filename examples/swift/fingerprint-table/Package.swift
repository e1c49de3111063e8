// swift-tools-version: 6.0

import PackageDescription

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
