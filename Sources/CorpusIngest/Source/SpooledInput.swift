import Foundation

/// A temporary copy of what can be read only once, so that it can be looked at before it is read.
///
/// The copy goes away with the last source that holds it.
final class SpooledInput: Hashable, Sendable {
    private let url: URL

    private init() { url = FileManager.default.temporaryDirectory.appending(path: "braid-input-\(UUID().uuidString)") }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Reads standard input or a pipe to its end, as a file of that path.
    static func file(of input: FileHandle, path: String) throws(CorpusError) -> SourceFile {
        let copy = SpooledInput()
        do {
            try Data().write(to: copy.url)
            let target = try FileHandle(forWritingTo: copy.url)
            defer { try? target.close() }
            while let piece = try input.read(upToCount: 1 << 20), !piece.isEmpty { try target.write(contentsOf: piece) }
        } catch {
            let name = path == "-" ? "standard input" : "what comes in"
            throw CorpusError(
                .unreadable, "\(name) cannot be kept while it is read: \(error.localizedDescription)", file: path)
        }
        return SourceFile(path: path, url: copy.url, spooled: copy)
    }

    static func == (left: SpooledInput, right: SpooledInput) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What stands at a path, behind symbolic links.
enum FileKind {
    case file
    case folder
    /// A pipe, a device or a socket.
    case other
    case nothing

    init(of url: URL) {
        var about = stat()
        guard stat(url.path(percentEncoded: false), &about) == 0 else {
            self = .nothing
            return
        }
        self =
            switch about.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
    }

    /// The size of the file at a path, behind symbolic links; 0 where there is none.
    static func size(of url: URL) -> Int64 {
        var about = stat()
        return stat(url.path(percentEncoded: false), &about) == 0 ? Int64(about.st_size) : 0
    }
}
