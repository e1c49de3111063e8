public struct UTType: Sendable, Hashable {
    public init?(_ identifier: String) { nil }
    private init() {}
    public static var item: UTType { UTType() }
    public var preferredFilenameExtension: String? { nil }
}
