import ReportRendering
import Testing

@Suite("Results of a run")
struct ReportDataTests {
    /// Two methods on documents 0…; the scores are given.
    static func input(_ scores: [String: [Double]], clusters: [String]? = nil, family: String = "learned")
        -> ReportInput
    {
        var input = ReportInput(run: SampleRun.run)
        input.settings = [
            SettingFacts(name: "summarize+translate/es", family: "summarize+translate", main: "summarize")
        ]
        input.metrics = [
            MetricFacts(signature: SampleRun.signatures[0], name: "rougeL", direction: "higher", scale: "0-100")
        ]
        for (place, (name, values)) in scores.sorted(by: { $0.key < $1.key }).enumerated() {
            let isCopy = name == "copy"
            input.methods.append(
                MethodFacts(name: name, title: name, family: isCopy ? "sanity" : family, position: place))
            input.cells.append(
                CellFacts(
                    method: name, setting: "summarize+translate/es", expected: values.count, complete: values.count))
            for (document, value) in values.enumerated() {
                input.scores.append(
                    ScoreFacts(
                        method: name, setting: "summarize+translate/es", document: Int64(document),
                        cluster: clusters?[document] ?? "\(document)", signature: SampleRun.signatures[0], value: value)
                )
            }
        }
        return input
    }

    @Test("the mean has Student's interval by document")
    func interval() throws {
        let data = ReportData(Self.input(["a": [10, 20, 30]]))
        let estimate = try #require(data.families[0].score(of: "a")?.estimate)
        #expect(estimate.mean == 20)
        // SE = 10/√3, t(0.975, 2) = 4.302653.
        #expect(abs((estimate.standardError ?? 0) - 5.773503) < 1e-6)
        #expect(abs((estimate.low ?? 0) - (20 - 4.302653 * 5.773503)) < 1e-4)
    }

    @Test("a document's settings are averaged before anything else")
    func settingsOfOneDocument() throws {
        var input = SampleRun.input(documents: 8, methods: ["linear"])
        for index in input.scores.indices where input.scores[index].signature == SampleRun.signatures[0] {
            input.scores[index].value = Double(input.scores[index].document)
        }
        let estimate = try #require(ReportData(input).families[0].score(of: "linear")?.estimate)
        #expect(estimate.documents == 8)
        #expect(estimate.mean == 3.5)
        // √(42 / (8·7)), as if there were one setting.
        #expect(abs((estimate.standardError ?? 0) - 0.866025) < 1e-6)
    }

    @Test("a method that is better on every document gets the place of its own")
    func ranks() throws {
        let low = (0..<8).map { Double($0) }
        let data = ReportData(Self.input(["a": low, "b": low.map { $0 + 5 }]))
        let family = data.families[0]
        #expect(family.scores.map(\.method) == ["b", "a"])
        #expect(family.scores.map(\.bestRank) == [1, 2])
        #expect(family.scores.map(\.worstRank) == [1, 2])
        #expect(family.separators == [1])
        #expect(data.order == ["b", "a"])
    }

    @Test("methods that do not differ share their range, and no line is drawn")
    func sharedRanks() throws {
        let data = ReportData(Self.input(["a": [1, 2, 3, 4, 5, 6], "b": [2, 1, 4, 3, 6, 5.5]]))
        #expect(data.families[0].scores.map(\.bestRank) == [1, 1])
        #expect(data.families[0].scores.map(\.worstRank) == [2, 2])
        #expect(data.families[0].separators.isEmpty)
        let page = MarkdownLeaderboard.render(ReportPage(data))
        #expect(page.contains("rank 1–2"))
        #expect(!page.contains("| **"))
    }

    @Test("fewer than six documents, or clusters of them, give scores without ranks")
    func fewDocuments() {
        let five = ReportData(Self.input(["a": [1, 2, 3, 4, 5], "b": [11, 12, 13, 14, 15]]))
        #expect(five.families[0].noRanks != nil)
        #expect(five.families[0].scores.allSatisfy { $0.bestRank == nil })
        #expect(five.families[0].leastVisible == nil)
        let clustered = ReportData(
            Self.input(
                ["a": [1, 2, 3, 4, 5, 6], "b": [11, 12, 13, 14, 15, 16]], clusters: ["x", "x", "y", "z", "u", "v"]))
        #expect(clustered.families[0].noRanks != nil)
        let six = ReportData(Self.input(["a": [1, 2, 3, 4, 5, 6], "b": [11, 12, 13, 14, 15, 16]]))
        #expect(six.families[0].noRanks == nil)
    }

