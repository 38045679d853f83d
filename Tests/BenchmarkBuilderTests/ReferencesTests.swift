import BenchmarkBuilder
import BenchmarkStore
import TestSupport
import Testing

@Suite struct ReferencesTests {
    private func summary(_ text: String, _ position: Int, _ language: String = "", by origin: String)
        -> DocumentTextRecord
    {
        DocumentTextRecord(
            role: .summary, variantKind: language.isEmpty ? .source : .language, variant: language, position: position,
            text: text, origin: origin)
    }

    private func corpus(origin: String = "person", _ further: [DocumentTextRecord]) -> TestCorpus {
        TestCorpus(
            dialogues: 2, conversations: 0, sentences: 0, messages: 0, origin: origin,
            further: ["dialogue-0": further])
    }

    private func example(_ setting: String, of plan: BenchmarkPlan) -> BenchmarkPlan.Example? {
        plan.settings.first { $0.record.name == setting }?.examples.first { $0.document == "dialogue-0" }
    }

    @Test func keepsEveryReferenceOnceWithItsOrigin() throws {
        let store = try TestStore(
            corpus([
                summary("Another one.", 1, by: "post-edited"), summary("summary  of dialogue-0", 2, by: "person"),
                summary("A third.", 3, by: "person"),
            ]))
        let parameters = BuildParameters(name: "test", corpora: ["made-up"])
        let plan = try BenchmarkBuilder.plan(parameters, from: store.database)
        let found = try #require(example("summarize", of: plan))
        #expect(found.reference == "summary  of dialogue-0" && found.origin == "person")
        #expect(found.furtherReferences.map(\.text) == ["Another one.", "A third."])
        #expect(found.furtherReferences.map(\.origin) == ["post-edited", "person"])
        #expect(plan.referenceOrigins == ["person": 2 * 4 + 1, "post-edited": 1])
        let report = try BenchmarkBuilder.build(parameters, in: store.database)
        #expect(report.provenance.text.contains("References: 9 by person, 1 by post-edited\n"))
        let setting = try #require(try store.database.setting(named: "summarize", ofBuild: report.outcome.id))
        let examples = try Split.allCases.flatMap { try store.database.examples(ofSetting: setting.id, split: $0) }
        for example in examples {
            let references = try store.database.references(ofExample: example.id)
            guard example.reference == "summary  of dialogue-0" else {
                #expect(references.map(\.text) == [example.reference])
                continue
            }
            #expect(references.map(\.text) == ["summary  of dialogue-0", "Another one.", "A third."])
            #expect(references.map(\.origin) == ["person", "post-edited", "person"])
        }
    }

    @Test func usesAModelsAnnotationsOnlyWhereTheModelIsNamed() throws {
        let store = try TestStore(
            corpus([
                summary("De Annotée.", 1, "es", by: "model:tiny"), summary("Une autre.", 2, "es", by: "model:other"),
                summary("By a person.", 3, "es", by: "person"),
            ]))
        func plan(_ names: String...) throws -> BenchmarkPlan {
            try BenchmarkBuilder.plan(
                BuildParameters(name: "test", corpora: ["made-up"], annotations: names), from: store.database)
        }
        let plain = try plan()
        #expect(example("summarize+translate/es", of: plain)?.furtherReferences.map(\.text) == ["By a person."])
        #expect(plain.unusedAnnotations == ["model:tiny": 1, "model:other": 1])
        #expect(plain.referenceOrigins == ["person": 9])
        let named = try plan("tiny")
        // What people wrote stands before what a model did.
        #expect(
            example("summarize+translate/es", of: named)?.furtherReferences.map(\.text)
                == ["By a person.", "De Annotée."])
        #expect(
            named.referenceOrigins == ["person": 9, "model:tiny": 1] && named.unusedAnnotations == ["model:other": 1])
        #expect(try plan("model:tiny").parameters == named.parameters)
        #expect(try CanonicalJSON.text(named.parameters).contains(#""annotations":["tiny"]"#))
        #expect(try !CanonicalJSON.text(plain.parameters).contains("annotations"))
        let error = #expect(throws: BuildError.self) { try plan("tyni") }
        #expect(error?.code == .parameters && error?.message.contains("other, tiny") == true)
    }

    @Test func annotationsThatAreNotUsedChangeNothing() throws {
        // A model gave two documents the same summary, and one corpus a language that the other has at another place.
        let same = DocumentTextRecord(
            role: .summary, position: 1, text: TestCorpus.words("what a model wrote"), origin: "model:tiny")
        let spanish = DocumentTextRecord(
            role: .summary, variantKind: .language, variant: "es", text: "De máquina.", origin: "model:tiny")
        func plan(isAnnotated: Bool) throws -> (plan: BenchmarkPlan, hash: String) {
            let first = TestCorpus(
                name: "a", languages: isAnnotated ? [("es", "Castilian")] : [], conversations: 0, sentences: 0,
                messages: 0, prefix: "A. ", splits: ["dialogue-0": .train, "dialogue-1": .test],
                further: isAnnotated ? ["dialogue-0": [same, spanish], "dialogue-1": [same]] : [:])
            let second = TestCorpus(name: "b", languages: [("nl", "Dutch"), ("es", "Spanish")], prefix: "B. ")
            var contents = first.contents
            if isAnnotated {
                // The corpus itself offers no Spanish.
                contents.documents = contents.documents.map { document in
                    var document = document
                    document.texts.removeAll { $0.variant == "es" && $0.origin == "project" }
                    return document
                }
            }
            contents.corpus.contentHash = ContentHash(of: "a").hex
            let store = try TestStore(second)
            try store.database.insertCorpus(contents)
            let plan = try BenchmarkBuilder.plan(
                BuildParameters(name: "test", corpora: ["a", "b"]), from: store.database)
            return (plan, try DatasetExport(plan, from: store.database).manifest.contentHash)
        }
        let (before, after) = (try plan(isAnnotated: false), try plan(isAnnotated: true))
        #expect(after.plan.unusedAnnotations == ["model:tiny": 3] && after.plan.exclusions.isEmpty)
        #expect(after.plan.settings.map(\.record.name) == before.plan.settings.map(\.record.name))
        #expect(after.hash == before.hash)
    }

    @Test func aModelsOwnCorpusHasNoAnnotationsByThatModel() throws {
        let store = try TestStore(corpus(origin: "model:tiny", [summary("Another.", 1, by: "model:tiny")]))
        let plan = try BenchmarkBuilder.plan(
            BuildParameters(name: "test", corpora: ["made-up"]), from: store.database)
        #expect(plan.referenceOrigins == ["model:tiny": 9] && plan.unusedAnnotations.isEmpty)
    }

    @Test func readsParametersOfBuildsFromBeforeThereWereAnnotations() throws {
        let parameters = BuildParameters(name: "old", corpora: ["made-up@1"])
        let text = try CanonicalJSON.text(parameters)
        #expect(try CanonicalJSON.value(BuildParameters.self, from: text) == parameters)
        let annotated = BuildParameters(name: "new", corpora: ["made-up@1"], annotations: ["b", "a"])
        #expect(try CanonicalJSON.value(BuildParameters.self, from: CanonicalJSON.text(annotated)) == annotated)
    }
}
