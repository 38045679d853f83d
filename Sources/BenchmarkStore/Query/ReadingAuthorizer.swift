import GRDB
import GRDBSQLite

/// Lets a connection compile only what reads, whatever the words of the statement.
///
/// SQLite asks for every action when it compiles a statement, and again for those that are compiled while one runs: the
/// table `pragma_optimize(…)` runs a PRAGMA. That a connection was opened read-only is not enough. Some statements act
/// while they are compiled (`EXPLAIN PRAGMA query_only = 0` is never run, and yet switches the setting), and some
/// functions act beyond the file: `fts3_tokenizer` takes the address of code to call.
enum ReadingAuthorizer {
    /// Takes the place of the authorizer by which GRDB learns of writes and transactions; there are none from here on.
    static func install(on db: Database) {
        sqlite3_set_authorizer(
            db.sqliteConnection,
            { _, action, first, second, _, _ in
                let isAllowed = ReadingAuthorizer.allows(
                    action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
                return isAllowed ? SQLITE_OK : SQLITE_DENY
            }, nil)
    }

    // What the two texts are depends on the action: https://sqlite.org/c3ref/c_alter_table.html
    private static func allows(_ action: Int32, _ first: String?, _ second: String?) -> Bool {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: true
        case SQLITE_FUNCTION: !refusedFunctions.contains(second?.lowercased() ?? "")
        case SQLITE_PRAGMA: (second == nil ? plainPragmas : pragmasWithArgument).contains(first?.lowercased() ?? "")
        // Asked for when a table-valued function such as `json_each` is first used. A user's UPDATE of that table gets no
        // further: SQLite refuses it, and so does the check for statements that write.
        case SQLITE_UPDATE: first == "sqlite_master"
        default: false
        }
    }

    /// Functions that load code, take addresses, or write somewhere. Those on files are the command line program's own and
    /// not in the library; a build of SQLite may have them all the same.
    private static let refusedFunctions: Set = [
        "load_extension", "fts3_tokenizer", "sqlite_log", "readfile", "writefile", "edit", "lsdir",
    ]

    /// What these tell depends on an argument; none of them changes anything.
    private static let pragmasWithArgument: Set = [
        "foreign_key_check", "foreign_key_list", "index_info", "index_list", "index_xinfo", "integrity_check",
        "quick_check", "table_info", "table_list", "table_xinfo",
    ]

    /// With an argument most of these would set something.
    private static let plainPragmas = pragmasWithArgument.union([
        "application_id", "collation_list", "compile_options", "data_version", "database_list", "encoding",
        "freelist_count", "function_list", "journal_mode", "module_list", "page_count", "page_size", "pragma_list",
        "query_only", "schema_version", "user_version",
    ])
}
