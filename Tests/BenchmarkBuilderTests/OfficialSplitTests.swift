import BenchmarkBuilder
import BenchmarkStore
import Foundation
import TestSupport
import Testing

/// Sources with splits of their own, and documents that repeat across them.
@Suite struct OfficialSplitTests {
    /// A corpus of dialogues alone, each in a split or in none.
    private func corpus(
        _ name: String, _ splits: [Split?], texts: [Int: String] = [:], tested: [Int: Split] = [:]
    ) -> TestCorpus {
        TestCorpus(
            name: name, dialogues: splits.count, conversations: 0, sentences: 0, messages: 0, prefix: "\(name). ",
            texts: Dictionary(uniqueKeysWithValues: texts.map { ("dialogue-\($0.key)", $0.value) }),
            splits: Dictionary(
                uniqueKeysWithValues: splits.enumerated().compactMap { index, split in
                    split.map { ("dialogue-\(index)", $0) }
                }))
    }

    private func plan(_ corpora: TestCorpus...) throws -> BenchmarkPlan {
        let folder = try ScratchFolder()
        let database = try BenchmarkDatabase(path: folder.path("b.sqlite").path)
        for corpus in corpora { try database.insertCorpus(corpus.contents) }
        return try BenchmarkBuilder.plan(
            BuildParameters(name: "test", corpora: corpora.map(\.name)), from: database)
    }

    /// The split of every document that is in the build, as `corpus/number`.
    private func splits(_ plan: BenchmarkPlan) -> [String: Split] {
        plan.settings.flatMap(\.examples).reduce(into: [:]) { splits, example in
            splits["\(example.corpus.dropLast(2))/\(example.document.dropFirst("dialogue-".count))"] = example.split
        }
    }

    /// Forty words that begin at one of a hundred, so that texts that begin close to each other are alike.
    private func passage(_ start: Int) -> String {
        "Ada: " + (start..<start + 40).map { "word\($0)" }.joined(separator: " ")
    }

    @Test func keepsTheSplitsOfTheSourceAndDividesTheRest() throws {
        let plan = try plan(
            corpus("official", [.train, .train, .test, .validation, .test]),
            corpus("free", Array(repeating: nil, count: 20)))
        let found = splits(plan)
        for (number, split) in [Split.train, .train, .test, .validation, .test].enumerated() {
            #expect(found["official/\(number)"] == split)
        }
        let free = found.filter { $0.key.hasPrefix("free/") }.values
        #expect(Split.allCases.map { split in free.count { $0 == split } } == [12, 2, 6])
        #expect(plan.exclusions.isEmpty)
    }

    @Test func testWinsOverValidationAndValidationOverTrainAndNothingIsMoved() throws {
        let (one, two) = (passage(0), passage(100))
        let plan = try plan(
            corpus("first", [.train, .validation, .train, .train], texts: [0: one, 1: one, 2: two]),
            corpus("second", [.test, .validation, .validation], texts: [0: one, 1: two]))
        let found = splits(plan)
        #expect(found == ["first/3": .train, "second/0": .test, "second/1": .validation, "second/2": .validation])
        #expect(
            plan.exclusions.map { "\($0.corpus) \($0.document): \($0.reason)" } == [
                "first@1 dialogue-0: it says the same words as second@1/dialogue-0, which is kept in test",
                "first@1 dialogue-1: it says the same words as second@1/dialogue-0, which is kept in test",
                "first@1 dialogue-2: it says the same words as second@1/dialogue-1, which is kept in validation",
            ])
        #expect(
            plan.leaks.leftOut.map { "\($0.corpus) \($0.split) \($0.keptIn) \($0.documents)" } == [
                "first@1 train test 1", "first@1 train validation 1", "first@1 validation test 1",
            ])
        #expect(plan.leaks.proof.isClean)
    }

    @Test func leavesOutWhatIsAlikeAndKeepsWhatWasTiedToItOnly() throws {
        // 0 is like 10, and 10 like 20, but 0 is not like 20.
        let plan = try plan(
            corpus(
                "made", [.train, .train, .test, .train], texts: [0: passage(0), 1: passage(10), 2: passage(20)]))
        #expect(splits(plan) == ["made/0": .train, "made/2": .test, "made/3": .train])
        #expect(
            plan.exclusions.map(\.reason) == ["it is 54 % alike to made@1/dialogue-2, which is kept in test"])
        #expect(Set(plan.settings.flatMap(\.examples).map(\.cluster)).count == 3)
    }

    @Test func aDocumentWithoutASplitGoesWhereItsLikeGoes() throws {
        let plan = try plan(
            corpus("official", [.test, .train, .validation], texts: [0: passage(0), 1: passage(100)]),
            corpus(
                "free", Array(repeating: nil, count: 10),
                texts: [
                    0: passage(0), 1: passage(10), 2: passage(20), 3: passage(105), 4: passage(300), 5: passage(300),
                ]))
        let found = splits(plan)
        #expect([0, 1, 2].allSatisfy { found["free/\($0)"] == .test })
        #expect(found["free/3"] == .train)
        #expect(found["free/4"] == found["free/5"])
        #expect(found.count == 13 && plan.exclusions.isEmpty)
    }

    @Test func aDocumentBetweenTwoSplitsGoesToTheHigherAndTheLowerIsLeftOut() throws {
        let plan = try plan(
            corpus("official", [.train, .test], texts: [0: passage(0), 1: passage(20)]),
            corpus("free", [nil, nil], texts: [0: passage(10)]))
        let found = splits(plan)
        #expect(found["free/0"] == .test && found["official/1"] == .test && found["official/0"] == nil)
        #expect(
            plan.exclusions.map(\.reason) == ["it is 54 % alike to free@1/dialogue-0, which is kept in test"])
    }

    @Test func doesNotDependOnTheOrderOfCorpora() throws {
        let one = corpus(
            "first", [.train, .train, .test, nil], texts: [0: passage(0), 1: passage(100), 3: passage(5)])
        let other = corpus("second", [.test, .validation, nil], texts: [0: passage(10), 1: passage(110)])
        let (forwards, backwards) = (try plan(one, other), try plan(other, one))
        #expect(splits(forwards) == splits(backwards))
        #expect(forwards.exclusions.map(\.reason) == backwards.exclusions.map(\.reason))
        #expect(forwards.exclusions.count == 2 && forwards.leaks == backwards.leaks)
    }

    @Test func storesWhatWasLeftOutAndThePairs() throws {
        let one = corpus("first", [.train, .test, .train], texts: [0: passage(0), 1: passage(0)])
        let store = try TestStore(one)
        let report = try BenchmarkBuilder.build(
            BuildParameters(name: "test", corpora: ["first"]), in: store.database)
        let build = report.outcome.id
        let documents = try store.database.documents(ofCorpora: [1]).map(\.document.id)
        let exclusions = try store.database.exclusions(ofBuild: build)
        #expect(exclusions.map(\.documentID) == [documents[0]] && report.excluded == 1)
        let pairs = try store.database.duplicatePairs(ofBuild: build)
        #expect(pairs.map { [$0.firstID, $0.secondID] } == [[documents[0], documents[1]]])
        #expect(pairs.map(\.texts) == ["spoken"] && pairs.map(\.similarity) == [1])
        // A second build of the same content finds them again and stores them once.
        #expect(
            try BenchmarkBuilder.build(BuildParameters(name: "test", corpora: ["first"]), in: store.database).outcome
                == .unchanged(id: build))
        #expect(try store.database.duplicatePairs(ofBuild: build).count == 1)
    }
}
