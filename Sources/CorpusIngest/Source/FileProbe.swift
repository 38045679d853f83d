/// A file as a format looks at it before it says whether it knows it.
public struct FileProbe: Sendable {
    /// The file.
    public let file: SourceFile
    /// Its first bytes, unpacked, at most 64 KiB; of a collection those of its first member.
    public let head: [UInt8]

    /// The name without folders and `.gz`.
    public var name: String { file.name }
    /// Whether `head` ends before the file does.
    public var isCut: Bool { head.count >= 1 << 16 }

    /// The first line without its end; nil where it is longer than the head.
    public var firstLine: String? {
        let body = head[...].withoutByteOrderMark
        guard let end = body.firstIndex(of: 0x0A) ?? (isCut ? nil : body.endIndex) else { return nil }
        let line = body[..<end]
        return String(validating: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
    }

    /// The keys of the JSON object in the first line; empty where there is none.
    public var firstObjectKeys: Set<String> {
        guard let line = firstLine, case .object(let members)? = try? JSONParser.parse(Array(line.utf8)[...]) else {
            return []
        }
        return Set(members.map(\.key))
    }
}
