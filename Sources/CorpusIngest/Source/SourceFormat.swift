import BenchmarkStore

/// How one kind of source file is recognised and read.
///
/// A format is a small type in a file of its own under `Formats/`, and is listed in `FormatRegister`. It says what it
/// looks like, which files belong together, and turns each record into documents; cleaning, counting, hashing, parallel
/// work and storing are done for it.
public protocol SourceFormat: Sendable {
    /// What people are told about the format.
    static var about: FormatDescription { get }

    /// Whether a file is of this format, by its name and first bytes.
    static func recognises(_ probe: FileProbe) -> Bool

    /// The files that are read together, each group a unit; `files` are those that were recognised, or all that were given
    /// where the user named the format.
    static func units(among files: [SourceFile], _ options: SourceOptions) throws(CorpusError) -> [SourceUnit]

    /// The languages and tones that these units offer beyond the source text.
    static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets

    /// A reader of units.
    init(_ options: SourceOptions)

    /// Reads a unit and hands every record to the sink.
    ///
    /// - Throws: `CorpusError.unreadable` where the file as a whole cannot be read. What is wrong with a record goes to the
    ///   sink with that record.
    func read(_ unit: SourceUnit, into sink: RecordSink) throws
}

extension SourceFormat {
    /// One unit a file, in the order given, with the split that its name tells.
    public static func units(
        among files: [SourceFile], _ options: SourceOptions
    ) throws(CorpusError) -> [SourceUnit] {
        files.map { SourceUnit($0, split: options.split ?? SplitName.split(inNameOf: $0)) }
    }

    /// No languages and tones.
    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets { SourceTargets() }
}

/// What people are told about a format, and what is known about a data set that has one of its own.
public struct FormatDescription: Sendable {
    /// The name for `--format`: lower-case letters, digits and hyphens.
    public let name: String
    /// What it is, one line: `DialogSum JSON Lines`.
    public let title: String
    /// What it yields, a few words: `dialogues, 1 or 3 summaries`.
    public let yields: String
    /// What the files look like, a few sentences of Markdown for the documentation.
    public let layout: String
    /// What is known about the data set; nil for formats that any corpus may be in.
    public let dataset: DatasetFacts?

    /// A description.
    public init(name: String, title: String, yields: String, layout: String, dataset: DatasetFacts? = nil) {
        self.name = name
        self.title = title
        self.yields = yields
        self.layout = layout
        self.dataset = dataset
    }
}

/// Provenance of a known data set: used where the user says nothing else.
public struct DatasetFacts: Hashable, Sendable {
    /// Name for the corpus: lower-case letters, digits and hyphens.
    public let name: String
    /// Version, as its authors give it or by the date of the release.
    public let version: String
    /// One sentence on what it holds.
    public let description: String
    /// SPDX identifier of its licence.
    public let licence: String
    /// How to cite it.
    public let citation: String
    /// BCP 47 code of the source text.
    public let language: String
    /// Who wrote the references: `person`, `post-edited` (a person corrected a machine) or `model:<name>`.
    public let origin: String

    /// Facts about a data set.
    public init(
        name: String, version: String, description: String, licence: String, citation: String, language: String = "en",
        origin: String = "person"
    ) {
        self.name = name
        self.version = version
        self.description = description
        self.licence = licence
        self.citation = citation
        self.language = language
        self.origin = origin
    }
}

/// A file as a format looks at it before it says whether it knows it.
public struct FileProbe: Sendable {
    /// The file.
    public let file: SourceFile
    /// Its first bytes, unpacked, at most 64 KiB; of a collection those of its first member.
    public let head: [UInt8]

    /// The name without folders and `.gz`.
    public var name: String { file.name }
    /// Whether `head` ends before the file does.
    public var isCut: Bool { head.count >= 1 << 16 }

