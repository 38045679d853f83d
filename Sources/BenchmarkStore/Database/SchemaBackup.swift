import Foundation
import GRDB

/// The copy of an older database that is kept beside it before it is brought up to date.
///
/// It is called `NAME.schema-2.backup.sqlite`, with the number of its schema, and is a whole database that the older
/// Braid opens. The caller holds the write lock of the database meanwhile, so no other process is at work here.
enum SchemaBackup {
    /// Copies what is committed in the database, and gives the copy its name once it is whole and on the disk.
    ///
    /// A file that has the name already is never overwritten: where it is the same copy, left by an attempt that went
    /// no further, it is the backup; else the new one gets a number after its name.
    ///
    /// - Returns: The copy's path.
    /// - Throws: `StoreError` naming the copy: `.diskFull`, `.cannotOpen`, `.io`; nothing is left of it then.
    static func keep(_ connections: DatabasePool, version: Int) throws -> String {
        let path = connections.path
        let stem = (path.hasSuffix(".sqlite") ? String(path.dropLast(7)) : path) + ".schema-\(version).backup"
        let aside = stem + ".part"
        discard(aside)
        defer { discard(aside) }
        do {
            let copy = try DatabaseQueue(path: aside)
            // The other connections of the pool see what is committed while this one holds the lock.
            try connections.backup(to: copy)
            // Without a log, the copy is one file, which also opens where nothing may be written.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            return try settle(aside, stem)
        } catch let error as DatabaseError {
            var failure = StoreError(error, file: stem + ".sqlite")
            failure.message =
                "the database is copied here before it is brought up to date, which failed: "
                + failure.message
            throw failure
        }
    }

    /// Renames the copy to the first name that is free, unless it is there already.
    private static func settle(_ aside: String, _ stem: String) throws -> String {
        var name = stem + ".sqlite"
        var number = 1
        while FileManager.default.fileExists(atPath: name) {
            if FileManager.default.contentsEqual(atPath: aside, andPath: name) { return name }
            number += 1
            name = "\(stem)-\(number).sqlite"
        }
        guard rename(aside, name) == 0 else {
            throw StoreError(
                .io,
                "the copy of the old database cannot get its name (\(String(cString: strerror(errno)))); "
                    + "check the folder's permissions", file: name)
        }
        // SQLite has flushed the copy; its name outlives a power cut once the folder is flushed too.
        let folder = open(URL(filePath: name).deletingLastPathComponent().path(percentEncoded: false), O_RDONLY)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return name
    }

    /// Removes a copy that is not whole, with what SQLite keeps beside it.
    private static func discard(_ aside: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(aside + suffix) }
    }
}
