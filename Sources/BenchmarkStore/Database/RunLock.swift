import Foundation

/// The right to run and train on a database, which one process has at a time.
///
/// It is the system's lock (`flock`) on a file beside the database, `NAME.running`, so it ends with the process that has
/// it, however that dies. The file says who that is; it stays where it is, since removing a lock's file lets two
/// processes lock two files of one name. Readers, and writers of other kinds, need no lock.
public final class RunLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: `StoreError` with code `.busy` when another process, or another run of this one, has it, with
    ///   `.cannotOpen` when the file cannot be made or is none of ours, and with `.io` where the system has no locks there.
    public init(database path: String) throws(StoreError) {
        // One database has one lock, by whatever links it is reached.
        let file = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false) + ".running"
        // A link in its place, which a stranger's folder may hold, would have its end emptied.
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else {
            throw StoreError(
                .cannotOpen,
                "cannot be made (\(String(cString: strerror(errno)))); check that its folder exists and may be written, and "
                    + "that it is no link", file: file)
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw StoreError(.cannotOpen, "is no ordinary file; remove it and try again", file: file)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = Self.text(descriptor)
            close(descriptor)
            guard reason == EWOULDBLOCK else {
                throw StoreError(
                    .io,
                    "cannot be locked (\(String(cString: strerror(reason)))); keep the database on a disk of this machine",
                    file: file)
            }
            throw StoreError(
                .busy,
                "another braid is running on this database\(holder.isEmpty ? "" : " (\(holder))"); wait for it to end or "
                    + "stop it, which loses nothing", file: path)
        }
        self.descriptor = descriptor
        let text = "process \(ProcessInfo.processInfo.processIdentifier), since \(Timestamp.now())\n"
        ftruncate(descriptor, 0)
        _ = Array(text.utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit {
        ftruncate(descriptor, 0)
        close(descriptor)
    }

    /// Who has the lock, as it is written in the file.
    private static func text(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self)
    }
}
