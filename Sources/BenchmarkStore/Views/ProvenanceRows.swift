/// A row of `provenance`.
public struct ProvenanceRow: Decodable, Hashable, Sendable {
    /// Run.
    public let runID: Int64
    /// Names the run by all that decides its results.
    public let runKey: String
    /// Name of the profile.
    public let profile: String
    /// SHA-256 of the profile's text.
    public let profileHash: String
    /// The profile as it was.
    public let profileText: String
    /// Seed of the run.
    public let seed: Int64
    /// Name of the base model.
    public let model: String
    /// Architecture of the base model.
    public let modelArchitecture: String
    /// Name of the model's file.
    public let modelFile: String
    /// SHA-256 of the model's file.
    public let modelSha256: String
    /// Size of the model's file.
    public let modelBytes: Int
    /// Number of weights of the model.
    public let modelParameters: Int
    /// Main quantisation of the model's file.
    public let modelFileType: String
    /// Name of the build.
    public let build: String
    /// Seed of the build.
    public let buildSeed: Int64
    /// Parameters of the build as JSON.
    public let buildParameters: String
    /// SHA-256 of the build's settings and examples.
    public let buildHash: String
    /// The build's corpora as a JSON list with name, version, title, licence, citation, origin, hash.
    public let corpora: String
    /// Version of Braid that ran it.
    public let braidVersion: String
    /// Commit of Braid's source; empty when unknown.
    public let commitHash: String
    /// The machine as JSON.
    public let machine: String
    /// Threads of the engine.
    public let threads: Int
    /// Processor.
    public let cpu: String
    /// Operating system.
    public let system: String
    /// Precision of the engine: `f32` or `int8`.
    public let precision: String
    /// Decoding parameters as JSON.
    public let decoding: String
    /// Start, ISO 8601 in UTC.
    public let startedAt: Timestamp
    /// End; nil while predictions are missing.
    public let finishedAt: Timestamp?
}

/// A row of `build_summary`.
public struct BuildSummaryRow: Decodable, Hashable, Sendable {
    /// Name of the build.
    public let build: String
    /// Setting, such as `summarize+translate/es`.
    public let setting: String
    /// Place of the setting in tables, from 0.
    public let settingPosition: Int
    /// `task` or `composition`.
    public let kind: SettingKind
    /// Family of the setting.
    public let family: String
    /// `train`, `validation` or `test`.
    public let split: Split
    /// Number of examples, each of another document.
    public let examples: Int
}

/// A row of `training`.
public struct TrainingRow: Decodable, Hashable, Sendable {
    /// Number of the adapter.
    public let adapterID: Int64
    /// Name of the base model.
    public let model: String
    /// Name of the build whose examples it saw.
    public let build: String
    /// Task or composition it was trained for.
    public let task: String
    /// What it is: `lora`, `learnable-calibration` and so on.
    public let kind: String
    /// Rank.
    public let rank: Int
    /// Alpha; the update is scaled by alpha / rank.
    public let alpha: Double
    /// Seed of the training.
    public let seed: Int64
    /// SHA-256 over all that decides the weights.
    public let recipeHash: String
    /// SHA-256 of the weights file.
    public let sha256: String
    /// Number of trained weights.
    public let parameters: Int
    /// Size of the weights file.
    public let bytes: Int
    /// Examples seen.
    public let trainExamples: Int
    /// Tokens seen.
    public let trainTokens: Int
    /// Optimiser steps.
    public let steps: Int
    /// Time of the training.
    public let seconds: Double
    /// Loss of the first step, nats an answer token.
    public let firstLoss: Double
    /// Loss of the last step.
    public let lastLoss: Double
    /// Loss on the validation split; nil when not measured.
    public let validationLoss: Double?
    /// End of the training, ISO 8601 in UTC.
    public let createdAt: Timestamp
}