    @Test("too few documents for so many pairs give scores without ranks, and say how many are needed")
    func fewDocumentsForPairs() throws {
        let eight = ReportData(SampleRun.input(documents: 8))
        #expect(eight.families[0].noRanks?.contains("at least 10 documents") == true)
        let ten = ReportData(SampleRun.input(documents: 10))
        #expect(ten.families[0].noRanks == nil)
        #expect(ten.families[0].score(of: "joint-expert")?.worstRank == 1)
    }

    @Test("more documents than can be counted out use random flips, the same each time")
    func randomFlips() throws {
        let input = SampleRun.input(documents: 20, methods: ["copy", "linear", "ties", "learnable-calibration"])
        let first = ReportData(input, flips: 1_000)
        #expect(first == ReportData(input, flips: 1_000))
        #expect(first.families[0].scores.map(\.bestRank) == [1, 2, 2, nil])
        #expect(first.gains[0].rows.allSatisfy { $0.p == 1.0 / 1_001 })
    }

    @Test("a metric that is better when lower ranks the lower method first")
    func lowerIsBetter() {
        var input = Self.input(["a": [1, 2, 3, 4, 5, 6], "b": [11, 12, 13, 14, 15, 16]])
        input.metrics[0].direction = "lower"
        let family = ReportData(input).families[0]
        #expect(family.score(of: "a")?.bestRank == 1)
        #expect(family.score(of: "b")?.bestRank == 2)
        #expect(family.scores.map(\.method) == ["a", "b"])
    }

    @Test("one document has a mean and no interval")
    func oneDocument() throws {
        let data = ReportData(SampleRun.input(documents: 1))
        let score = try #require(data.families[0].score(of: "linear"))
        #expect(score.estimate?.documents == 1)
        #expect(score.estimate?.interval == nil)
        #expect(score.bestRank == nil)
        #expect(score.beatsCopy == nil)
        #expect(TagBalance.fault(in: try HTMLReport().render(ReportPage(data))) == nil)
        #expect(MarkdownBalance.fault(in: MarkdownLeaderboard.render(ReportPage(data))) == nil)
    }

    @Test("a method with missing answers has no rank, and the status says so")
    func partial() throws {
        let data = ReportData(
            SampleRun.input(
                documents: 10,
                dropping: { method, setting, document in
                    method == "ties" && setting.hasSuffix("/es") && document > 4
                }))
        let score = try #require(data.families[0].score(of: "ties"))
        #expect(score.scored == 25)
        #expect(score.expected == 30)
        #expect(score.bestRank == nil)
        #expect(data.order.last == "ties")
        #expect(data.progress.methodsDone == 8)
        #expect(data.progress.missing.count == 1)
        let page = MarkdownLeaderboard.render(ReportPage(data))
        #expect(page.contains("partial 25/30"))
        #expect(page.contains("8 of 9 methods done"))
    }

    @Test("an answer that was made but not scored counts as missing")
    func unscored() {
        var input = Self.input(["a": [1, 2, 3, 4, 5, 6], "b": [2, 3, 4, 5, 6, 7]])
        input.scores.removeAll { $0.method == "a" && $0.document == 5 }
        let data = ReportData(input)
        #expect(!data.progress.isComplete)
        #expect(data.families[0].score(of: "a")?.isComplete == false)
    }

    @Test("a method that lacks a cell which others have is not complete")
    func lackingCell() {
        var input = SampleRun.input(methods: ["linear", "ties"])
        input.cells.removeAll { $0.method == "ties" && $0.setting == "summarize+translate/fr" }
        input.scores.removeAll { $0.method == "ties" && $0.setting == "summarize+translate/fr" }
        let data = ReportData(input)
        #expect(data.families[0].score(of: "ties")?.expected == 24)
        #expect(data.families[0].score(of: "ties")?.isComplete == false)
        #expect(data.families[0].score(of: "linear")?.isComplete == true)
    }

    @Test("methods that are not shown to beat the copy are marked")
    func copy() {
        let base = [1.0, 5, 2, 7, 3, 6]
        let data = ReportData(Self.input(["copy": base, "same": base, "up": base.map { $0 + 3 }]))
        #expect(data.families[0].score(of: "same")?.beatsCopy == false)
        #expect(data.families[0].score(of: "up")?.beatsCopy == true)
        #expect(data.families[0].score(of: "copy")?.beatsCopy == nil)
        #expect(data.families[0].scores.last?.method == "copy")
        #expect(data.families[0].score(of: "copy")?.bestRank == nil)
    }

