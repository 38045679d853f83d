import BenchmarkStore
import Foundation

/// A file to read records from: on disk, packed with gzip, a member of an archive, or standard input.
public struct SourceFile: Hashable, Sendable {
    /// What to call it in messages and in the store: its path relative to what was given, with `!` before a member.
    public let path: String
    /// The file on disk, or the archive that it is in.
    public let url: URL
    /// Its path in the archive; nil for a file that is one by itself.
    public let member: String?
    /// Whether it is an archive of so many members that they are records rather than files.
    public let isCollection: Bool
    /// Keeps the temporary file at `url`, where it is one.
    let spooled: SpooledInput?

    /// A file by its place on disk.
    public init(path: String, url: URL, member: String? = nil, isCollection: Bool = false) {
        self.init(path: path, url: url, member: member, isCollection: isCollection, spooled: nil)
    }

    init(path: String, url: URL, member: String? = nil, isCollection: Bool = false, spooled: SpooledInput?) {
        self.path = path
        self.url = url
        self.member = member
        self.isCollection = isCollection
        self.spooled = spooled
    }

    /// The name without folders, without `.gz`: `dialogsum.dev.jsonl`.
    public var name: String {
        let last = (member ?? path).split(separator: "/").last.map(String.init) ?? path
        return last.hasSuffix(".gz") && !last.hasSuffix(".tar.gz") ? String(last.dropLast(3)) : last
    }

    /// The folder that it lies in, as part of `path`; empty at the top.
    public var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

    /// Opens it for reading from the beginning, unpacked.
    ///
    /// - Throws: `CorpusError.unreadable`.
    public func open() throws(CorpusError) -> ByteStream { try ByteStream(self) }

    /// The first bytes, unpacked; of a collection those of its first member.
    public func head(_ count: Int = 1 << 16) throws(CorpusError) -> [UInt8] {
        let stream = try open()
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = try stream.read()
            if piece.isEmpty { break }
            bytes += piece
        }
        return Array(bytes.prefix(count))
    }
}

/// The files that a path stands for.
public enum SourceListing {
    /// An archive with more members than this is one collection.
    static let mostMembers = 100

    /// All files of a folder (deep, by path), the members of an archive, the file itself, or standard input for `-`.
    ///
    /// Hidden files and what macOS adds to archives are left out, and so are pipes and devices in a folder. A pipe that is
    /// given itself, such as a shell's `<(…)`, is read like standard input.
    ///
    /// - Throws: `CorpusError.unreadable` where nothing can be read there.
    public static func files(at path: String) throws(CorpusError) -> [SourceFile] {
        if path == "-" { return try expanded(SpooledInput.file(of: .standardInput, path: path)) }
        let url = URL(filePath: path)
        switch path.isEmpty ? .nothing : FileKind(of: url) {
        case .nothing:
            throw CorpusError(.unreadable, "there is no such file or folder: is the path right?", file: path)
        case .file: return try expanded(SourceFile(path: url.lastPathComponent, url: url))
        case .other:
            guard let handle = try? FileHandle(forReadingFrom: url) else {
                throw CorpusError(.unreadable, "cannot be read: may you read it?", file: path)
            }
            defer { try? handle.close() }
            return try expanded(SpooledInput.file(of: handle, path: url.lastPathComponent))
        case .folder: break
        }
        let root = url.standardizedFileURL.path(percentEncoded: false)
        guard let names = try? FileManager.default.subpathsOfDirectory(atPath: root) else {
            throw CorpusError(.unreadable, "the folder cannot be read: may you read it?", file: path)
        }
        var files: [SourceFile] = []
        for name in names.sorted() where !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
            let file = URL(filePath: root).appending(path: name)
            if FileKind(of: file) == .file { files += try expanded(SourceFile(path: name, url: file)) }
        }
        return files
    }

    /// The members of an archive in place of it; any other file as it is.
    private static func expanded(_ file: SourceFile) throws(CorpusError) -> [SourceFile] {
        guard let members = try ArchiveReader.members(of: file) else { return [file] }
        guard members.count <= mostMembers else {
            return [SourceFile(path: file.path, url: file.url, isCollection: true, spooled: file.spooled)]
        }
        return members.map {
            SourceFile(path: "\(file.path)!\($0)", url: file.url, member: $0, spooled: file.spooled)
        }
    }
}
