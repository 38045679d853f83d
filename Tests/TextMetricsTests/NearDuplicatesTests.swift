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
        // Texts from 10 to 70 words, a third of them made from an earlier one by a few changes.
        var source = InventedTexts(seed: 42)
        let texts = source.texts(150, words: 10..<70, vocabulary: 300)
        var expected: Set<[Int]> = []
        for second in texts.indices {
            for first in 0..<second where areAlike(texts[first], texts[second]) { expected.insert([first, second]) }
        }
        let found = Set(NearDuplicates.pairs(among: texts).map { [$0.first, $0.second] })
        #expect(expected.count > 20)
        #expect(found == expected)
    }

    private func areAlike(_ first: [String], _ second: [String]) -> Bool {
        // No word is in more than 50 of the texts, so each tells them apart.
        let edits = NearDuplicates.editSimilarity(first, second)
        let areShort = max(first.count, second.count) <= NearDuplicates.shortWords
        if areShort, edits >= NearDuplicates.editThreshold { return true }
        guard !areShort || edits >= 0.6 else { return false }
        return InventedTexts.jaccard(first, second) >= NearDuplicates.shingleThreshold
    }

    @Test func findsEveryPairOfLongTextsThatAllComparedWithAllGive() {
        var source = InventedTexts(seed: 7)
        let texts = source.texts(800, words: 60..<200, vocabulary: 5_000)
        var expected: [[Int]: Double] = [:]
        let shingles = texts.map(InventedTexts.shingles)
        let numbers = Dictionary(
            shingles.joined().enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let sets = shingles.map { Set($0.compactMap { numbers[$0] }) }
        for second in texts.indices {
            for first in 0..<second where !sets[first].isDisjoint(with: sets[second]) {
                let similarity = InventedTexts.jaccard(sets[first], sets[second])
                if similarity >= 0.5 { expected[[first, second]] = similarity }
            }
        }
        let found = Dictionary(
            uniqueKeysWithValues: NearDuplicates.pairs(among: texts).map { ([$0.first, $0.second], $0.similarity) })
        // Many lie close to the threshold, where they are missed first.
        #expect(expected.count > 150 && expected.values.count { $0 < 0.6 } > 25)
        #expect(found == expected)
    }

    @Test func dependsOnTheTextsAndNotOnTheirOrder() {
        var source = InventedTexts(seed: 3)
        let texts = source.texts(300, words: 8..<90, vocabulary: 400)
        let forwards = NearDuplicates.pairs(among: texts)
        let backwards = NearDuplicates.pairs(among: texts.reversed())
        #expect(forwards.count > 30)
        #expect(
            Set(backwards.map { [299 - $0.second, 299 - $0.first] }) == Set(forwards.map { [$0.first, $0.second] }))
    }

    @Test func takesNoMessagesOfOneMouldForOne() {
        let errands = (0..<40).flatMap { verb in
            (0..<40).map { thing in
                ["can", "you", "please", "ask", "her", "to", "verb\(verb)", "the", "thing\(thing * 40 + verb)"]
            }
        }
        let again = ["could"] + errands[77].dropFirst()
        let pairs = NearDuplicates.pairs(among: errands + [again])
        #expect(pairs.map { [$0.first, $0.second] } == [[77, 1_600]])
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

    @Test func comparesEverySourceOfADocument() {
        let other = "Two friends decide to take the night train."
        let names = DocumentClusters([
            DocumentClusters.Entry(textHash: "a", spokenText: "Hello there.", sourceTexts: [other, Self.fog]),
            entry("Is it on?", source: Self.fog), entry("Good night.", source: "They take a train in the evening."),
        ]).names
        #expect(names[0] == names[1] && names[0] != names[2])
    }

    @Test func comparesAConversationWithItsReplyAndWithout() {
        let whole = DocumentClusters.Entry(
            textHash: "a", spokenText: "Is the ferry late?", wholeText: "Is the ferry late?\nIt is, for the fog.",
            sourceTexts: ["It is, for the fog."])
        let names = DocumentClusters([
            whole, entry("Is the ferry late? It is, for the fog."), entry("Is the ferry late?"), entry("It is."),
        ]).names
        #expect(names[0] == names[1] && names[0] == names[2] && names[0] != names[3])
    }

    @Test func knowsAllThatBelongWithADocumentAndNotOnlyTheFirst() {
        let clusters = DocumentClusters([
            entry(Self.fog), entry(Self.fog.uppercased()), entry("The mist lifted just before the ferry sailed."),
            entry("Is it on?", source: Self.fog), entry("Nobody knows."),
        ])
        func neighbours(_ document: Int) -> [Int: DocumentClusters.Link.Texts] {
            var found: [Int: DocumentClusters.Link.Texts] = [:]
            clusters.forEachNeighbour(of: document) { other, texts, _ in found[other] = texts }
            return found
        }
        #expect(neighbours(1) == [0: .spoken, 2: .spoken, 3: .crossed])
        #expect(neighbours(3) == [0: .crossed, 1: .crossed, 2: .crossed])
        #expect(neighbours(4).isEmpty)
        #expect(
            clusters.links.map { "\($0.first) \($0.second) \($0.texts)" } == [
                "0 1 spoken", "0 2 spoken", "0 3 crossed", "2 3 crossed",
            ])
    }

    @Test func aClusterFallsApartWithoutWhatHeldItTogether() {
        let words = (0..<80).map { "word\($0)" }
        let clusters = DocumentClusters(
            [words[0..<60], words[0..<80], words[20..<80]].map { entry($0.joined(separator: " ")) })
        #expect(Set(clusters.names).count == 1)
        let names = clusters.names { $0 != 1 }
        #expect(names[0] != names[2])
        #expect(clusters.names { $0 != 0 }[1] == clusters.names { $0 != 0 }[2])
    }

    @Test func comparesTextsByTheirWords() {
        #expect(ComparedText.normalised("  Hello,\n WORLD! ") == "hello world")
        #expect(ComparedText.normalised("Cafe\u{301}") == ComparedText.normalised("CAFÉ."))
        #expect(ComparedText.normalised("…") == "…")
        #expect(ComparedText.normalised("猫が好き") == "猫 が 好 き")
    }
}
