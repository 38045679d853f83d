import BenchmarkStore

/// One turn of a conversation with its translations.
struct SpokenTurn: Sendable {
    /// The turn in another language.
    struct Translation: Sendable {
        /// BCP 47 code.
        let language: String
        /// The words.
        let text: String
        /// Who wrote them; nil for whoever wrote the corpus's references.
        var origin: String?
    }

    /// Who speaks.
    let speaker: String
    /// The words in the source language.
    let text: String
    /// The words in other languages, in the source's order; several of one language are several references.
    var translations: [Translation] = []
}

/// Makes documents of a conversation: what was said, and the turn that replies to it.
///
/// A reply begins at a change of speaker. If its speaker goes on in further turns, they are joined with a blank, and so are
/// their translations into a language that all of them have.
struct ReplyMaker: Sendable {
    /// Which turns become replies.
    let replies: SourceOptions.Replies

    /// The documents; none, and a fault, where nobody replies.
    ///
    /// The document has the conversation's key; where every change of speaker makes one, the number of the reply's first
    /// turn, from 1, follows behind a hyphen.
    func documents(
        of turns: [SpokenTurn], key: String, topic: String = "", split: Split? = nil, fields: inout FieldReader
    ) -> [CorpusDocument] {
        let starts = turns.indices.filter { $0 == 0 || turns[$0].speaker != turns[$0 - 1].speaker }
        if starts.count < turns.count { fields.note(.sameSpeakerTwice) }
        guard starts.count >= 2 else {
            fields.note(.badValue, at: "turns", "there is no reply in it: nobody speaks after another")
            return []
        }
        let spoken = turns.map { Turn(speaker: $0.speaker, text: $0.text) }
        let chosen = replies == .last ? [starts.count - 1] : Array(1..<starts.count)
        return chosen.map { place in
            let start = starts[place]
            let end = place + 1 < starts.count ? starts[place + 1] : turns.count
            return CorpusDocument(
                kind: .conversation, key: replies == .last ? key : "\(key)-\(start + 1)", topic: topic,
                turns: Array(spoken[..<start]), speaker: turns[start].speaker,
                versions: Self.versions(of: turns[start..<end]), split: split, file: fields.file, line: fields.line,
                number: fields.number ?? 1)
        }
    }

    /// The reply that some turns in a row make, source first.
    private static func versions(of turns: ArraySlice<SpokenTurn>) -> [CorpusVersion] {
        var versions = [CorpusVersion(role: .reply, text: turns.map(\.text).joined(separator: " "))]
        var languages: [String] = []
        for translation in turns.flatMap(\.translations) where !languages.contains(translation.language) {
            languages.append(translation.language)
        }
        for language in languages {
            let byTurn = turns.map { turn in turn.translations.filter { $0.language == language } }
            for index in 0..<(byTurn.map(\.count).min() ?? 0) {
                let parts = byTurn.map { $0[index] }
                // A text that a model wrote in part is a model's.
                let origin = parts.first { $0.origin?.hasPrefix("model:") == true }?.origin ?? parts[0].origin
                versions.append(
                    CorpusVersion(
                        role: .reply, variantKind: .language, variant: language,
                        text: parts.map(\.text).joined(separator: " "), origin: origin))
            }
        }
        return versions
    }
}
