/// A row of `leaderboard`.
public struct LeaderboardRow: Decodable, Hashable, Sendable {
    public let runID: Int64
    public let method, methodTitle, methodFamily: String
    public let methodPosition: Int
    public let family, metric, signature: String
    public let documents, clusters: Int
    public let mean: Double
    /// nil for fewer than two clusters.
    public let standardError: Double?
    public let cellsComplete, cellsExpected: Int
}

/// A row of `by_setting`.
public struct SettingScoreRow: Decodable, Hashable, Sendable {
    public let runID: Int64
    public let method, methodTitle, methodFamily: String
    public let methodPosition: Int
    public let setting: String
    public let settingPosition: Int
    public let family: String
    public let targetKind: TargetKind?
    public let target, targetLabel: String?
    public let metric, signature: String
    public let documents, clusters: Int
    public let mean: Double
    /// nil for fewer than two clusters.
    public let standardError: Double?
    public let predictions, expected: Int
}

/// A row of `by_language` or `by_tone`.
public struct TargetScoreRow: Decodable, Hashable, Sendable {
    public let runID: Int64
    public let method, methodTitle, methodFamily: String
    public let methodPosition: Int
    public let target: String
    public let targetLabel: String?
    public let metric, signature: String
    /// Number of strata: 2 where both summaries and replies were scored.
    public let mainTasks: Int
    public let documents, clusters: Int
    public let mean: Double
    /// nil where a stratum has fewer than two clusters.
    public let standardError: Double?
}

/// A row of `efficiency`.
public struct EfficiencyRow: Decodable, Hashable, Sendable {
    public let runID: Int64
    public let method, methodTitle, methodFamily: String
    public let methodPosition: Int
    public let cells: Int
    public let extraParameters: Double
    public let percentOfBase: Double?
    public let compositionBytes, passes, trainingTokens, trainingSeconds: Double
    public let secondsPerExample, generatedTokens: Double?
}

/// A row of `paired_differences`.
public struct PairedDifferenceRow: Decodable, Hashable, Sendable {
    public let runID: Int64
    public let family, metric, signature, methodA, methodB: String
    public let documents, clusters: Int
    public let meanDifference: Double
    /// nil for fewer than two clusters.
    public let standardError: Double?
}

/// A row of `outputs`.
public struct OutputRow: Decodable, Hashable, Sendable {
    public let runID: Int64
    public let method, methodTitle, methodFamily: String
    public let methodPosition: Int
    public let setting, family, main: String
    public let auxiliary: String?
    public let targetKind: TargetKind?
    public let target, targetLabel: String?
    public let split: Split
    public let corpus: String
    public let document: Int64
    public let cluster, documentKey, topic, input, instruction, reference, referenceOrigin, output: String
    public let intermediate: String?
    public let promptTokens, generatedTokens: Int
    public let finish: FinishReason
    public let seconds: Double
    public let predictionID, exampleID: Int64
}

/// A row of `example_scores`.
public struct ExampleScoreRow: Decodable, Hashable, Sendable {
    public let runID: Int64
    public let method, methodTitle, methodFamily: String
    public let methodPosition: Int
    public let setting, family, main: String
    public let auxiliary: String?
    public let targetKind: TargetKind?
    public let target, targetLabel: String?
    public let split: Split
    public let corpus: String
    public let document: Int64
    public let cluster, documentKey: String
    public let predictionID, exampleID: Int64
    public let metric, signature: String
    public let value: Double
}

/// A row of `document_scores`.
public struct DocumentScoreRow: Decodable, Hashable, Sendable {
    public let runID: Int64
    public let method, family, metric, signature: String
    public let document: Int64
    public let cluster: String
    public let settings: Int
    public let value: Double
}

/// A row of `provenance`.
public struct ProvenanceRow: Decodable, Hashable, Sendable {
    public let runID: Int64
    public let runKey, profile, profileHash, profileText: String
    public let seed: Int64
    public let model, modelArchitecture, modelFile, modelSha256: String
    public let modelBytes, modelParameters: Int
    public let modelFileType, build: String
    public let buildSeed: Int64
    public let buildParameters, buildHash: String
    /// JSON list of objects with name, version, title, licence, citation, origin, content_hash.
    public let corpora: String
    public let braidVersion, commitHash, machine: String
    public let threads: Int
    public let cpu, system, precision, decoding: String
    public let startedAt: Timestamp
    /// nil while predictions are missing.
    public let finishedAt: Timestamp?
}

/// A row of `build_summary`.
public struct BuildSummaryRow: Decodable, Hashable, Sendable {
    public let build, setting: String
    public let settingPosition: Int
    public let kind: SettingKind
    public let family: String
    public let split: Split
    public let examples: Int
}

/// A row of `training`.
public struct TrainingRow: Decodable, Hashable, Sendable {
    public let adapterID: Int64
    public let model, build, task, kind: String
    public let rank: Int
    public let alpha: Double
    public let seed: Int64
    public let recipeHash, sha256: String
    public let parameters, bytes, trainExamples, trainTokens, steps: Int
    public let seconds, firstLoss, lastLoss: Double
    public let validationLoss: Double?
    public let createdAt: Timestamp
}
