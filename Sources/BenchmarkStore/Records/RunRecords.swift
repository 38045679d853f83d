import GRDB

/// A method with its parameters; the same method with other parameters is another row.
public struct MethodRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "methods"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// The registered name, such as `ties`; unique together with `parameters`.
    public var name: String
    /// The name for people, such as `TIES`.
    public var title: String
    /// `sanity`, `no adapter`, `one adapter`, `costly reference`, `data-free merge`,
    /// `search without gradients` or `learned`.
    public var family: String
    /// The paper it comes from.
    public var reference: String
    /// Hyper-parameters as canonical JSON.
    public var parameters: String
    /// Place of the method in tables, from 0.
    public var position: Int

    /// A method as the register and the profile describe it.
    public init(
        id: Int64 = 0, name: String, title: String, family: String, reference: String = "", parameters: String = "{}",
        position: Int
    ) {
        self.id = id
        self.name = name
        self.title = title
        self.family = family
        self.reference = reference
        self.parameters = parameters
        self.position = position
    }
}

/// One evaluation of a profile, with everything that is needed to do it again.
public struct RunRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "runs"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Names the run by all that decides its results, so that running again resumes; unique.
    public var runKey: String
    /// Name of the profile.
    public var profileName: String
    /// SHA-256 of the profile's text, lower-case hex.
    public var profileHash: String
    /// The profile as it was.
    public var profileText: String
    /// Base model.
    public var modelID: Int64
    /// Build.
    public var buildID: Int64
    /// Seed.
    public var seed: Int64
    /// Version of Braid.
    public var braidVersion: String
    /// The commit of the source, empty when unknown.
    public var commitHash: String
    /// The machine as canonical JSON.
    public var machine: String
    /// Threads of the engine.
    public var threads: Int
    /// Processor.
    public var cpu: String
    /// Operating system.
    public var system: String
    /// `f32` or `int8`.
    public var precision: String
    /// Decoding parameters as canonical JSON.
    public var decoding: String
    /// Start, ISO 8601 in UTC.
    public var startedAt: Timestamp
    /// nil while the run is not complete.
    public var finishedAt: Timestamp?

    /// A run that starts now, unless said otherwise.
    public init(
        id: Int64 = 0, runKey: String, profileName: String, profileHash: String, profileText: String, modelID: Int64,
        buildID: Int64, seed: Int64, braidVersion: String = BraidVersion.current, commitHash: String = "",
        machine: String = "{}", threads: Int, cpu: String = "", system: String = "", precision: String,
        decoding: String = "{}", startedAt: Timestamp = .now(), finishedAt: Timestamp? = nil
    ) {
        self.id = id
        self.runKey = runKey
        self.profileName = profileName
        self.profileHash = profileHash
        self.profileText = profileText
        self.modelID = modelID
        self.buildID = buildID
        self.seed = seed
        self.braidVersion = braidVersion
        self.commitHash = commitHash
        self.machine = machine
        self.threads = threads
        self.cpu = cpu
        self.system = system
        self.precision = precision
        self.decoding = decoding
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }
}

/// The work of one method on one setting within a run, and what it costs.
public struct CellRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "cells"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its run.
    public var runID: Int64
    /// Its method.
    public var methodID: Int64
    /// Its setting.
    public var settingID: Int64
    /// Adapter that was trained for this cell; NULL for none.
    public var adapterID: Int64?
    /// Parameters beyond the base model and the single-task adapters.
    public var extraParameters: Int
    /// What must be stored for this composition.
    public var compositionBytes: Int
    /// Generations for one answer.
    public var passes: Int
    /// Tokens of compositional data that the method trained on.
    public var trainingTokens: Int
    /// Time of that training.
    public var trainingSeconds: Double
    /// Examples planned: the first so many of the setting's split by position.
    public var expected: Int
    /// Search that chose the parameters; NULL for none.
    public var searchID: Int64?

    /// A planned cell; its costs may be stored later with `saveCell`.
    public init(
        id: Int64 = 0, runID: Int64, methodID: Int64, settingID: Int64, adapterID: Int64? = nil,
        extraParameters: Int = 0, compositionBytes: Int = 0, passes: Int = 1, trainingTokens: Int = 0,
        trainingSeconds: Double = 0, expected: Int, searchID: Int64? = nil
    ) {
        self.id = id
        self.runID = runID
        self.methodID = methodID
        self.settingID = settingID
        self.adapterID = adapterID
        self.extraParameters = extraParameters
        self.compositionBytes = compositionBytes
        self.passes = passes
        self.trainingTokens = trainingTokens
        self.trainingSeconds = trainingSeconds
        self.expected = expected
        self.searchID = searchID
    }
}
