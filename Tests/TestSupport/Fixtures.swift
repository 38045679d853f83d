import Foundation

/// Where the tests find their files, and scratch folders that clean up after themselves.
public enum Fixtures {
    /// The checkout's top folder.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The field's own corpora, which may lie beside the checkout and are no part of it; nil where they do not.
    public static let realCorpora: URL? = {
        let folder = root.deletingLastPathComponent().appending(path: "shared/corpora")
        return FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) ? folder : nil
    }()

    /// A golden file under `Tests/Fixtures`.
    public static func url(_ path: String) -> URL { root.appending(path: "Tests/Fixtures").appending(path: path) }

    /// The bytes of a golden file.
    public static func data(_ path: String) throws -> Data { try Data(contentsOf: url(path)) }

    /// Decodes a golden JSON file.
    public static func json<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
        try JSONDecoder().decode(type, from: data(path))
    }

    /// Decodes every line of a golden JSON Lines file; lines end with byte 0x0A and nothing else.
    public static func jsonLines<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> [Value] {
        let decoder = JSONDecoder()
        return try data(path).split(separator: 0x0A).map { try decoder.decode(type, from: Data($0)) }
    }
}

/// A new empty folder that is removed when the value goes away.
public final class ScratchFolder: Sendable {
    /// The folder.
    public let url: URL

    /// Makes the folder in the system's temporary directory.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "braid-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// A path inside the folder.
    public func path(_ name: String) -> URL { url.appending(path: name) }
}
