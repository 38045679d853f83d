import BenchmarkStore
import Foundation
import TestSupport
import Testing

/// `docs/sql.md` is true: its diagrams are the schema, and each of its questions has an answer.
@Suite struct SQLGuideTests {
    /// A fenced block of the guide, with the heading above it.
    struct Block: Sendable, CustomTestStringConvertible {
        let heading: String
        let language: String
        let text: String
        var testDescription: String { heading }
    }

    static let guide =
        (try? String(contentsOf: Fixtures.root.appending(path: "docs/sql.md"), encoding: .utf8)) ?? ""

    static func blocks(_ language: String) -> [Block] {
        var blocks: [Block] = []
        var heading = ""
        var open: (language: String, lines: [Substring])?
        for line in guide.split(separator: "\n", omittingEmptySubsequences: false) {
            if let block = open {
                if line == "```" {
                    let text = block.lines.joined(separator: "\n")
                    blocks.append(Block(heading: heading, language: block.language, text: text))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if line.hasPrefix("```") {
                open = (String(line.dropFirst(3)), [])
            } else if line.hasPrefix("#") {
                heading = String(line.drop { $0 == "#" || $0 == " " })
            }
        }
        return blocks.filter { $0.language == language }
    }

    @Test(arguments: SQLGuideTests.blocks("sql"))
    func everyQuestionHasAnAnswer(block: Block) throws {
        let run = try GuideRun()
        #expect(run.scored.run.id == 1)
        let result = try ReadOnlyQuery(path: run.path).run(block.text)
        #expect(!result.rows.isEmpty)
        #expect(Set(result.columns).count == result.columns.count)
    }

    /// What the answers are; the numbers are those of `GuideRun`.
    @Test func theAnswersAreRight() throws {
        let run = try GuideRun()
        let query = try ReadOnlyQuery(path: run.path)
        func answer(_ number: Int, columns: [Int]) throws -> [[QueryValue]] {
            let block = try #require(Self.blocks("sql").first { $0.heading.hasPrefix("\(number). ") })
            return try query.run(block.text).rows.map { row in columns.map { row[$0] } }
        }
        // Means of a document over es and fr: a 10.5 and 13.5, b 21 and 18.5, c~1 4.5 and 6, c~2 4 and 4.
        #expect(
            try answer(3, columns: [0, 4]) == [
                ["b", 2.5], ["c~2", 0.0], ["c~1", .real(-1.5)], ["a", .real(-3)],
            ])
        #expect(try answer(4, columns: [0, 1, 2]) == [["ties", 4, .real(-0.5)]])
        #expect(try answer(11, columns: [0, 1, 3, 5, 8]) == [["ties", "run", "validation", 1, "{\"density\":0.5}"]])
        #expect(
            try answer(12, columns: [0, 2, 4, 5]) == [
                ["reply", "Apache-2.0", 0, 0], ["summarize", "Apache-2.0", 4, 4],
            ])
        #expect(try answer(13, columns: [0, 1, 2, 3]) == [[0.9, "spoken", "c~1", "c~2"]])
        #expect(try answer(15, columns: [0]) == [["a"], ["b"], ["c~1"], ["c~2"]])
    }

    @Test func theQuestionsAreNumbered() {
        let numbers = Self.blocks("sql").compactMap { Int($0.heading.prefix { $0.isNumber }) }
        #expect(numbers == Array(1...15))
    }

    /// Lines such as `corpora ||--o{ documents : corpus_id`; `|o` where the key may be NULL.
    @Test func theDiagramsAreTheSchema() throws {
        var tables: Set<String> = []
        var relations: Set<[QueryValue]> = []
        for line in Self.blocks("mermaid").flatMap({ $0.text.split(separator: "\n") }) where line != "erDiagram" {
            let words = line.split(separator: " ").map(String.init)
            try #require(words.count == 1 || words.count == 5 && words[3] == ":", "\(line)")
            tables.insert(words[0])
            guard words.count == 5 else { continue }
            tables.insert(words[2])
            relations.insert([.text(words[0]), .text(words[1]), .text(words[2]), .text(words[4])])
        }
        #expect(tables == Set(SchemaDescription.current.relations.filter { !$0.isView }.map(\.name)))
        let fixture = try StoreFixture()
        let stored = try fixture.values(
            """
            SELECT k."table", iif(c."notnull", '||--o{', '|o--o{'), t.name, k."from"
            FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS k, pragma_table_info(t.name) AS c
            WHERE t.type = 'table' AND k.seq = 0 AND c.name = k."from"
            """)
        #expect(relations == Set(stored))
    }

    @Test func everyViewIsNamed() {
        for relation in SchemaDescription.current.relations where relation.isView {
            #expect(Self.guide.contains("`\(relation.name)`"), "\(relation.name)")
        }
    }
}
