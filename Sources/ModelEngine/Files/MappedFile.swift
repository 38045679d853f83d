import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A whole file mapped read-only into memory; unmapped when the last reference goes.
///
/// Reading costs nothing until the bytes are touched. The file must not be shortened while it is mapped: the system
/// then kills the process on access to the missing part. Replace files by renaming, as this package's writers do.
@safe
public final class MappedFile: Sendable {
    /// Where the file was found, for messages.
    public let path: String
    /// Length in bytes, at least 1.
    public let size: Int
    // The mapping is read-only and lives as long as this object, so sharing the address is safe.
    private nonisolated(unsafe) let base: UnsafeRawPointer
    private let isMapped: Bool

    /// Maps a file.
    ///
    /// - Throws: `unreadableFile` if it is missing, not a regular file, or may not be read; `truncatedFile` if it is
    ///   empty.
    public init(contentsOf url: URL) throws(ModelError) {
        path = url.path(percentEncoded: false)
        // A pipe in a file's place must not be waited for.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.openError(errno, path: path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.openError(errno, path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let what = status.st_mode & S_IFMT == S_IFDIR ? "this is a folder" : "this is not a regular file"
            throw ModelError(.unreadableFile, "\(what); give the path of the file itself", file: path)
        }
        guard status.st_size > 0 else {
            throw ModelError(.truncatedFile, "the file is empty; get it again", file: path, offset: 0)
        }
        size = Int(status.st_size)
        guard let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe address != MAP_FAILED
        else {
            throw Self.openError(errno, path: path)
        }
        unsafe base = UnsafeRawPointer(address)
        isMapped = true
    }

    /// A file that is not on disk: the bytes in memory of exactly their size, so that a sanitizer sees reads past it.
    ///
    /// - Throws: `truncatedFile` if there are none.
    package init(bytes: [UInt8], path: String) throws(ModelError) {
        guard !bytes.isEmpty else {
            throw ModelError(.truncatedFile, "the file is empty; get it again", file: path, offset: 0)
        }
        self.path = path
        size = bytes.count
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
        unsafe UnsafeMutableRawBufferPointer(start: copy, count: size).copyBytes(from: bytes)
        unsafe base = UnsafeRawPointer(copy)
        isMapped = false
    }

    deinit {
        if isMapped {
            unsafe munmap(UnsafeMutableRawPointer(mutating: base), size)
        } else {
            unsafe base.deallocate()
        }
    }

    private static func openError(_ number: Int32, path: String) -> ModelError {
        let reason =
            switch number {
            case ENOENT: "there is no such file; is the path right?"
            case EACCES: "permission to read the file was denied; ask its owner, or change it with chmod"
            case ENOTDIR: "a part of this path is not a folder; is the path right?"
            default: "the file could not be opened: \(unsafe String(cString: strerror(number)))"
            }
        return ModelError(.unreadableFile, reason, file: path)
    }

    /// Gives the pages that were read back to the system; they are read again where they are needed.
    ///
    /// For a file of which nearly all has been copied elsewhere, such as a model's weights once they are packed.
    func releasePages() {
        guard isMapped else { return }
        _ = unsafe madvise(UnsafeMutableRawPointer(mutating: base), size, MADV_DONTNEED)
    }

    /// Calls `body` with all bytes of the file.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe UnsafeRawBufferPointer(start: base, count: size).bytes)
    }

    /// Calls `body` with a part of the file.
    ///
    /// - Precondition: `range` lies inside the file.
    public func withBytes<Result, Failure: Error>(
        in range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= size, "range \(range) outside a file of \(size) bytes")
        return try body(unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count).bytes)
    }
}