    /// The first line without its end; nil where it is longer than the head.
    public var firstLine: String? {
        let body = head[...].withoutByteOrderMark
        guard let end = body.firstIndex(of: 0x0A) ?? (isCut ? nil : body.endIndex) else { return nil }
        let line = body[..<end]
        return String(validating: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
    }

    /// The keys of the JSON object in the first line; empty where there is none.
    public var firstObjectKeys: Set<String> {
        guard let line = firstLine, case .object(let members)? = try? JSONParser.parse(Array(line.utf8)[...]) else {
            return []
        }
        return Set(members.map(\.key))
    }
}

/// Files that are read together: most often one, several for line-aligned translations.
public struct SourceUnit: Hashable, Sendable {
    /// One of the files, and what it is among them.
    public struct Part: Hashable, Sendable {
        /// What the file is: a language code, or a name that the format gives; empty for a file alone.
        public let label: String
        /// The file.
        public let file: SourceFile

        /// A file with its label.
        public init(_ label: String, _ file: SourceFile) {
            self.label = label
            self.file = file
        }
    }

    /// The files, in the format's order.
    public let parts: [Part]
    /// The split that the source puts all of its records in; nil for none, or where records say it themselves.
    public let split: Split?

    /// A unit of one file.
    public init(_ file: SourceFile, split: Split? = nil) {
        parts = [Part("", file)]
        self.split = split
    }

    /// A unit of several files; at least one.
    public init(_ parts: [Part], split: Split? = nil) {
        precondition(!parts.isEmpty, "a unit has at least one file")
        self.parts = parts
        self.split = split
    }

    /// The first file, after which the unit is called.
    public var file: SourceFile { parts[0].file }

    /// The file of a label.
    public subscript(label: String) -> SourceFile? { parts.first { $0.label == label }?.file }
}

/// Languages and tones that a source offers beside its own text.
public struct SourceTargets: Hashable, Sendable {
    /// Languages with their English names.
    public var languages: [CorpusManifest.Language]
    /// Tones with their words for prompts.
    public var tones: [CorpusManifest.Tone]

    /// Targets, none by default.
    public init(languages: [CorpusManifest.Language] = [], tones: [CorpusManifest.Tone] = []) {
        self.languages = languages
        self.tones = tones
    }
}

/// What the user says about a source, from options, a profile or a manifest; nil where nothing was said.
public struct SourceOptions: Hashable, Sendable {
    /// Which turns of a conversation become replies.
    public enum Replies: String, CaseIterable, Hashable, Sendable {
        /// The last turn at a change of speaker: one document a conversation.
        case last
        /// Each turn at a change of speaker: several documents that begin alike and share their split.
        case every
    }

    /// The format's name.
    public var format: String?
    /// The corpus's name.
    public var name: String?
    /// Its version.
    public var version: String?
    /// A title of one line.
    public var title: String?
    /// One sentence on what it holds.
    public var description: String?
    /// SPDX identifier of the licence.
    public var licence: String?
    /// How to cite it.
    public var citation: String?
    /// BCP 47 code of the source text.
    public var language: String?
    /// Targets of translation; names may be left to ICU.
    public var languages: [CorpusManifest.Language]?
    /// Tones of the source's rewrites.
    public var tones: [CorpusManifest.Tone]?
    /// Who wrote the references.
    public var origin: String?
    /// The split of all records, where the files do not tell.
    public var split: Split?
    /// Which turns of a conversation become replies.
    public var replies: Replies = .last
    /// What a column or key holds, for formats with a mapping: `summary` → `highlights`.
    public var columns: [String: String] = [:]
    /// The kind of document that a mapping makes.
    public var kind: DocumentKind?
    /// Whether lower-cased, tokenised text has its escapes and blanks taken back, where a format is of such text.
    public var detokenise = false

    /// Options that say nothing.
    public init() {}
}

/// The split that a file's name tells.
public enum SplitName {
    /// `train`, `dev`, `valid`, `validation`, `val` or `test` as a word of the name; nil for names without one.
    public static func split(inNameOf file: SourceFile) -> Split? {
        let words = file.name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        for word in words {
            if let split = split(named: word) { return split }
        }
        return nil
    }

    /// The split that a word names.
    static func split(named word: String) -> Split? {
        switch word {
        case "train", "training": .train
        case "dev", "valid", "validation", "val": .validation
        case "test", "devtest", "test1": .test
        default: nil
        }
    }
}
