import GRDB

extension BenchmarkDatabase {
    /// Stores a build with its settings and examples, and what was found out about its documents.
    ///
    /// A build of the same name and content hash is left as it is, but for its exclusions and duplicate pairs, which are
    /// brought up to date; one with other content is replaced, unless adapters were trained on it or runs evaluated it.
    ///
    /// - Throws: `StoreError`: `.conflict` when runs or adapters depend on the stored build; `.invalid` when a
    ///   document, or a cluster of near-duplicates, lies in two splits, when an example's document is of none of the
    ///   build's corpora, or when the content breaks the schema. Nothing is stored then.
    @discardableResult
    public func insertBuild(_ contents: BuildContents) throws -> StoreOutcome {
        let build = contents.build
        return try write { db in
            let stored = try Self.build(named: build.name, in: db)
            if let stored {
                if stored.contentHash == build.contentHash {
                    try Self.replaceFindings(of: contents, buildID: stored.id, in: db)
                    return .unchanged(id: stored.id)
                }
                try Self.removeUnused(stored, in: db)
            }
            let id = try build.insert(into: db)
            for corpus in contents.corpora {
                try db.execute(
                    sql: "INSERT INTO build_corpora (build_id, corpus_id) VALUES (?, ?)", arguments: [id, corpus])
            }
            for setting in contents.settings { try Self.insert(setting, buildID: id, into: db) }
            try Self.replaceFindings(of: contents, buildID: id, in: db)
            try Self.checkSplits(ofBuild: id, in: db)
            return stored == nil ? .inserted(id: id) : .replaced(id: id)
        }
    }

    /// All builds by name.
    public func builds() throws -> [BuildRecord] {
        try read { try BuildRecord.fetchAll($0, sql: "SELECT * FROM builds ORDER BY name") }
    }

    /// The build of that name, nil when there is none.
    public func build(named name: String) throws -> BuildRecord? {
        try read { try Self.build(named: name, in: $0) }
    }

    /// The settings of a build in the order of their positions.
    public func settings(ofBuild build: Int64) throws -> [SettingRecord] {
        try read {
            try SettingRecord.fetchAll(
                $0, sql: "SELECT * FROM settings WHERE build_id = ? ORDER BY position, name", arguments: [build])
        }
    }

    /// The setting of that name in a build, nil when there is none.
    public func setting(named name: String, ofBuild build: Int64) throws -> SettingRecord? {
        try read {
            try SettingRecord.fetchOne(
                $0, sql: "SELECT * FROM settings WHERE build_id = ? AND name = ?", arguments: [build, name])
        }
    }

    /// The examples of one split of a setting in the order of their positions.
    ///
    /// - Parameter limit: How many at most, from the first; nil for all.
    public func examples(ofSetting setting: Int64, split: Split, limit: Int? = nil) throws -> [ExampleRecord] {
        try read {
            try ExampleRecord.fetchAll(
                $0, sql: "SELECT * FROM examples WHERE setting_id = ? AND split = ? ORDER BY position LIMIT ?",
                arguments: [setting, split, limit ?? -1])
        }
    }

    /// One example, nil when there is none of that number.
    public func example(_ id: Int64) throws -> ExampleRecord? {
        try read { try ExampleRecord.fetchOne($0, sql: "SELECT * FROM examples WHERE id = ?", arguments: [id]) }
    }

    /// The documents that were left out of a build, by row number.
    public func exclusions(ofBuild build: Int64) throws -> [BuildExclusionRecord] {
        try read {
            try BuildExclusionRecord.fetchAll(
                $0, sql: "SELECT * FROM build_exclusions WHERE build_id = ? ORDER BY document_id", arguments: [build])
        }
    }

    /// The pairs of a build's documents that share a text, or nearly do, by row numbers.
    public func duplicatePairs(ofBuild build: Int64) throws -> [DuplicatePairRecord] {
        try read {
            try DuplicatePairRecord.fetchAll(
                $0, sql: "SELECT * FROM duplicate_pairs WHERE build_id = ? ORDER BY first_id, second_id, texts",
                arguments: [build])
        }
    }
}

