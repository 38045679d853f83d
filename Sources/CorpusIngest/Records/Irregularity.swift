/// Something about a record that a person should know: what was changed on the way in, or looks odd and was left.
public struct Irregularity: Hashable, Sendable {
    /// A short name, `[a-z0-9-]+`, such as `outer-blanks`.
    public let name: String
    /// What it is, in a few words for people.
    public let explanation: String
    /// Whether the stored text differs from the file's.
    public let changesText: Bool

    /// A kind of irregularity; a format has its own besides the general ones below.
    public init(_ name: String, _ explanation: String, changesText: Bool = false) {
        self.name = name
        self.explanation = explanation
        self.changesText = changesText
    }

    /// White space at the beginning or end of a text was taken off.
    public static let outerBlanks = Irregularity(
        "outer-blanks", "white space at an end of a text was taken off", changesText: true)
    /// CR LF or CR inside a text became LF.
    public static let lineEnds = Irregularity("line-ends", "CR in a text became LF", changesText: true)
    /// A text was brought into Unicode normal form C.
    public static let normalForm = Irregularity(
        "normal-form", "a text was brought into Unicode normal form C", changesText: true)
    /// A control character stands in a text.
    public static let controlCharacter = Irregularity("control-character", "a control character stands in a text")
    /// The trace of a wrong conversion, U+FFFD, or a byte order mark stands in a text.
    public static let wrongConversion = Irregularity(
        "wrong-conversion", "U+FFFD or U+FEFF stands in a text, the trace of a wrong conversion")
    /// A character without width stands in a text.
    public static let zeroWidth = Irregularity(
        "zero-width", "a character without width (U+200B, U+200C, U+200D, U+00AD) stands in a text")
    /// The same speaker has two turns in a row.
    public static let sameSpeakerTwice = Irregularity("same-speaker-twice", "one speaker has two turns in a row")
    /// A turn without words was left out.
    public static let emptyTurn = Irregularity("empty-turn", "a turn without words was left out", changesText: true)
    /// A reference is empty, so that the record has fewer than it could.
    public static let noReference = Irregularity("no-reference", "a reference is empty and was left out")
    /// Two references of a record are the same text.
    public static let sameReferences = Irregularity("same-references", "two references are the same text")
    /// A line break stands inside a text of one line.
    public static let lineBreak = Irregularity("line-break", "a line break stands inside a text")
    /// Brackets stand for something that was never filled in.
    public static let placeholder = Irregularity("placeholder", "a placeholder such as [name] was never filled in")
}

/// Irregularities of the records of one file, with the records that have them.
public struct IrregularityLog: Hashable, Sendable {
    /// The numbers of the records, from 1 and ascending, by irregularity.
    public private(set) var records: [Irregularity: [Int]] = [:]

    /// A log without entries.
    public init() {}

    /// Notes an irregularity of a record; once a record.
    public mutating func note(_ irregularity: Irregularity, record: Int) {
        if records[irregularity]?.last != record { records[irregularity, default: []].append(record) }
    }

    /// Adds the entries of records that come after those noted here.
    public mutating func append(_ other: IrregularityLog) {
        for (irregularity, numbers) in other.records { records[irregularity, default: []] += numbers }
    }

    /// The irregularities by name.
    public var kinds: [Irregularity] { records.keys.sorted { $0.name < $1.name } }
}