    @Test("the conditional score is 0 where the language is wrong and keeps what was not judged")
    func conditional() throws {
        var input = Self.input(["a": [10, 20, 30, 40]])
        input.metrics.append(
            MetricFacts(signature: SampleRun.languageSignature, name: "language", direction: "higher", scale: "0-1"))
        for (document, value) in [(0, 1.0), (1, 0), (2, 1)] {
            input.scores.append(
                ScoreFacts(
                    method: "a", setting: "summarize+translate/es", document: Int64(document), cluster: "\(document)",
                    signature: SampleRun.languageSignature, value: value))
        }
        let score = try #require(ReportData(input).families[0].score(of: "a"))
        #expect(score.estimate?.mean == 25)
        #expect(score.conditional?.mean == 20)
        #expect(abs((score.rightLanguage?.mean ?? 0) - 2.0 / 3) < 1e-6)
    }

    @Test("numbers of different signatures are never mixed")
    func signatures() {
        var input = Self.input(["a": [10, 20], "b": [30, 40]])
        let other = SampleRun.signatures[0].replacing("braid-2", with: "braid-3")
        input.metrics.append(MetricFacts(signature: other, name: "rougeL", direction: "higher", scale: "0-100"))
        input.scores.append(
            ScoreFacts(
                method: "a", setting: "summarize+translate/es", document: 0, cluster: "0", signature: other, value: 99))
        let data = ReportData(input)
        #expect(data.families[0].leadSignature == SampleRun.signatures[0])
        #expect(data.families[0].score(of: "a")?.estimate?.mean == 15)
        #expect(data.families[0].score(of: "a")?.others[other]?.mean == 99)
    }

    @Test("the least visible difference follows the formula and Holm's first step")
    func leastVisible() throws {
        let a = [0.0, 0, 0, 0, 0, 0]
        let data = ReportData(Self.input(["a": a, "b": [1, 3, 1, 3, 1, 3]]))
        let least = try #require(data.families[0].leastVisible)
        // s = 1.095445, n = 6, t(0.975, 5) = 2.570582, z = 0.841621.
        #expect(abs(least.single - (2.570582 + 0.841621) * 1.095445 / 6.0.squareRoot()) < 1e-5)
        #expect(least.corrected == least.single)
        #expect(least.pairs == 1)
    }

    @Test("calibrations are held against each plain merge, with Holm's correction")
    func gains() throws {
        let data = ReportData(SampleRun.input())
        let gain = try #require(data.gains.first { $0.family == "summarize+translate" })
        #expect(gain.rows.map(\.calibration).count == 4)
        #expect(gain.rows.count { $0.isBestMerge } == 2)
        for row in gain.rows {
            // All eight documents agree: 2/2⁸, times four at most.
            #expect(row.p == 0.0078125)
            #expect(row.corrected == 0.03125)
            #expect(row.difference.mean > 5)
        }
    }

    @Test("recovery rates run from zero-shot to the joint expert")
    func recovery() throws {
        let data = ReportData(SampleRun.input(documents: 10))
        let rates = Dictionary(uniqueKeysWithValues: data.recovery.rates.map { ($0.method, $0.rate) })
        #expect(rates["zero-shot"] == 0)
        #expect(rates["joint-expert"] == 1)
        #expect((rates["linear"] ?? 0) > 0.2 && (rates["linear"] ?? 1) < 0.6)
        let without = ReportData(SampleRun.input(methods: ["linear", "ties"]))
        #expect(without.recovery.rates.isEmpty && without.recovery.absence != nil)
    }

    @Test("a run without cells gives a page that says so")
    func empty() throws {
        let data = ReportData(ReportInput(run: SampleRun.run))
        #expect(!data.progress.isComplete)
        let page = ReportPage(data)
        #expect(TagBalance.fault(in: try HTMLReport().render(page)) == nil)
        #expect(MarkdownLeaderboard.render(page).contains("This run has no cells yet."))
    }

    @Test("planned cells without any answer are shown as not run")
    func planned() throws {
        var input = SampleRun.input()
        input.scores = []
        input.metrics = []
        input.examples = []
        for index in input.cells.indices { input.cells[index].complete = 0 }
        let data = ReportData(input)
        #expect(data.progress.methodsDone == 0)
        #expect(data.progress.missing.count == data.methods.count * data.settings.count)
        let page = ReportPage(data)
        #expect(TagBalance.fault(in: try HTMLReport().render(page)) == nil)
        #expect(MarkdownLeaderboard.render(page).contains("not run"))
    }
}
