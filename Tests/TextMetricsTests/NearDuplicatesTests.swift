import TextMetrics
import Testing

@Suite struct NearDuplicatesTests {
    private func similarity(_ first: String, _ second: String) -> Double? {
        NearDuplicates.pairs(among: [ComparedText.words(first), ComparedText.words(second)]).first?.similarity
    }

    @Test(arguments: [
        // Two words changed, in a short sentence, a long one and one with an insertion.
        ("My neighbour grows tomatoes on his balcony.", "My neighbour grows cucumbers on his roof.", true),
        ("The fog lifted just before the ferry sailed.", "The rain stopped just before the ferry sailed.", true),
        (
            "We meet at six by the old fountain in the park.", "We meet at six or so by the old fountain in the park.",
            true
        ),
        ("THE FOG lifted, just before the ferry sailed!", "The fog lifted just before the ferry sailed.", true),
        ("My neighbour grows tomatoes on his balcony.", "My sister grows nothing on her windy balcony.", false),
        ("The fog lifted just before the ferry sailed.", "Nobody could explain why the bell rang twice.", false),
        // Below six words nothing counts as nearly the same.
        ("See you at six.", "See you at seven.", false), ("", "", false), ("a", "a", false),
    ])
    func tellsShortTextsApart(first: String, second: String, areAlike: Bool) {
        #expect((similarity(first, second) != nil) == areAlike)
    }

    @Test func findsALongTextWithTwoWordsChangedAndNotOneWithHalfOfThem() {
        let words = (0..<80).map { "word\($0)" }
        var changed = words
        changed[20] = "other"
        changed[61] = "another"
        #expect(NearDuplicates.pairs(among: [words, changed]).count == 1)
        for index in stride(from: 0, to: 80, by: 4) { changed[index] = "new\(index)" }
        #expect(NearDuplicates.pairs(among: [words, changed]).isEmpty)
    }

    @Test func findsExactlyThePairsOfACompareAllSearch() {
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        // Texts from 10 to 70 words, a third of them made from an earlier one by a few changes.
        var texts: [[String]] = []
        for _ in 0..<150 {
            if texts.isEmpty || random(3) > 0 {
                texts.append((0..<10 + random(60)).map { _ in "w\(random(300))" })
            } else {
                var text = texts[random(texts.count)]
                for _ in 0..<random(text.count / 3) { text[random(text.count)] = "w\(random(300))" }
                texts.append(text)
            }
        }
        var expected: Set<[Int]> = []
        for second in texts.indices {
            for first in 0..<second where areAlike(texts[first], texts[second]) { expected.insert([first, second]) }
        }
        let found = Set(NearDuplicates.pairs(among: texts).map { [$0.first, $0.second] })
        #expect(expected.count > 20)
        #expect(found == expected)
    }

    private func areAlike(_ first: [String], _ second: [String]) -> Bool {
        let sets = [first, second].map { text in Set((0...text.count - 5).map { Array(text[$0..<$0 + 5]) }) }
        let shared = Double(sets[0].intersection(sets[1]).count)
        if shared / Double(sets[0].union(sets[1]).count) >= NearDuplicates.shingleThreshold { return true }
        guard first.count <= NearDuplicates.shortWords, second.count <= NearDuplicates.shortWords else { return false }
        return NearDuplicates.editSimilarity(first, second) >= NearDuplicates.editThreshold
    }

    @Test func measuresWordEditSimilarity() {
        #expect(NearDuplicates.editSimilarity([1, 2, 3, 4], [1, 2, 3, 4]) == 1)
        #expect(NearDuplicates.editSimilarity([1, 2, 3, 4], [1, 3, 4]) == 0.75)
        #expect(NearDuplicates.editSimilarity([1, 2], [3, 4]) == 0)
        #expect(NearDuplicates.editSimilarity([Int](), []) == 1)
        #expect(NearDuplicates.editSimilarity([], [1]) == 0)
    }
}

@Suite struct DocumentClustersTests {
    private static let fog = "The fog lifted just before the ferry sailed."

    private func entry(_ text: String, source: String? = nil) -> DocumentClusters.Entry {
        DocumentClusters.Entry(
            textHash: "hash of \(ComparedText.normalised(text))", spokenText: text, sourceText: source)
    }

    @Test func namesAClusterAfterItsSmallestMemberWhateverTheOrder() {
        let entries = [
            entry(Self.fog), entry("The mist lifted just before the ferry sailed."), entry("Nobody knows."),
            entry("The mist lifted just after the ferry sailed."), entry("THE FOG lifted just before the ferry sailed"),
        ]
        let forwards = DocumentClusters(entries).names
        #expect(forwards == [forwards[0], forwards[0], entries[2].textHash, forwards[0], forwards[0]])
        #expect(forwards[0] == entries[0].textHash)
        #expect(DocumentClusters(entries.reversed()).names == forwards.reversed())
    }

    @Test func joinsADialogueWithTheSentenceThatRepeatsItsSummary() {
        let names = DocumentClusters([entry("Hello.\nBye.", source: Self.fog), entry(Self.fog)]).names
        #expect(names[0] == names[1])
    }

    @Test func doesNotJoinConversationsByAShortReply() {
        let names = DocumentClusters([
            entry("Is it on?", source: "Yes, it is."), entry("Is he in?", source: "Yes, it is."),
        ]).names
        #expect(names[0] != names[1])
    }

    @Test func joinsTextsWithoutWordsOnlyWhereTheyAreEqual() {
        let names = DocumentClusters([entry(":-)"), entry(":-("), entry(":-)")]).names
        #expect(names[0] == names[2] && names[0] != names[1])
    }

    @Test func comparesTextsByTheirWords() {
        #expect(ComparedText.normalised("  Hello,\n WORLD! ") == "hello world")
        #expect(ComparedText.normalised("Cafe\u{301}") == ComparedText.normalised("CAFÉ."))
        #expect(ComparedText.normalised("…") == "…")
        #expect(ComparedText.normalised("猫が好き") == "猫 が 好 き")
    }
}
