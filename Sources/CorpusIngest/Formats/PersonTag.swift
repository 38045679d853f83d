/// The speakers' tags of DialogSum and its translations: `#Person1#`.
enum PersonTag {
    /// Lines that begin with a tag and a colon.
    static let lines = TurnLines(tagged: { line in
        // By bytes: to look at characters is a good part of the time that DialogSum takes.
        let line = line.utf8.first == 0x23 ? line : line.drop(while: \.isWhitespace)
        guard line.utf8.first == 0x23, let end = line.utf8.dropFirst().firstIndex(of: 0x23) else { return nil }
        let colon = line.utf8.index(after: end)
        guard colon < line.endIndex, line.utf8[colon] == 0x3A else { return nil }
        let tagged = line[...end]
        let words = line[line.utf8.index(after: colon)...]
        var oddities: [Irregularity] = []
        if !isRegular(tagged) { oddities.append(.oddTag) }
        if let byte = words.utf8.first, byte != 0x20, words.first?.isWhitespace == false {
            oddities.append(.noBlankAfterColon)
        }
        return TurnLines.TaggedLine(speaker: tagged, words: words, oddities: oddities)
    })

    /// The tags in a text: a number sign, letters and digits, a number sign.
    static func tags(in text: String) -> [Substring] {
        var tags: [Substring] = []
        var rest = text[...]
        while let sign = rest.utf8.firstIndex(of: 0x23) {
            let inside = rest[rest.utf8.index(after: sign)...].prefix { $0.isLetter || $0.isNumber }
            if !inside.isEmpty, inside.endIndex < text.endIndex, text[inside.endIndex] == "#" {
                let end = text.index(after: inside.endIndex)
                tags.append(text[sign..<end])
                rest = text[end...]
            } else {
                rest = text[inside.endIndex...]
            }
        }
        return tags
    }

    /// Whether a tag is `#Person`, a number and `#`.
    static func isRegular(_ tag: Substring) -> Bool {
        let number = tag.utf8.dropFirst(7).dropLast()
        return tag.utf8.starts(with: "#Person".utf8) && tag.utf8.last == 0x23 && !number.isEmpty
            && number.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Notes tags of a summary that are written otherwise.
    static func check(_ text: String, _ fields: inout FieldReader) {
        if tags(in: text).contains(where: { !isRegular($0) }) { fields.note(.oddTag) }
    }
}

extension Irregularity {
    /// A speaker's tag is not written as the others are.
    static let oddTag = Irregularity("odd-tag", "a speaker's tag is not of the form #Person1#; it was left so")
    /// The blank after a speaker's colon is missing.
    static let noBlankAfterColon = Irregularity(
        "no-blank-after-colon", "the blank after a speaker's colon was missing", changesText: true)
}
