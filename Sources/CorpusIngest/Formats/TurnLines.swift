import BenchmarkStore

/// Reads dialogues that are written as lines, `Name: words`.
///
/// Blank lines are left out, and lines without a speaker go on with the turn before them; both are noted.
struct TurnLines: Sendable {
    /// A line taken apart.
    struct TaggedLine {
        /// Who speaks.
        let speaker: Substring
        /// What follows the colon, with its blanks.
        let words: Substring
        /// What was odd about the tag.
        var oddities: [Irregularity] = []
    }

    /// Takes a line apart; nil for one without a speaker.
    let tagged: @Sendable (Substring) -> TaggedLine?
    /// Whether a line without a speaker is no speech at all, such as a stage direction.
    var isAside: @Sendable (Substring) -> Bool = { _ in false }

    /// Lines that begin with any name: the first colon ends it, unless it belongs to a web address.
    static let names = TurnLines(tagged: { line in
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let speaker = line[..<colon]
        let words = line[line.index(after: colon)...]
        if words.hasPrefix("//") || speaker.isEmpty && !words.isEmpty { return nil }
        return TaggedLine(speaker: speaker, words: words)
    })

    /// The turns of a dialogue; none, and a fault, where there are no words or no line has a speaker.
    func turns(of raw: String, at key: String, fields: inout FieldReader) -> [Turn] {
        var found: [(speaker: String, words: String)] = []
        var lines = raw.linesAtLineFeeds.map { line in
            guard line.utf8.last == 0x0D else { return line }
            fields.note(.lineEnds)
            return Substring(line.utf8.dropLast())
        }
        let filled = lines.firstIndex { !$0.isBlank }.map { first in
            first...(lines.lastIndex { !$0.isBlank } ?? first)
        }
        guard let filled else {
            fields.note(.empty, at: key, "\(key) is empty: write it or take the record out")
            return []
        }
        if filled.count < lines.count { fields.note(.outerBlanks) }
        lines = Array(lines[filled])
        for line in lines {
            if line.isBlank {
                fields.note(.blankLines)
            } else if let tagged = tagged(line) {
                for oddity in tagged.oddities { fields.note(oddity) }
                found.append((CorpusText.cleaned(String(tagged.speaker)), String(tagged.words)))
            } else if isAside(line) {
                fields.note(.aside)
            } else if let last = found.indices.last {
                fields.note(.untaggedLine)
                found[last].words += " " + CorpusText.cleaned(String(line))
            } else {
                fields.note(.lineBeforeTurns)
            }
        }
        if found.isEmpty { fields.note(.badValue, at: key, "\(key) holds no turn: no line begins with a speaker") }
        let turns: [Turn] = found.enumerated().compactMap { index, turn in
            // The blank behind the colon belongs to the form.
            let words = turn.words.utf8.first == 0x20 ? String(turn.words.utf8.dropFirst()) ?? turn.words : turn.words
            guard let text = fields.optional(words, at: "\(key), turn \(index + 1)", oneLine: true) else {
                fields.note(.emptyTurn)
                return nil
            }
            return Turn(speaker: turn.speaker, text: text)
        }
        if turns.isEmpty, !found.isEmpty {
            fields.note(.empty, at: key, "\(key) holds no words: all of its turns are empty")
        }
        return turns
    }
}

extension String {
    /// The text between line feeds, empty lines included.
    ///
    /// (`split` on the UTF-8 view was a twentieth of the time of an ingest of dialogues.)
    fileprivate var linesAtLineFeeds: [Substring] {
        var text = self
        var ends = text.withUTF8 { bytes in bytes.indices.filter { bytes[$0] == 0x0A } }
        ends.append(text.utf8.count)
        var start = text.startIndex
        return ends.map { end in
            let index = text.utf8.index(text.startIndex, offsetBy: end)
            defer { if index < text.endIndex { start = text.utf8.index(after: index) } }
            return text[start..<index]
        }
    }
}

extension Substring {
    /// Whether there is nothing but white space.
    var isBlank: Bool {
        // Most lines begin with a letter, and to ask Unicode about it is slow.
        if let first = utf8.first, (0x21...0x7E).contains(first) { return false }
        return allSatisfy(\.isWhitespace)
    }
}

extension Irregularity {
    /// Blank lines stand between turns.
    static let blankLines = Irregularity(
        "blank-lines", "blank lines between turns were left out", changesText: true)
    /// A line of a dialogue has no speaker.
    static let untaggedLine = Irregularity(
        "untagged-line", "a line without a speaker was joined to the turn before it", changesText: true)
    /// A line without a speaker stands before the first turn.
    static let lineBeforeTurns = Irregularity(
        "line-before-turns", "a line without a speaker before the first turn was left out", changesText: true)
    /// A line of a dialogue is a stage direction or an ornament.
    static let aside = Irregularity("aside", "a stage direction or ornament was left out", changesText: true)
}
