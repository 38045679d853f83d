import BenchmarkStore
import TestSupport
import Testing

@Suite struct SchemaTests {
    @Test func everyTableViewAndColumnIsDescribed() throws {
        let fixture = try StoreFixture()
        let stored = try fixture.values(
            """
            SELECT r.name, r.type = 'view', c.name FROM sqlite_schema AS r, pragma_table_info(r.name) AS c
            WHERE r.type IN ('table', 'view') AND r.name NOT LIKE 'sqlite_%'
            ORDER BY r.name, c.cid
            """)
        let described = SchemaDescription.current.relations.sorted { $0.name < $1.name }.flatMap { relation in
            relation.columns.map { column in
                [QueryValue.text(relation.name), .integer(relation.isView ? 1 : 0), .text(column.name)]
            }
        }
        #expect(stored == described)
    }

    @Test func descriptionsAreSentencesThatFitALine() {
        for relation in SchemaDescription.current.relations {
            for text in [relation.summary] + relation.columns.map(\.description) {
                #expect(text.last == ".", "\(relation.name): \(text)")
                #expect((4...150).contains(text.count), "\(relation.name): \(text)")
            }
        }
    }

    @Test func textAndMarkdownNameEveryColumn() {
        let (text, markdown) = (SchemaDescription.current.text, SchemaDescription.current.markdown)
        for relation in SchemaDescription.current.relations {
            #expect(text.contains("\(relation.isView ? "view" : "table") \(relation.name)\n"))
            #expect(markdown.contains("\(relation.isView ? "View" : "Table") `\(relation.name)`\n"))
            for column in relation.columns {
                #expect(markdown.contains("| `\(column.name)` | \(column.description) |"))
            }
        }
        #expect(SchemaDescription.current.relation(named: "leaderboard")?.isView == true)
        #expect(SchemaDescription.current.relation(named: "nothing") == nil)
    }

    @Test func everyTableIsStrict() throws {
        let fixture = try StoreFixture()
        let loose = try fixture.values(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND NOT strict")
        #expect(loose == [["sqlite_schema"]])
    }

    /// Without one, deleting a row goes through all that may refer to it. Metrics are never deleted.
    @Test func everyForeignKeyHasAnIndex() throws {
        let fixture = try StoreFixture()
        let missing = try fixture.values(
            """
            SELECT t.name, k."from" FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS k
            WHERE t.type = 'table' AND k.seq = 0 AND k."table" <> 'metrics' AND NOT EXISTS (
                SELECT 1 FROM pragma_table_info(t.name) AS c
                WHERE c.pk = 1 AND c.name = k."from") AND NOT EXISTS (
                SELECT 1 FROM pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c
                WHERE c.seqno = 0 AND c.name = k."from")
            """)
        #expect(missing == [])
    }

    @Test func reopeningChangesNothing() throws {
        let fixture = try StoreFixture()
        let before = try fixture.values("SELECT name, sql, rootpage FROM sqlite_schema ORDER BY name")
        try fixture.database.close()
        try BenchmarkDatabase(path: fixture.path).close()
        #expect(try fixture.values("SELECT name, sql, rootpage FROM sqlite_schema ORDER BY name") == before)
    }

    /// The tables of a published version never change: change them in a new migration, and pin that one here too.
    @Test func publishedMigrationsAreFrozen() {
        #expect(
            BenchmarkDatabase.schemaFingerprints.filter { $0.key != "views" } == [
                "1-tables": "8a9c8f8041b2dcb45bce295ac1efeeb4efdb243a23643d8ab3976e710811f994",
                "2-sources": "b60a2132a607b8469c9ca40591b70818d5e58ef92d4f4e4711a05a7881177119",
                "3-searches": "eddc5c152234c759c15afdd10af6f2998ce3646d95421f0311fbd3e3b14275f0",
                "4-standings": "fe0d975349271c4de59f143fc4f849d13b1c47f63e77be0cf94590f707180fe4",
            ])
    }
}
