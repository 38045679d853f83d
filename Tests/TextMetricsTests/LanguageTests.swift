import Foundation
import Testing
import TextMetrics

@Suite("Language identification")
struct LanguageTests {
    let identifier: LanguageIdentifier

    init() throws { identifier = try LanguageIdentifier(training: LanguageTrainingText.pairs) }

    @Test("Sentences on other matters are told apart", arguments: LanguageTrainingText.unseen)
    func unseen(language: String, text: String) throws {
        #expect(identifier.languages == ["de", "en", "es", "fr"])
        let detection = try #require(identifier.detect(text))
        #expect(detection.language == language)
        #expect(detection.margin > 0)
        #expect(identifier.report(text).outcome == .language(language))
        #expect(identifier.report(text).score(expected: language) == 1)
        #expect(identifier.report(text).score(expected: language == "en" ? "fr" : "en") == 0)
        #expect(identifier.detect(text.uppercased())?.language == language)
    }

    @Test("The normal form of accents does not matter")
    func normalForms() {
        let text = "Quelle journée étrange, déjà l'été est passé."
        let decomposed = text.decomposedStringWithCanonicalMapping
        #expect(Array(text.utf8) != Array(decomposed.utf8))
        #expect(identifier.detect(text) == identifier.detect(decomposed))
    }

    @Test("Text without known letters says nothing", arguments: ["", " ", "12:30", "…!?", "😀", "今天", "\r\n"])
    func nothingToSay(text: String) {
        #expect(identifier.detect(text) == nil)
        let report = identifier.report(text)
        #expect(report.outcome == .tooShort)
        #expect(report.score(expected: "en") == nil)
        #expect(report.share(of: "en") == nil)
    }

    @Test("A letter or two is too short to say", arguments: ["a", "de", "no 7"])
    func tooShort(text: String) {
        #expect(identifier.report(text).outcome == .tooShort)
    }

    @Test("Sentences in several languages are mixed, one in five is not")
    func mixed() {
        let english = "The old piano is still in the kitchen. "
        let german = "Das alte Klavier steht noch in der Küche. "
        let half = identifier.report(english + german)
        #expect(half.outcome == .mixed)
        #expect(half.sentences == ["en": 1, "de": 1])
        #expect(half.share(of: "de") == 0.5)
        #expect(half.score(expected: "en") == 0)
        let mostly = identifier.report(String(repeating: english, count: 4) + german)
        #expect(mostly.outcome == .language("en"))
        #expect(mostly.share(of: "en") == 0.8)
    }

    @Test("A copy of the source is told from an answer in the source's language")
    func copied() {
        let source =
            "Ben: The bakery was closed, so I walked to the station and bought rolls there.\nMia: Any butter?"
        let copy = "The bakery was closed, so I walked to the station and bought rolls there."
        #expect(identifier.report(copy, source: source).outcome == .copiedSource)
        #expect(identifier.report(copy, source: source).score(expected: "es") == 0)
        #expect(identifier.report(copy).outcome == .language("en"))
        let own = "Since the bakery had closed, Ben got the rolls at the station instead."
        #expect(identifier.report(own, source: source).outcome == .language("en"))
        let answer = "La panadería estaba cerrada y Ben compró los panecillos en la estación."
        #expect(identifier.report(answer, source: source).outcome == .language("es"))
        #expect(identifier.report("Did you?", source: "did you").outcome == .copiedSource)
        #expect(identifier.report("", source: "").outcome == .tooShort)
    }

    @Test(
        "Sentences end where they should",
        arguments: [
            ("", []), ("One", ["One"]), ("One. Two!  Three?", ["One.", "Two!", "Three?"]),
            ("He said \"no.\" Then left", ["He said \"no.\"", "Then left"]), ("3.5 metres", ["3.5 metres"]),
            ("今天。明天!后天", ["今天。", "明天!", "后天"]), ("a\r\nb\n\nc", ["a", "b", "c"]),
            ("Wait... what?!", ["Wait...", "what?!"]),
            ("。", ["。"]), ("هل أنت هنا؟نعم۔ لا.", ["هل أنت هنا؟", "نعم۔", "لا."]),
            ("चलो।अब", ["चलो।", "अब"]), ("လာပါ။သွားမယ်", ["လာပါ။", "သွားမယ်"]), ("ሰላም።ቻው", ["ሰላም።", "ቻው"]),
            ("「好！」佢話。走啦…好？去", ["「好！」", "佢話。", "走啦…", "好？", "去"]), ("v1.2!b a?b", ["v1.2!b a?b"]),
            ("什么?!走", ["什么?!", "走"]), ("他说“好。”走了", ["他说“好。”", "走了"]),
        ] as [(String, [String])])
    func sentences(text: String, expected: [String]) {
        #expect(SentenceSplitter.sentences(of: text) == expected)
    }

    @Test("The order of the training text does not matter, and the bytes read back")
    func serialization() throws {
        let other = try LanguageIdentifier(training: LanguageTrainingText.pairs.reversed())
        #expect(other == identifier)
        let bytes = identifier.serialized()
        #expect(other.serialized() == bytes)
        let read = try LanguageIdentifier(serialized: bytes)
        #expect(read == identifier)
        #expect(read.fingerprint == identifier.fingerprint)
        let text = LanguageTrainingText.unseen[0].text
        #expect(read.detect(text) == identifier.detect(text))
        let decoded = try JSONDecoder().decode(LanguageIdentifier.self, from: JSONEncoder().encode(identifier))
        #expect(decoded == identifier)
        #expect(identifier.signature().description.hasSuffix("|model:\(identifier.fingerprint)|version:braid-2"))
        #expect(try MetricSignature(parsing: identifier.signature().description) == identifier.signature())
        let fewer = try LanguageIdentifier(training: LanguageTrainingText.pairs.dropLast())
        #expect(fewer.fingerprint != identifier.fingerprint)
    }

    @Test("Damaged bytes are refused, wherever they are cut or changed")
    func damaged() {
        let bytes = identifier.serialized()
        for length in Array(0..<40) + stride(from: 40, to: bytes.count, by: 997) {
            let error = #expect(throws: TextMetricsError.self) {
                try LanguageIdentifier(serialized: Array(bytes[..<length]))
            }
            #expect(error?.code == .badLanguageModel)
        }
        #expect(throws: TextMetricsError.self) { try LanguageIdentifier(serialized: bytes + [0]) }
        // Any single changed byte is refused or gives some detector, and never stops the program.
        for place in stride(from: 5, to: bytes.count, by: 613) {
            var changed = bytes
            changed[place] ^= 0xFF
            _ = try? LanguageIdentifier(serialized: changed).detect("some words")
        }
    }

    @Test("Training that cannot work is refused")
    func badTraining() {
        let one = #expect(throws: TextMetricsError.self) {
            try LanguageIdentifier(training: [(language: "en", text: "a")])
        }
        #expect(one?.code == .badTraining)
        let silent = #expect(throws: TextMetricsError.self) {
            try LanguageIdentifier(training: [(language: "en", text: "a"), (language: "de", text: "12")])
        }
        #expect(silent?.key == "de")
    }
}
