import CLibArchive
import Foundation

/// Reads gzip, zip and tar files through libarchive, member by member, in a fixed amount of memory.
///
/// A file that ends too early is an error and no shorter file: libarchive checks gzip's and zip's own sums and lengths.
/// Nothing is unpacked to the disk, and a member's path is only a name; links, devices and folders in an archive are passed
/// over. A file that unpacks to far more than text ever does is refused before it is unpacked.
final class ArchiveReader {
    /// So many times its own size may come out of a file; text packs to a tenth, and repetitive records to a thirtieth.
    static let highestRatio = 200
    /// And so many bytes in any case.
    static let alwaysAllowed = 1 << 26

    private let archive: OpaquePointer
    private let path: String
    /// How many bytes may come out.
    private let allowed: Int64
    /// How many bytes the members so far say that they have, and how many were read.
    private var announced: Int64 = 0
    private var unpacked: Int64 = 0

    /// What a file is packed with, by its first bytes.
    enum Packing { case plain, gzip, zip, tar }

    /// Opens a packed file.
    init(_ file: SourceFile) throws(CorpusError) {
        guard let archive = archive_read_new() else {
            throw CorpusError(.unreadable, "no memory is left to unpack it", file: file.path)
        }
        self.archive = archive
        path = file.path
        let (product, overflow) = FileKind.size(of: file.url)
            .multipliedReportingOverflow(by: Int64(Self.highestRatio))
        allowed = overflow ? .max : max(product, Int64(Self.alwaysAllowed))
        archive_read_support_filter_gzip(archive)
        archive_read_support_format_zip(archive)
        archive_read_support_format_tar(archive)
        archive_read_support_format_raw(archive)
        archive_read_support_format_empty(archive)
        guard archive_read_open_filename(archive, file.url.path(percentEncoded: false), 1 << 18) == ARCHIVE_OK else {
            throw failure()
        }
    }

    deinit { archive_read_free(archive) }

    /// The path of the next member that is a file; nil at the end. A gzip file has one member.
    func next() throws(CorpusError) -> String? {
        while true {
            var entry: OpaquePointer?
            let result = Self.withUnicodeNames { archive_read_next_header(archive, &entry) }
            if result == ARCHIVE_EOF { return nil }
            // A warning is of a name that cannot be told for certain; the bytes are there all the same.
            guard result == ARCHIVE_OK || result == ARCHIVE_WARN, let entry else { throw failure() }
            // Before the next header all of this member is unpacked, whether anybody reads it or not.
            try check(adding: archive_entry_size_is_set(entry) == 0 ? 0 : archive_entry_size(entry))
            // AE_IFREG is a macro with a cast, which Swift does not see.
            guard archive_entry_filetype(entry) == 0o100000 else { continue }
            let found = Self.withUnicodeNames { archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) }
            guard let name = found else { throw failure() }
            let path = String(cString: name)
            // Finder's shadow files carry no content.
            if path.hasPrefix("__MACOSX/") || path.split(separator: "/").last?.hasPrefix(".") == true { continue }
            return path
        }
    }

    /// Whether what was unpacked is no archive but the bytes of one file.
    private var holdsBareBytes: Bool { archive_format(archive) == ARCHIVE_FORMAT_RAW }
    /// Whether nothing at all was unpacked.
    private var isEmpty: Bool { archive_format(archive) == ARCHIVE_FORMAT_EMPTY }

    /// The next bytes of the member, at most `count`; empty at its end.
    func read(_ count: Int) throws(CorpusError) -> [UInt8] {
        var read = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            read = archive_read_data(archive, buffer.baseAddress, count)
            used = max(0, read)
        }
        guard read >= 0 else { throw failure() }
        unpacked += Int64(read)
        try check(adding: 0)
        return bytes
    }

    /// Refuses a file of which too much comes out, or is announced.
    private func check(adding size: Int64) throws(CorpusError) {
        let (sum, overflow) = announced.addingReportingOverflow(max(0, size))
        announced = overflow ? .max : sum
        guard max(announced, unpacked, archive_filter_bytes(archive, 0)) > allowed else { return }
        throw CorpusError(
            .unreadable,
            "unpacks to more than \(Self.highestRatio) times its size, which no text does: if you trust it, unpack it and give "
                + "the files", file: path)
    }

    /// A locale for names beyond ASCII: libarchive converts them to the thread's, which is C where nobody set another.
    private nonisolated(unsafe) static let unicode =
        newlocale(LC_CTYPE_MASK, "C.UTF-8", nil) ?? newlocale(LC_CTYPE_MASK, "en_US.UTF-8", nil)

    private static func withUnicodeNames<Value>(_ body: () -> Value) -> Value {
        guard let unicode else { return body() }
        let previous = uselocale(unicode)
        defer { uselocale(previous) }
        return body()
    }

    /// The files in an archive; nil for a file that is none.
    static func members(of file: SourceFile) throws(CorpusError) -> [String]? {
        let packing = try packing(of: file)
        guard packing != .plain else { return nil }
        let reader = try ArchiveReader(file)
        var members: [String] = []
        while let member = try reader.next() {
            // A gzip file may hold a tar archive, whatever its name; only its unpacked beginning tells.
            if packing == .gzip, reader.holdsBareBytes { return nil }
            members.append(member)
        }
        return packing == .gzip && members.isEmpty && reader.isEmpty ? nil : members
    }

    /// What a file is packed with.
    static func packing(of file: SourceFile) throws(CorpusError) -> Packing {
        let read: Data?
        do {
            let handle = try FileHandle(forReadingFrom: file.url)
            defer { try? handle.close() }
            read = try handle.read(upToCount: 512)
        } catch {
            throw CorpusError(.unreadable, "the file cannot be read: may you read it?", file: file.path)
        }
        let head = [UInt8](read ?? Data())
        if head.starts(with: [0x1F, 0x8B]) { return .gzip }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return .zip }
        if head.count >= 262, head[257..<262].elementsEqual("ustar".utf8) { return .tar }
        return .plain
    }

    private func failure() -> CorpusError {
        let words = archive_error_string(archive).map { String(cString: $0) } ?? "its bytes make no sense"
        return CorpusError(.unreadable, "cannot be unpacked (\(words)): fetch the file again", file: path)
    }
}
