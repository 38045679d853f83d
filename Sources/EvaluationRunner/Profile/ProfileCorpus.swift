import BenchmarkStore

/// A corpus as a profile names it: where it lies and, for formats that do not tell, where its texts come from.
public struct ProfileCorpus: Sendable, Equatable, Decodable {
    /// A target language.
    public struct Language: Sendable, Equatable, Decodable {
        /// BCP 47 code.
        public var code: String
        /// English name; nil for ICU's.
        public var name: String?
    }

    /// A tone.
    public struct Tone: Sendable, Equatable, Decodable {
        /// Name, such as `witty`.
        public var name: String
        /// The words for prompts, such as `in a witty tone`.
        public var instruction: String
    }

    /// Files and folders, relative to the working folder; together they are one corpus.
    public var paths: [String]
    /// The format's name; nil to find it by looking.
    public var format: String?
    /// Name of the corpus.
    public var name: String?
    /// Version of the corpus.
    public var version: String?
    /// Title of one line.
    public var title: String?
    /// One sentence on what it holds.
    public var description: String?
    /// SPDX identifier of the licence.
    public var licence: String?
    /// How to cite it.
    public var citation: String?
    /// BCP 47 code of the source text.
    public var language: String?
    /// Target languages.
    public var languages: [Language]?
    /// Tones.
    public var tones: [Tone]?
    /// Who wrote the references.
    public var origin: String?
    /// The split of all records.
    public var split: Split?
    /// The kind of documents that a mapping makes.
    public var kind: DocumentKind?
    /// `last` or `every`.
    public var replies: String?
    /// What a column or key holds: `summary: highlights`.
    public var columns: [String: String]?
    /// Whether tokenised text is taken back into plain text.
    public var detokenise: Bool?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case paths, path, format, name, version, title, description, licence, citation, language, languages, tones,
            origin, split, kind, replies, columns, detokenise
    }

    /// Reads an entry; `path` stands for `paths` with one path.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let path = try values.decodeIfPresent(String.self, forKey: .path) {
            paths = [path]
        } else {
            paths = try values.decode([String].self, forKey: .paths)
        }
        format = try values.decodeIfPresent(String.self, forKey: .format)
        name = try values.decodeIfPresent(String.self, forKey: .name)
        version = try values.decodeIfPresent(String.self, forKey: .version)
        title = try values.decodeIfPresent(String.self, forKey: .title)
        description = try values.decodeIfPresent(String.self, forKey: .description)
        licence = try values.decodeIfPresent(String.self, forKey: .licence)
        citation = try values.decodeIfPresent(String.self, forKey: .citation)
        language = try values.decodeIfPresent(String.self, forKey: .language)
        languages = try values.decodeIfPresent([Language].self, forKey: .languages)
        tones = try values.decodeIfPresent([Tone].self, forKey: .tones)
        origin = try values.decodeIfPresent(String.self, forKey: .origin)
        split = try values.choice(.split)
        kind = try values.choice(.kind)
        replies = try values.decodeIfPresent(String.self, forKey: .replies)
        columns = try values.decodeIfPresent([String: String].self, forKey: .columns)
        detokenise = try values.decodeIfPresent(Bool.self, forKey: .detokenise)
    }
}

extension KeyedDecodingContainer<ProfileCorpus.CodingKeys> {
    /// One of a few words, if the key is there; another word is answered with those that are known.
    fileprivate func choice<Value: RawRepresentable<String> & CaseIterable>(_ key: Key) throws -> Value? {
        guard let word = try decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let known = Value(rawValue: word) else {
            let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "must be one of \(words), not \"\(word)\"")
        }
        return known
    }
}
