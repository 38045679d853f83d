import Foundation

/// A SHA-256 digest, written as 64 lower-case hex digits: the name of a piece of content.
///
/// ```swift
/// let hash = ContentHash(of: "Hello")
/// let whole = ContentHash(parts: ["name": "everyday", "documents": hash.hex])
/// ```
public struct ContentHash: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The digest as 64 lower-case hex digits.
    public let hex: String

    /// The hash of bytes.
    public init(of bytes: some Sequence<UInt8>) {
        var hasher = ContentHasher()
        hasher.update(bytes)
        self = hasher.finalize()
    }

    /// The hash of a string's UTF-8 bytes, as it is: normalise first where that matters.
    public init(of string: some StringProtocol) {
        self.init(of: string.utf8)
    }

    /// The hash of a file's bytes, read in pieces of 1 MiB.
    ///
    /// - Throws: `StoreError` with code `.io` when the file cannot be read.
    public init(ofFileAt path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw StoreError(.io, "cannot be read; check that the file exists and may be read", file: path)
        }
        defer { try? file.close() }
        var hasher = ContentHasher()
        do {
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { hasher.update(piece) }
        } catch {
            throw StoreError(.io, "cannot be read (\(error.localizedDescription)); check the disk", file: path)
        }
        self = hasher.finalize()
    }

    /// The hash of named parts, whatever their order.
    ///
    /// Each name and value goes in with its length before it, so that no two sets of parts are the same bytes.
    public init(parts: [String: String]) {
        var hasher = ContentHasher()
        let sorted = parts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (name, value) in sorted {
            hasher.updateWithLength(name)
            hasher.updateWithLength(value)
        }
        self = hasher.finalize()
    }

    /// The hash of a list of strings in this order; each goes in with its length before it.
    public init(list: some Sequence<String>) {
        var hasher = ContentHasher()
        for value in list { hasher.updateWithLength(value) }
        self = hasher.finalize()
    }

    init(digest: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        hex = String(decoding: text, as: UTF8.self)
    }

    /// The hex digits.
    public var description: String { hex }

    /// Order of the hex digits, for stable listings.
    public static func < (left: ContentHash, right: ContentHash) -> Bool { left.hex < right.hex }
}
