import BenchmarkBuilder
import BenchmarkStore
import TestSupport
import Testing

@Suite struct BenchmarkPlanTests {
    private let parameters = BuildParameters(name: "test", corpora: ["made-up"])

    @Test func namesTasksAndCompositionsInTheOrderOfTables() {
        let targets = Targets(
            languages: [
                .init(code: "es", name: "Spanish"), .init(code: "fr", name: "French"),
                .init(code: "de", name: "German"),
            ],
            tones: ["professional", "casual", "witty", "paraphrase"].map {
                .init(name: $0, instruction: "in a \($0) tone")
            })
        let settings = SettingCatalogue.settings(for: targets, kinds: Set(DocumentKind.allCases))
        #expect(settings.count == 9 + 14)
        #expect(
            settings.prefix(9).map(\.name) == [
                "summarize", "reply", "translate/es", "translate/fr", "translate/de", "rewrite/professional",
                "rewrite/casual", "rewrite/witty", "rewrite/paraphrase",
            ])
        #expect(settings.filter { $0.kind == .composition }.count == 14)
        #expect(settings.map(\.position) == Array(0..<23))
        let spanish = settings.first { $0.name == "summarize+translate/es" }
        #expect(spanish?.family == "summarize+translate" && spanish?.main == "summarize")
        #expect(spanish?.auxiliary == "translate/es" && spanish?.targetKind == .language)
        #expect(spanish?.target == "es" && spanish?.targetLabel == "Spanish")
        #expect(
            spanish?.instruction == "Summarize this dialogue in one or two sentences. Write the summary in Spanish.")
        let task = settings.first { $0.name == "rewrite/witty" }
        #expect(task?.family == "rewrite" && task?.main == "rewrite/witty" && task?.auxiliary == nil)
        #expect(task?.instruction == "Rewrite this text in a witty tone.")
        #expect(settings.first?.family == "summarize" && settings.first?.target == nil)
    }

    @Test func leavesOutSettingsWithoutDocuments() throws {
        let store = try TestStore(TestCorpus(conversations: 0, messages: 0))
        let names = try BenchmarkBuilder.plan(parameters, from: store.database).settings.map(\.record.name)
        #expect(
            names == [
                "summarize", "translate/es", "translate/nl", "summarize+translate/es", "summarize+translate/nl",
                "summarize+rewrite/witty",
            ])
    }

    @Test func asksForEachSettingsOwnReference() throws {
        let store = try TestStore(TestCorpus())
        let plan = try BenchmarkBuilder.plan(parameters, from: store.database)
        func first(_ name: String) throws -> BenchmarkPlan.Example {
            try #require(plan.settings.first { $0.record.name == name }?.examples.first)
        }
        let summary = try first("summarize")
        #expect(summary.reference == "summary  of \(summary.document)")
        #expect(summary.input.hasPrefix("Ada: ") && summary.input.hasSuffix("🎈"))
        let reply = try first("reply+translate/nl")
        #expect(reply.reference == "reply nl of \(reply.document)")
        #expect(reply.input.hasSuffix("🎈\nAda:"))
        #expect(try first("translate/es").reference.hasPrefix("translation es of sentence-"))
        #expect(try first("rewrite/witty").reference.hasPrefix("rewrite witty of message-"))
        #expect(reply.origin == "project" && reply.corpus == "made-up@1")
        #expect(Instructions.prompt(input: "A: b", instruction: "Do.") == "A: b\n\nDo.")
        #expect(Instructions.conversation("A: b", nextSpeaker: nil) == "A: b")
    }

    @Test func aDocumentIsInOneSplitAndOneOrderForEverySetting() throws {
        let store = try TestStore(TestCorpus())
        let plan = try BenchmarkBuilder.plan(parameters, from: store.database)
        var splits: [String: Set<Split>] = [:]
        for setting in plan.settings {
            for example in setting.examples { splits[example.document, default: []].insert(example.split) }
        }
        #expect(splits.count == 90)
        #expect(splits.values.allSatisfy { $0.count == 1 })
        for (_, settings) in Dictionary(
            grouping: plan.settings, by: { $0.record.name.split(separator: "+").first ?? "" })
        where settings.count > 1 {
            #expect(Set(settings.map { $0.examples.map(\.document) }).count == 1)
        }
        // The order is drawn: neither the source's nor that of the keys.
        let order = try #require(plan.settings.first).examples(of: .train).map(\.document)
        #expect(order != order.sorted() && order.count == 12)
        #expect(plan.documentsBySplit[.dialogue] == [.train: 12, .validation: 2, .test: 6])
    }

    @Test func doesNotDependOnTheOrderOfDocumentsOrCorpora() throws {
        let one = TestCorpus()
        var other = TestCorpus(name: "second", languages: [("nl", "Dutch"), ("pt", "Portuguese")], prefix: "Well. ")
        let first = try TestStore(one, other)
        other.isReversed = true
        let second = try TestStore(other, one)
        let bothWays = try [(first, ["made-up", "second"]), (second, ["second@1", "made-up"])].map { store, corpora in
            try BenchmarkBuilder.plan(BuildParameters(name: "test", corpora: corpora), from: store.database)
        }
        let lines = bothWays.map { plan in
            plan.settings.flatMap { setting in
                setting.examples.map {
                    "\(setting.record.name) \($0.split) \($0.corpus) \($0.document) \($0.input) \($0.reference)"
                }
            }
        }
        #expect(lines[0] == lines[1])
        #expect(bothWays[0].parameters == bothWays[1].parameters)
    }

    @Test func joinsTheTargetsOfSeveralCorpora() throws {
        let other = TestCorpus(
            name: "second", languages: [("nl", "Dutch"), ("pt", "Portuguese")], tones: [], messages: 0, prefix: "Well. "
        )
        let store = try TestStore(TestCorpus(), other)
        let plan = try BenchmarkBuilder.plan(
            BuildParameters(name: "test", corpora: ["made-up", "second"]), from: store.database)
        let counts = Dictionary(uniqueKeysWithValues: plan.settings.map { ($0.record.name, $0.examples.count) })
        #expect(counts["translate/es"] == 40 && counts["translate/nl"] == 80 && counts["translate/pt"] == 40)
        #expect(counts["summarize"] == 40 && counts["rewrite/witty"] == 20)
    }

    @Test func keepsARepeatedTextOfTwoCorporaInOneSplit() throws {
        let store = try TestStore(TestCorpus(), TestCorpus(name: "second"))
        let plan = try BenchmarkBuilder.plan(
            BuildParameters(name: "test", corpora: ["made-up", "second"]), from: store.database)
        var splits: [String: Set<Split>] = [:]
        for setting in plan.settings {
            for example in setting.examples { splits[example.document, default: []].insert(example.split) }
        }
        #expect(splits.values.allSatisfy { $0.count == 1 })
    }

    @Test(arguments: [
        (TestCorpus(name: "second", language: "fr"), "share their source language"),
        (TestCorpus(name: "second", languages: [("es", "Castilian")]), "language es is \"Spanish\""),
        (TestCorpus(name: "second", tones: [("witty", "with wit")]), "tone witty is"),
    ])
    func refusesCorporaThatDisagree(other: TestCorpus, part: String) throws {
        let store = try TestStore(TestCorpus(), other)
        let error = #expect(throws: BuildError.self) {
            try BenchmarkBuilder.plan(
                BuildParameters(name: "test", corpora: ["made-up", "second"]), from: store.database)
        }
        #expect(error?.code == .disagreement && error?.message.contains(part) == true, "\(String(describing: error))")
    }

    @Test func refusesParametersThatCannotBe() throws {
        let store = try TestStore(TestCorpus(), TestCorpus(version: "2"))
        let share = SplitShares(train: 0, validation: 0, test: 0)
        for (parameters, code, key) in [
            (BuildParameters(name: "No Name", corpora: ["made-up@1"]), BuildError.Code.parameters, "name"),
            (BuildParameters(name: "../x", corpora: ["made-up@1"]), .parameters, "name"),
            (BuildParameters(name: "x", corpora: []), .parameters, "corpora"),
            (
                BuildParameters(name: "x", corpora: ["made-up@1"], shares: .init(message: share)), .parameters,
                "shares.message"
            ),
            (BuildParameters(name: "x", corpora: ["nothing"]), .corpus, "nothing"),
            (BuildParameters(name: "x", corpora: ["made-up"]), .corpus, "made-up"),
        ] {
            let error = #expect(throws: BuildError.self) { try BenchmarkBuilder.plan(parameters, from: store.database) }
            #expect(error?.code == code && error?.key == key, "\(String(describing: error))")
        }
        let plan = try BenchmarkBuilder.plan(
            BuildParameters(name: "x", corpora: ["made-up@2", "made-up@2"]), from: store.database)
        #expect(plan.parameters.corpora == ["made-up@2"])
    }
}
