import GRDB

extension StoreError {
    /// Puts an SQLite error into one line that says what to do.
    init(_ error: DatabaseError, file: String) {
        let detail = error.message ?? "error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self.init(
                .notADatabase, "is not a Braid database; give another file or let Braid make a new one", file: file)
        case .SQLITE_FULL:
            self.init(.diskFull, "the disk is full; free some space and run the same command again", file: file)
        case .SQLITE_READONLY:
            self.init(
                .readOnly, "may not be written; check the permissions of the file and its folder", file: file)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "another process is writing to it; wait for that one to end and try again", file: file)
        case .SQLITE_CORRUPT:
            self.init(
                .corrupt, "is damaged (\(detail)); restore it from a copy, or save what 'sqlite3 FILE .recover' finds",
                file: file)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.cannotOpen, "cannot be opened; check that its folder exists and may be written", file: file)
        case .SQLITE_IOERR:
            self.init(.io, "cannot be read or written (\(detail)); check the disk and its free space", file: file)
        case .SQLITE_INTERRUPT:
            self.init(.interrupted, "the query was stopped before it ended", file: file)
        case .SQLITE_CONSTRAINT:
            self.init(
                .invalid,
                "the content breaks a rule of the database (\(detail)); nothing was stored, mend it and try again",
                file: file)
        default:
            self.init(
                .internalFault,
                "the database answers: \(detail); if its file is sound, this is a fault of Braid, report it", file: file
            )
        }
    }
}

/// Runs something on the database and turns what SQLite or decoding throws into a `StoreError`.
func withStoreErrors<Value>(file: String, _ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch var error as StoreError {
        error.file = error.file ?? file
        throw error
    } catch let error as DatabaseError {
        throw StoreError(error, file: file)
    } catch let error as RowDecodingError {
        throw StoreError(.internalFault, "a stored row cannot be read: \(error)", file: file)
    } catch let error as EncodingError {
        throw StoreError(.invalid, "a value cannot be stored: \(error)", file: file)
    } catch let error as DecodingError {
        throw StoreError(.internalFault, "a stored row cannot be read: \(error)", file: file)
    }
}