extension BenchmarkDatabase {
    static func build(named name: String, in db: Database) throws -> BuildRecord? {
        try BuildRecord.fetchOne(db, sql: "SELECT * FROM builds WHERE name = ?", arguments: [name])
    }

    private static func removeUnused(_ build: BuildRecord, in db: Database) throws {
        let count = { (table: String) in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table) WHERE build_id = ?", arguments: [build.id]) ?? 0
        }
        let (runs, adapters) = (try count("runs"), try count("adapters"))
        guard runs == 0, adapters == 0 else {
            throw StoreError(
                .conflict,
                """
                build '\(build.name)' has other content, and \(runs) runs and \(adapters) adapters depend on it; \
                give the new build another name, or name another database file
                """)
        }
        try db.execute(sql: "DELETE FROM builds WHERE id = ?", arguments: [build.id])
    }

    private static func insert(_ contents: SettingContents, buildID: Int64, into db: Database) throws {
        var setting = contents.setting
        setting.buildID = buildID
        do {
            let settingID = try setting.insert(into: db)
            for var example in contents.examples {
                example.buildID = buildID
                example.settingID = settingID
                let exampleID = try example.insert(into: db)
                let further = contents.furtherReferences[example.documentID] ?? []
                for (index, reference) in further.enumerated() {
                    var reference = reference
                    reference.exampleID = exampleID
                    reference.position = index + 1
                    try reference.insert(into: db)
                }
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw StoreError(.invalid, "setting '\(setting.name)': \(error.message ?? "breaks the schema")")
        }
    }

    private static func replaceFindings(of contents: BuildContents, buildID: Int64, in db: Database) throws {
        for table in ["build_exclusions", "duplicate_pairs"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE build_id = ?", arguments: [buildID])
        }
        do {
            for var exclusion in contents.exclusions {
                exclusion.buildID = buildID
                try exclusion.insert(into: db)
            }
            for var pair in contents.duplicatePairs {
                pair.buildID = buildID
                try pair.insert(into: db)
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw StoreError(.invalid, "build '\(contents.build.name)': \(error.message ?? "breaks the schema")")
        }
    }

    /// Refuses leaks: whatever is trained on must not be tested on, under any task or setting.
    private static func checkSplits(ofBuild build: Int64, in db: Database) throws {
        let excluded = try String.fetchOne(
            db,
            sql: """
                SELECT documents.key FROM examples JOIN documents ON documents.id = document_id
                WHERE build_id = ? AND document_id IN (SELECT document_id FROM build_exclusions WHERE build_id = ?)
                ORDER BY documents.key LIMIT 1
                """, arguments: [build, build])
        if let excluded {
            throw StoreError(.invalid, "document '\(excluded)' is left out of the build and has examples in it")
        }
        let stray = try String.fetchOne(
            db,
            sql: """
                SELECT documents.key FROM examples JOIN documents ON documents.id = document_id
                WHERE examples.build_id = ?
                    AND corpus_id NOT IN (SELECT corpus_id FROM build_corpora WHERE build_id = examples.build_id)
                ORDER BY documents.key LIMIT 1
                """, arguments: [build])
        if let stray {
            throw StoreError(.invalid, "document '\(stray)' is of none of the build's corpora; list its corpus")
        }
        for (what, column) in [("document", "documents.key"), ("cluster", "examples.cluster"), ("text", "text_hash")] {
            let grouping = what == "document" ? "documents.id" : column
            let leak = try String.fetchOne(
                db,
                sql: """
                    SELECT min(\(column)) FROM examples JOIN documents ON documents.id = document_id
                    WHERE build_id = ? GROUP BY \(grouping) HAVING count(DISTINCT examples.split) > 1 ORDER BY 1 LIMIT 1
                    """, arguments: [build])
            if let leak {
                throw StoreError(.invalid, "\(what) '\(leak)' lies in two splits; put all its examples into one")
            }
        }
    }
}
