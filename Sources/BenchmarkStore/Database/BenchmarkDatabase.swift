import Foundation
import GRDB

/// The benchmark's one SQLite file: everything that was ingested, built, trained, run and scored.
///
/// ```swift
/// let database = try BenchmarkDatabase(path: "benchmark.sqlite")
/// let outcome = try database.insertCorpus(contents)
/// let documents = try database.documents(ofCorpora: [outcome.id])
/// ```
///
/// Every function that writes is one transaction: it happens wholly or not at all. The file is in WAL mode with
/// `synchronous = NORMAL`: what a function has written when it returns is in the operating system's hands and
/// survives the death of the process, `kill -9` included. Only a crash of the machine itself may take the last
/// transactions back, and never harms the file. Functions may be called from any thread; readers do not wait for
/// writers, and other processes may read and write the same file.
public final class BenchmarkDatabase: Sendable {
    /// The path the database was opened with.
    public let path: String
    /// Whether it was opened for reading only.
    public let isReadOnly: Bool
    /// Where the database lies as it was, if an older Braid had made it and this opening brought it up to date.
    public let backupPath: String?

    let connections: DatabasePool

    /// Opens a database for reading and writing; makes it, or brings it up to date, where needed.
    ///
    /// A database of an older schema is first copied to `NAME.schema-N.backup.sqlite` beside it.
    ///
    /// - Throws: `StoreError`: `.notADatabase`, `.otherApplication` and `.newerVersion` before anything is written;
    ///   `.cannotOpen`, `.readOnly`, `.diskFull`, `.io`, `.busy` as they happen.
    public init(path: String) throws {
        self.path = path
        isReadOnly = false
        (connections, backupPath) = try withStoreErrors(file: path) {
            try Self.checkIsNoFolder(path)
            // A foreign file must be refused before it is switched to WAL mode.
            if Self.holdsBytes(path) {
                try DatabaseQueue(path: path, configuration: Self.configuration(readOnly: true)).read {
                    try Schema.checkOrigin($0, mustExist: false)
                }
            }
            let connections = try DatabasePool(path: path, configuration: Self.configuration(readOnly: false))
            return (connections, try Schema.bringUpToDate(connections))
        }
    }

    /// Opens an existing database for reading only; nothing is ever written to it.
    ///
    /// - Throws: `StoreError`: `.cannotOpen` when there is no file, `.olderVersion` when it must first be opened for
    ///   writing, and as `init(path:)` otherwise.
    public init(readingOnly path: String) throws {
        self.path = path
        isReadOnly = true
        backupPath = nil
        connections = try withStoreErrors(file: path) {
            try Self.checkExists(path)
            let configuration = Self.configuration(readOnly: true)
            let connections = try Self.withImmutableFallback(path) {
                let connections = try DatabasePool(path: $0, configuration: configuration)
                try connections.read { try Schema.checkOrigin($0, mustExist: true) }
                return connections
            }
            try connections.read(Schema.checkUpToDate)
            return connections
        }
    }

    /// Closes the file; whatever is asked of the database afterwards throws.
    ///
    /// The log beside the file goes into the file, unless another process still has it open. When the last reference to
    /// a database goes away the same happens by itself.
    public func close() throws {
        try withStoreErrors(file: path) {
            // GRDB closes the writer first; a reader that goes last would leave the log where it is.
            connections.invalidateReadOnlyConnections()
            try connections.close()
        }
    }

    /// Runs several writes as one transaction: all of them happen, or none when `body` throws.
    package func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        guard !isReadOnly else {
            throw StoreError(.readOnly, "was opened for reading only", file: path)
        }
        return try withStoreErrors(file: path) { try connections.write(body) }
    }

    /// Reads a consistent state of the database.
    package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try withStoreErrors(file: path) { try connections.read(body) }
    }
}

extension BenchmarkDatabase {
    /// Runs SQL as it is, for tests that need a state no function makes.
    package func execute(_ sql: String) throws {
        try withStoreErrors(file: path) { try connections.writeWithoutTransaction { try $0.execute(sql: sql) } }
    }

    /// The hashes of the migrations by name, which tests pin.
    package static var schemaFingerprints: [String: String] { Schema.fingerprints }

    /// The SQL of the migrations in their order, from which tests make databases of earlier versions.
    package static var schemaMigrations: [String] { Schema.migrations.map(\.sql) }

    /// How long a writer waits for another one, in seconds; ingesting a large corpus is one transaction.
    static let busyTimeout = 30.0

    static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busyTimeout)
        configuration.label = "braid"
        if !readOnly {
            configuration.prepareDatabase {
                // The size counts for a file that is made now. A dialogue with its turns fills most of SQLite's usual 4 KiB,
                // so larger pages waste less and are written faster (a fifth of the size and of an ingest's time).
                // A commit is on the disk when it returns: an answer takes far longer to make than to flush.
                try $0.execute(sql: "PRAGMA page_size = 16384; PRAGMA synchronous = FULL")
                // Each statement that fires a trigger keeps the pages that it changes until it ends: in memory, since else
                // they go to a file (four such pages are SQLite's limit). With SQLite's usual cache of 2 MiB, large
                // batches would write the same pages again and again.
                try $0.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768")
            }
        }
        return configuration
    }

    static func checkExists(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.cannotOpen, "does not exist; give the path of a Braid database", file: path)
        }
        try checkIsNoFolder(path)
    }

    private static func checkIsNoFolder(_ path: String) throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw StoreError(.cannotOpen, "is a folder; give the path of a Braid database", file: path)
        }
    }

    /// Opens a file as it is, and as an immutable one where SQLite can make no shared-memory file beside it.
    ///
    /// A file in WAL mode on a read-only disk or in a folder that may not be written opens only so. That is safe, since
    /// nobody can be writing there; but while a log lies beside the file, the file alone is not the whole database.
    static func withImmutableFallback<Value>(_ path: String, _ open: (String) throws -> Value) throws -> Value {
        do {
            return try open(path)
        } catch let error as DatabaseError where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) {
            let folder = URL(filePath: path).deletingLastPathComponent().path
            guard !FileManager.default.isWritableFile(atPath: folder), !holdsBytes(path + "-wal") else { throw error }
            var name = URLComponents()
            name.scheme = "file"
            name.path = URL(filePath: path).path
            name.queryItems = [URLQueryItem(name: "immutable", value: "1")]
            guard let name = name.string else { throw error }
            return try open(name)
        }
    }

    private static func holdsBytes(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0 > 0
    }
}
