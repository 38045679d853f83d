import GRDB

/// One build of the benchmark: which corpora were made into which settings and splits, from which seed.
public struct BuildRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "builds"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Unique.
    public var name: String
    /// Seed of the splits.
    public var seed: Int64
    /// Sizes, shares and the like as canonical JSON.
    public var parameters: String
    /// SHA-256 over settings and examples, lower-case hex.
    public var contentHash: String
    /// Version of Braid that built it.
    public var braidVersion: String
    /// When, ISO 8601 in UTC.
    public var builtAt: Timestamp

    /// A build; `parameters` must be JSON text and `contentHash` 64 hex digits.
    public init(
        id: Int64 = 0, name: String, seed: Int64, parameters: String = "{}", contentHash: String,
        braidVersion: String = BraidVersion.current, builtAt: Timestamp = .now()
    ) {
        self.id = id
        self.name = name
        self.seed = seed
        self.parameters = parameters
        self.contentHash = contentHash
        self.braidVersion = braidVersion
        self.builtAt = builtAt
    }
}

/// Whether a setting asks for one task or for two at once.
public enum SettingKind: String, Codable, CaseIterable, Sendable, DatabaseValueConvertible {
    case task
    case composition
}

/// What the target of a setting is.
public enum TargetKind: String, Codable, CaseIterable, Sendable, DatabaseValueConvertible {
    case language
    case tone
}

/// A task or composition with its target, such as `translate/es` or `summarize+rewrite/witty`.
public struct SettingRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "settings"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its build.
    public var buildID: Int64
    /// Unique in the build, such as `summarize+translate/es`.
    public var name: String
    /// `task` or `composition`.
    public var kind: SettingKind
    /// The name without its target, such as `summarize+translate`; `translate` for the task `translate/es`.
    public var family: String
    /// The main task, such as `summarize`; for a task its own name.
    public var main: String
    /// The auxiliary task with its target, such as `translate/es`; nil for a task.
    public var auxiliary: String?
    /// `language` or `tone`; NULL without a target.
    public var targetKind: TargetKind?
    /// Language code or tone, such as `es`.
    public var target: String?
    /// The target for people, such as `Spanish`.
    public var targetLabel: String?
    /// The words that follow the input in the prompt.
    public var instruction: String
    /// Place of the setting in tables, from 0.
    public var position: Int

    /// A setting; the store fills in `buildID`.
    public init(
        id: Int64 = 0, buildID: Int64 = 0, name: String, kind: SettingKind, family: String, main: String,
        auxiliary: String? = nil, targetKind: TargetKind? = nil, target: String? = nil, targetLabel: String? = nil,
        instruction: String, position: Int
    ) {
        self.id = id
        self.buildID = buildID
        self.name = name
        self.kind = kind
        self.family = family
        self.main = main
        self.auxiliary = auxiliary
        self.targetKind = targetKind
        self.target = target
        self.targetLabel = targetLabel
        self.instruction = instruction
        self.position = position
    }
}

/// Which part of the benchmark an example belongs to.
public enum Split: String, Codable, CaseIterable, Sendable, DatabaseValueConvertible {
    case train
    case validation
    case test
}

/// One question of a setting with its reference answer.
///
/// The prompt is `input`, an empty line, and the setting's instruction.
public struct ExampleRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "examples"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its build.
    public var buildID: Int64
    /// Its setting.
    public var settingID: Int64
    /// Unique in the setting.
    public var documentID: Int64
    /// `train`, `validation` or `test`.
    public var split: Split
    /// Input.
    public var input: String
    /// Reference answer.
    public var reference: String
    /// Who wrote the reference: `project`, `person` or `model:<name>`.
    public var referenceOrigin: String
    /// Order within the setting and split, from 0.
    public var position: Int
    /// Names the group of near-duplicates that the document belongs to; such a group lies in one split of the build.
    public var cluster: String

    /// An example; the store fills in `buildID` and `settingID`.
    public init(
        id: Int64 = 0, buildID: Int64 = 0, settingID: Int64 = 0, documentID: Int64, split: Split, input: String,
        reference: String, referenceOrigin: String, position: Int, cluster: String
    ) {
        self.id = id
        self.buildID = buildID
        self.settingID = settingID
        self.documentID = documentID
        self.split = split
        self.input = input
        self.reference = reference
        self.referenceOrigin = referenceOrigin
        self.position = position
        self.cluster = cluster
    }
}

/// One reference of an example beyond the first, which is in the example itself.
public struct FurtherReferenceRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "further_references"

    /// Its example.
    public var exampleID: Int64
    /// Place among the example's references, from 1.
    public var position: Int
    /// The reference answer.
    public var text: String
    /// Who wrote it: `project`, `person`, `post-edited` or `model:<name>`.
    public var origin: String

    /// A further reference; the store fills in `exampleID` and `position`.
    public init(exampleID: Int64 = 0, position: Int = 0, text: String, origin: String) {
        self.exampleID = exampleID
        self.position = position
        self.text = text
        self.origin = origin
    }
}

/// A document of a build's corpora that was left out of it.
public struct BuildExclusionRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "build_exclusions"

    /// Its build.
    public var buildID: Int64
    /// Unique in the build.
    public var documentID: Int64
    /// Why, naming the document that was kept instead.
    public var reason: String

    /// A document that was left out; the store fills in `buildID`.
    public init(buildID: Int64 = 0, documentID: Int64, reason: String) {
        self.buildID = buildID
        self.documentID = documentID
        self.reason = reason
    }
}

/// Two documents of a build that share a text, or nearly do.
public struct DuplicatePairRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "duplicate_pairs"

    /// Its build.
    public var buildID: Int64
    /// One document.
    public var firstID: Int64
    /// The other document.
    public var secondID: Int64
    /// What is alike: `spoken` (the documents), `sources` (summaries or replies), `crossed` (one of each).
    public var texts: String
    /// How alike they are, 0…1.
    public var similarity: Double

    /// A pair; the store fills in `buildID`.
    public init(buildID: Int64 = 0, firstID: Int64, secondID: Int64, texts: String, similarity: Double) {
        self.buildID = buildID
        self.firstID = firstID
        self.secondID = secondID
        self.texts = texts
        self.similarity = similarity
    }
}
