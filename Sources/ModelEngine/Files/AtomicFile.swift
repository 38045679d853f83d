import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that appears under its name only when it is whole: written beside, made durable, then renamed.
///
/// Dropped before `finish`, it leaves nothing behind.
struct AtomicFile: ~Copyable {
    private let path: String
    private let aside: String
    private let descriptor: Int32
    private var isInPlace = false

    /// Opens a new file beside `url`.
    init(at url: URL) throws(ModelError) {
        path = url.path(percentEncoded: false)
        aside = url.deletingLastPathComponent().appending(path: AsideName.make(for: url.lastPathComponent))
            .path(percentEncoded: false)
        descriptor = unsafe open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure("no file can be made in this folder", path) }
    }

    deinit {
        close(descriptor)
        if !isInPlace { unsafe unlink(aside) }
    }

    /// Appends bytes.
    func append(_ bytes: [UInt8]) throws(ModelError) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { buffer in
                guard let address = buffer.baseAddress else { return 0 }
                return unsafe write(descriptor, address, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("the file could not be written", path) }
            start += count
        }
    }

    /// Makes the bytes durable and gives the file its name.
    consuming func finish() throws(ModelError) {
        guard fsync(descriptor) == 0, unsafe rename(aside, path) == 0 else {
            throw Self.failure("the file could not be put in its place", path)
        }
        isInPlace = true
        // The new name outlives a power cut once its folder is written too; not every file system can do that.
        let parent = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let folder = unsafe open(parent, O_RDONLY)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    private static func failure(_ what: String, _ path: String) -> ModelError {
        let reason = unsafe String(cString: strerror(errno))
        return ModelError(.unwritableFile, "\(what) (\(reason)); check the folder and the space left", file: path)
    }
}
