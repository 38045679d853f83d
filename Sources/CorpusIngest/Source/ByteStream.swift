import Foundation

/// The bytes of a source file from first to last, unpacked on the way; memory does not grow with the file.
public final class ByteStream {
    private enum Origin {
        case file(FileHandle)
        case archive(ArchiveReader)
        case nothing
    }

    /// How many bytes come at a time, at most.
    package static let pieceSize = 1 << 18

    private let origin: Origin
    private let path: String

    /// Opens a file at its beginning; a collection at that of its first member.
    init(_ file: SourceFile) throws(CorpusError) {
        path = file.path
        let packing = try ArchiveReader.packing(of: file)
        if packing == .plain {
            guard let handle = try? FileHandle(forReadingFrom: file.url) else {
                throw CorpusError(.unreadable, "the file cannot be read: may you read it?", file: file.path)
            }
            origin = .file(handle)
            return
        }
        let reader = try ArchiveReader(file)
        while let member = try reader.next() {
            guard file.member == nil || file.member == member else { continue }
            origin = .archive(reader)
            return
        }
        guard packing == .gzip, file.member == nil else {
            throw CorpusError(.unreadable, "the archive has no such member", file: file.path)
        }
        origin = .nothing
    }

    /// The stream of the member that an archive's reader is at.
    init(of reader: ArchiveReader, path: String) {
        origin = .archive(reader)
        self.path = path
    }

    deinit { if case .file(let handle) = origin { try? handle.close() } }

    /// The next bytes; empty at the end.
    ///
    /// - Throws: `CorpusError.unreadable` for a fault of the disk or a packed file that is cut short or damaged.
    public func read() throws(CorpusError) -> [UInt8] {
        switch origin {
        case .nothing: return []
        case .archive(let reader): return try reader.read(Self.pieceSize)
        case .file(let handle):
            do {
                return [UInt8](try handle.read(upToCount: Self.pieceSize) ?? Data())
            } catch {
                throw CorpusError(.unreadable, "cannot be read to its end: \(error.localizedDescription)", file: path)
            }
        }
    }

    /// Puts the next bytes behind what is left of a buffer from `start` on, which becomes its beginning; false at the end.
    func refill(_ buffer: inout [UInt8], from start: inout Int) throws(CorpusError) -> Bool {
        let piece = try read()
        guard !piece.isEmpty else { return false }
        buffer.removeSubrange(..<start)
        start = 0
        buffer += piece
        return true
    }

    /// Everything that is left, for formats whose files are small; at most `limit` bytes.
    public func readAll(limit: Int = 1 << 28) throws(CorpusError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try read()
            if piece.isEmpty { return bytes }
            bytes += piece
            guard bytes.count <= limit else {
                throw CorpusError(.unreadable, "is larger than \(limit >> 20) MiB: split it", file: path)
            }
        }
    }
}
