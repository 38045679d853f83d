import TextMetrics
import Testing

@Suite("Texts most like another")
struct TextSimilarityTests {
    private let texts = [
        "the bus was late", "the cat sat on the mat", "the train was late", "a late bus, again: the bus!", "",
    ]

    @Test(
        "share rare words",
        arguments: [
            ("Is the bus late?", [0, 3, 2]), ("THE MAT", [1, 0, 2]), ("train", [2, 0, 1]),
        ])
    func ranking(_ question: String, _ expected: [Int]) {
        #expect(TextSimilarity(texts).nearest(3, to: question) == expected)
    }

    @Test("of equally similar ones, also of those with nothing in common, the earlier come first")
    func ties() {
        #expect(TextSimilarity(["b", "a b", "b a", "a b"]).nearest(4, to: "a b") == [1, 2, 3, 0])
        #expect(TextSimilarity(texts).nearest(9, to: "…") == [0, 1, 2, 3, 4])
        #expect(TextSimilarity([]).nearest(2, to: "a").isEmpty)
    }
}
