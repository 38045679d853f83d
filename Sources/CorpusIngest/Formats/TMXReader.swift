import TextMetrics

/// One unit of a translation memory, as the file has it.
struct TMXUnit {
    /// A text in one language.
    struct Text {
        /// The BCP 47 code in its usual spelling; empty where the file gives none.
        let language: String
        /// The text, without inline codes.
        let text: String
    }

    /// Its id in the file.
    let id: String?
    /// The language that it was written in; nil where the file leaves that open.
    let writtenIn: String?
    /// The line that it begins in.
    let line: Int
    /// The texts, in order.
    var texts: [Text] = []
    /// What was odd about it.
    var irregularities: Set<Irregularity> = []
}

/// Reads the units of a translation memory one by one.
final class TMXReader {
    private let xml: XMLReader
    private var headerLanguage: String?

    // TMX 1.4, section "Inline elements": native codes of the tool that wrote the file.
    private static let nativeCodes: Set<String> = ["bpt", "ept", "it", "ph", "ut"]

    init(_ file: SourceFile) throws(CorpusError) { xml = try XMLReader(file) }

    /// How many bytes were taken from the file so far.
    var bytesTaken: Int { xml.bytesTaken }

    /// The next unit; nil at the end.
    func next() throws(CorpusError) -> TMXUnit? {
        while let event = try xml.next() {
            switch event {
            case .start("header"): headerLanguage = try xml.attribute("srclang")
            case .start("tu"): return try unit()
            default: continue
            }
        }
        return nil
    }

    private func unit() throws(CorpusError) -> TMXUnit {
        let id = try xml.attribute("tuid")
        let own = try xml.attribute("srclang")
        let written = own ?? headerLanguage
        var unit = TMXUnit(
            id: id.flatMap { $0.isEmpty ? nil : $0 },
            writtenIn: written.flatMap { $0 == "*all*" || $0.isEmpty ? nil : LanguageTag.canonical($0) },
            line: xml.line)
        var language = ""
        let start = xml.bytesTaken
        while let event = try xml.next() {
            try xml.check(since: start)
            switch event {
            case .end("tu"): return unit
            case .start("tuv"):
                // TMX 1.1 called it `lang`.
                let (code, old) = (try xml.attribute("xml:lang"), try xml.attribute("lang"))
                language = LanguageTag.canonical(code ?? old ?? "")
            case .start("seg"):
                let text = try segment(&unit, since: start)
                unit.texts.append(TMXUnit.Text(language: language, text: text))
            case .start("prop"), .start("note"): _ = try xml.innerText()
            default: continue
            }
        }
        return unit
    }

    /// The text of a `seg`, which has just begun.
    private func segment(_ unit: inout TMXUnit, since start: Int) throws(CorpusError) -> String {
        var text = ""
        var depth = 1
        /// The depth that the native code at hand stands at; nil outside of one.
        var code: Int?
        var isAfterCode = false
        while let event = try xml.next() {
            try xml.check(since: start)
            switch event {
            case .start(let name):
                depth += 1
                unit.irregularities.insert(.inlineMarkup)
                if code != nil, name == "sub" { unit.irregularities.insert(.subFlow) }
                if code == nil, Self.nativeCodes.contains(name) { code = depth }
            case .end:
                if code == depth {
                    code = nil
                    isAfterCode = true
                }
                depth -= 1
                if depth == 0 { return text }
            case .text(let part) where code == nil:
                // `Press <ph/> now` leaves one blank, not two.
                let isDoubled = isAfterCode && (text.isEmpty || text.hasSuffix(" ")) && part.hasPrefix(" ")
                text += isDoubled ? part.dropFirst() : part[...]
                isAfterCode = false
            case .text: continue
            }
        }
        return text
    }
}
