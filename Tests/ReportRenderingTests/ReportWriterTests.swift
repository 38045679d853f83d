import BenchmarkStore
import Foundation
import ReportRendering
import TestSupport
import Testing

@Suite("Writing a report")
struct ReportWriterTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }

    @Test("the Markdown page of the sample database is as committed")
    func snapshot() throws {
        let sample = try SampleDatabase(folder.path("sample.sqlite"), documents: 10)
        let files = try ReportWriter.write(database: sample.database, to: folder.path("out"))
        let found = try text(files[1])
        let expected = Fixtures.url("report/leaderboard.md")
        if ProcessInfo.processInfo.environment["BRAID_RENEW_SNAPSHOTS"] != nil {
            try Data(found.utf8).write(to: expected)
        }
        #expect(found == (try text(expected)))
    }

    @Test("the same database gives the same bytes, in a new folder and over old files")
    func deterministic() throws {
        let sample = try SampleDatabase(folder.path("sample.sqlite"), unfinished: "ties")
        let first = try ReportWriter.write(database: sample.database, to: folder.path("a")).map(text)
        let second = try ReportWriter.write(database: sample.database, to: folder.path("a/b/c")).map(text)
        let third = try ReportWriter.write(database: sample.database, to: folder.path("a")).map(text)
        #expect(first == second)
        #expect(first == third)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("a").path).sorted()
        #expect(names == (ReportWriter.fileNames + ["b"]).sorted())
    }

    @Test("the page needs nothing from elsewhere and is well formed")
    func selfContained() throws {
        let sample = try SampleDatabase(folder.path("sample.sqlite"))
        let files = try ReportWriter.write(database: sample.database, to: folder.path("out"))
        #expect(files.map(\.lastPathComponent) == ReportWriter.fileNames)
        let page = try text(files[0])
        #expect(TagBalance.fault(in: page) == nil)
        for resource in ["src=", "<link", "<script", "@import", "url(", "http:", "https:"] {
            #expect(!page.contains(resource), "\(resource)")
        }
        #expect(page.contains("prefers-color-scheme: dark"))
        #expect(page.contains("<th scope=\"row\">Learnable Calibration++</th>"))
        #expect(page.components(separatedBy: "<table>").count == page.components(separatedBy: "<caption>").count)
        #expect(page.components(separatedBy: "<svg").count == 5)
    }

    @Test("a partial run names its unfinished method and the cells that miss")
    func partial() throws {
        let sample = try SampleDatabase(folder.path("sample.sqlite"), unfinished: "ties")
        let data = try ReportWriter.data(database: sample.database)
        #expect(data.progress.methodsDone == 8)
        #expect(data.progress.missing.count == 13)
        #expect(data.progress.documents == 16)
        #expect(data.order.last == "ties")
        #expect(
            data.families.map(\.name) == [
                "summarize+translate", "summarize+rewrite", "reply+translate", "reply+rewrite",
            ])
        #expect(data.families.map(\.leadMetric) == ["rougeL", "rougeL", "rougeW", "rougeW"])
    }

    @Test("searches have columns among the costs where a run has any, and count once")
    func searchCosts() throws {
        let sample = try SampleDatabase(folder.path("sample.sqlite"))
        let plain = try ReportWriter.write(database: sample.database, to: folder.path("plain"))
        #expect(!(try text(plain[0])).contains("Search evaluations"))
        let run = try #require(try sample.database.runs().first)
        let search = try sample.database.findOrCreateSearch(
            SearchRecord(
                modelID: run.modelID, buildID: run.buildID, recipeHash: SampleRun.hash("5"), method: "ties",
                scope: .run,
                unit: "", split: .validation, examples: 8, budget: 7, recipe: "{}"))
        for number in 0..<7 {
            try sample.database.saveSearchEvaluation(
                SearchEvaluationRecord(
                    searchID: search.id, number: number, parameters: "{}", loss: 1, tokens: 4_000, seconds: 6))
        }
        try sample.database.finishSearch(search.id, choosing: 0)
        let ties = try #require(try sample.database.methods().first { $0.name == "ties" })
        let cells = try sample.database.cells(ofRun: run.id).filter { $0.methodID == ties.id }
        for var cell in cells {
            cell.searchID = search.id
            try sample.database.saveCell(cell)
        }
        let searched = try ReportWriter.write(database: sample.database, to: folder.path("searched"))
        #expect(TagBalance.fault(in: try text(searched[0])) == nil)
        #expect(try text(searched[0]).contains("Search evaluations"))
        let costs = try ReportWriter.data(database: sample.database).costs
        // 7 evaluations, 28 000 tokens and 42 seconds over the 14 settings that share them.
        let cost = try #require(costs.first { $0.method == "ties" })
        #expect(cells.count == 14)
        #expect(cost.searchEvaluations == 0.5 && cost.searchTokens == 2_000)
        #expect(costs.filter { $0.searchEvaluations != 0 }.map(\.method) == ["ties"])
    }

    @Test("an empty run is a page as well")
    func empty() throws {
        let sample = try SampleDatabase(folder.path("sample.sqlite"), isEmpty: true)
        let files = try ReportWriter.write(database: sample.database, to: folder.path("out"))
        #expect(TagBalance.fault(in: try text(files[0])) == nil)
        #expect(try text(files[1]).contains("empty: nothing is planned yet"))
        #expect(try text(files[2]).split(separator: "\r\n").count == 1)
    }

    @Test("the data files can be read again")
    func dataFiles() throws {
        struct Results: Decodable {
            let formatVersion: Int
            let report: ReportData
        }
        let sample = try SampleDatabase(folder.path("sample.sqlite"))
        let files = try ReportWriter.write(database: sample.database, to: folder.path("out"))
        let results = try JSONDecoder().decode(Results.self, from: Data(contentsOf: files[3]))
        #expect(results.formatVersion == 2)
        #expect(results.report == (try ReportWriter.data(database: sample.database)))
        let lines = try text(files[2]).split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(lines.allSatisfy { $0.count == 17 })
        // Nine methods in four families, with the lead metric and the language check.
        #expect(lines.count == 1 + 9 * 4 * 2)
    }

    @Test("a run is found by its number or key, and an unknown one is refused with the known ones")
    func selection() throws {
        let sample = try SampleDatabase(folder.path("sample.sqlite"))
        let database = sample.database
        #expect(try ReportWriter.data(database: database, run: .number(sample.run.id)).run.key == "sample-1")
        #expect(try ReportWriter.data(database: database, run: .key("sample-1")).run.key == "sample-1")
        let error = #expect(throws: ReportError.self) { try ReportWriter.data(database: database, run: .key("other")) }
        #expect(error?.code == .unknownRun)
        #expect(error?.description.contains("sample-1") == true)
    }

    @Test("a profile's title and description head the page, and a licence's terms stand beside it")
    func titleAndTerms() {
        var input = SampleRun.input(documents: 1)
        input.run.corpora[0].licence = "CC-BY-NC-4.0"
        let page = MarkdownLeaderboard.render(
            ReportPage(ReportData(input), title: "Two hills", description: "To see them."))
        #expect(page.hasPrefix("# Braid leaderboard: Two hills\n\nTo see them.\n\n"))
        #expect(page.contains("CC-BY-NC-4.0 (no commercial use)"))
    }

    @Test("a database without runs and a folder that cannot be made are refused")
    func refusals() throws {
        let database = try BenchmarkDatabase(path: folder.path("empty.sqlite").path)
        let none = #expect(throws: ReportError.self) { try ReportWriter.data(database: database) }
        #expect(none?.code == .noRun)
        let file = folder.path("file")
        try Data("x".utf8).write(to: file)
        let blocked = #expect(throws: ReportError.self) {
            try ReportWriter.write(ReportData(SampleRun.input()), to: file.appending(path: "out"))
        }
        #expect(blocked?.code == .cannotWrite)
    }

    @Test("the statement on training seeds follows the seeds")
    func seeds() {
        var input = SampleRun.input(documents: 1)
        #expect(
            MarkdownLeaderboard.render(ReportPage(ReportData(input))).contains(
                "variation over training seeds was not measured"))
        input.run.trainingSeeds = [1, 2, 3]
        #expect(MarkdownLeaderboard.render(ReportPage(ReportData(input))).contains("the seeds 1, 2, 3"))
    }
}
