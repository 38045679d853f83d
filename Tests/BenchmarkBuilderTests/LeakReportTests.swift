import BenchmarkBuilder
import BenchmarkStore
import TestSupport
import Testing
import TextMetrics

@Suite struct LeakReportTests {
    private func text(_ start: Int) -> String {
        "Ada: " + (start..<start + 40).map { "word\($0)" }.joined(separator: " ")
    }

    /// Two corpora: the second has two dialogues of the first and one that is nearly the same.
    private func plan() throws -> BenchmarkPlan {
        let first = TestCorpus(
            name: "first", dialogues: 12, conversations: 0, sentences: 0, messages: 0, prefix: "one. ",
            texts: ["dialogue-0": text(0), "dialogue-1": text(100), "dialogue-2": text(200), "dialogue-3": text(200)])
        let second = TestCorpus(
            name: "second", dialogues: 9, conversations: 0, sentences: 0, messages: 0, prefix: "two. ",
            texts: [
                "dialogue-5": text(0), "dialogue-6": text(100).uppercased(), "dialogue-7": text(205),
                "dialogue-4": text(400), "dialogue-8": text(500),
            ],
            further: [
                "dialogue-8": [
                    DocumentTextRecord(
                        role: .summary, position: 1, text: String(text(0).dropFirst(5)), origin: "person")
                ]
            ])
        let store = try TestStore(first, second)
        return try BenchmarkBuilder.plan(
            BuildParameters(name: "test", corpora: ["first", "second"]), from: store.database)
    }

    @Test func countsWhatRepeatsWhatWithinAndAcrossCorpora() throws {
        let leaks = try plan().leaks
        let rows = leaks.overlaps.map { "\($0.corpus) \($0.other) \($0.same) \($0.nearly) \($0.bySummary)" }
        #expect(
            rows == [
                "first@1 first@1 2 0 0", "first@1 second@1 2 2 0", "second@1 first@1 2 1 1",
                "second@1 second@1 0 0 2",
            ])
        #expect(leaks.documents == ["first@1": 12, "second@1": 9])
        #expect(leaks.clusters == 3 && leaks.clusteredDocuments == 8)
        #expect(
            leaks.largestClusters.map { "\($0.documents) \($0.example)" } == [
                "3 first@1/dialogue-0", "3 first@1/dialogue-2", "2 first@1/dialogue-1",
            ])
        #expect(leaks.leftOut.isEmpty && leaks.proof.isClean && leaks.proof.examples == 21 * 4)
        for part in ["second@1  first@1", "3 clusters of two documents or more, with 8 documents", "0 inputs"] {
            #expect(leaks.text.contains(part), "\(leaks.text)")
        }
    }

    @Test func theProofSeesEveryLeakByItself() {
        typealias Row = LeakProof.Row
        func proof(_ rows: [Row], _ texts: [String]) -> LeakProof {
            let clusters = DocumentClusters(
                texts.map { DocumentClusters.Entry(textHash: $0, spokenText: $0, sourceText: nil) })
            return LeakProof(rows, clusters, documents: texts.indices.map(Int64.init))
        }
        func row(_ document: Int64, _ split: Split, _ input: String, _ cluster: String, _ reference: String = "") -> Row
        {
            Row(document: document, cluster: cluster, split: split, input: input, references: [reference])
        }
        let (one, near, other) = (text(0), text(5), text(300))
        let clean = proof([row(0, .train, one, "a"), row(1, .test, other, "b")], [one, other])
        #expect(clean.isClean && clean.examples == 2)
        let inputs = proof([row(0, .train, one, "a"), row(1, .test, one.uppercased(), "b")], [one, other])
        #expect(inputs.inputsInTwoSplits == 1 && inputs.pairsInTwoSplits == 0 && !inputs.isClean)
        let clusters = proof([row(0, .train, one, "a"), row(1, .validation, other, "a")], [one, other])
        #expect(clusters.clustersInTwoSplits == 1 && !clusters.isClean)
        let documents = proof([row(0, .train, one, "a"), row(0, .test, other, "b")], [one, other])
        #expect(documents.documentsInTwoSplits == 1 && !documents.isClean)
        let alike = proof([row(0, .train, one, "a"), row(1, .test, near, "b")], [one, near])
        #expect(alike.pairsInTwoSplits == 1 && alike.clustersInTwoSplits == 0 && !alike.isClean)
        let references = proof(
            [row(0, .train, one, "a", "Yes, it is."), row(1, .test, other, "b", "yes it is")], [one, other])
        #expect(references.isClean && references.testReferencesInTraining == 1 && references.testReferences == 1)
        #expect(references.text.contains("training reference: 1 of 1."))
    }
}
