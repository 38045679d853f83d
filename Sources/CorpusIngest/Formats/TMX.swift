import BenchmarkStore
import TextMetrics

/// Translation memories, TMX 1.4: sentences in any languages, each unit with its id.
public struct TMX: SourceFormat {
    public static let about = FormatDescription(
        name: "tmx", title: "Translation memory, TMX 1.1 to 1.4", yields: "sentences with translations, any languages",
        layout: """
            A `tmx` document whose `body` holds units, `<tu tuid="…">`, each with a text a language, \
            `<tuv xml:lang="…"><seg>…</seg></tuv>`. The unit's `tuid` is the sentence's key. A code without region stands for \
            every one of its language: `--language en` takes `en-US`, and a translation in `es-419` is kept as `es-419` \
            unless `--languages` asks for `es`. Several texts of one language are several references. Native codes (`bpt`, \
            `ept`, `it`, `ph`, `ut`, and a `sub` in them) are no text and are left out; highlighted words (`hi`) stay. Files \
            whose names differ by language alone (`all.en-fr.tmx`, `all.en-es.tmx`) are joined on `tuid`.
            """)

    private let options: SourceOptions

    public init(_ options: SourceOptions) { self.options = options }

    public static func recognises(_ probe: FileProbe) -> Bool { probe.xmlRoot == "tmx" }

    public static func units(
        among files: [SourceFile], _ options: SourceOptions
    ) throws(CorpusError) -> [SourceUnit] {
        try TMXUnits.units(among: files, source: options.language ?? "en", options)
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        TMXUnits.targets(of: units, source: options.language ?? "en")
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        try TMXSentences(unit, source: options.language ?? "en", options).read(into: sink)
    }
}

/// The translation memories of TICO-19: COVID-19 texts in English with translations into many languages.
public struct TICO19: SourceFormat {
    public static let about = FormatDescription(
        name: "tico19", title: "TICO-19 translation memories, TMX", yields: "sentences with translations, by people",
        layout: """
            `all.en-<language>.tmx`, laid out as the format `tmx` says; given together, the files are joined on `tuid`.
            """,
        dataset: DatasetFacts(
            name: "tico19", version: "2021-02-25",
            description: "English sentences about COVID-19 from six sources, translated by professionals.",
            licence: "CC0-1.0",
            citation:
                "Anastasopoulos et al. TICO-19: the Translation Initiative for COvid-19. NLP-COVID19 at EMNLP 2020."))

    private let options: SourceOptions

    public init(_ options: SourceOptions) { self.options = options }

    public static func recognises(_ probe: FileProbe) -> Bool {
        // The first unit tells it from other memories of that name.
        probe.name.hasPrefix("all.en-") && probe.name.hasSuffix(".tmx")
            && String(decoding: probe.head, as: UTF8.self).contains("tuid=\"CMU_1:1\"") && TMX.recognises(probe)
    }

    public static func units(
        among files: [SourceFile], _ options: SourceOptions
    ) throws(CorpusError) -> [SourceUnit] { try TMX.units(among: files, options) }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        TMX.targets(of: units, options)
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        try TMX(options).read(unit, into: sink)
    }
}

extension Irregularity {
    /// Native codes were taken out of a text.
    static let inlineMarkup = Irregularity(
        "inline-markup", "inline codes were taken out of a text; highlighted words stay", changesText: true)
    /// A text inside an inline code was left out.
    static let subFlow = Irregularity(
        "sub-flow", "a text inside an inline code (sub) was left out", changesText: true)
    /// Files that are joined have different source texts under one id.
    static let sourceDiffers = Irregularity(
        "source-differs", "joined files write the source text differently; the first file's is kept")
    /// There are several source texts.
    static let severalSources = Irregularity(
        "several-sources", "a unit has several texts in the source language; the first is kept")
    /// The source text is itself a translation.
    static let otherDirection = Irregularity(
        "other-direction", "the file says that the unit was written in another language than the source language")
    /// A language's regional code was taken for the language.
    static let regionalText = Irregularity(
        "regional-text", "a text in a regional variety is kept under the code without region that was asked for")
    /// A language that the corpus does not name.
    static let unlistedLanguage = Irregularity(
        "unlisted-language",
        "a text in a language that the file's first units lack was left out; --languages takes it")
    /// A unit lacks one of the languages.
    static let missingLanguage = Irregularity("missing-language", "a unit lacks a text in one of the languages")
}
