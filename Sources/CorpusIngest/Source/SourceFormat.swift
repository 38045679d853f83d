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
