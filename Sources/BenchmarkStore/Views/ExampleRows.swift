/// A row of `outputs`.
public struct OutputRow: Decodable, Hashable, Sendable {
    /// Run; see `provenance`.
    public let runID: Int64
    /// Registered name of the method, unique in the run.
    public let method: String
    /// Name of the method for people.
    public let methodTitle: String
    /// Family of the method, such as `data-free merge` or `learned`.
    public let methodFamily: String
    /// Place of the method in tables, from 0.
    public let methodPosition: Int
    /// Setting, such as `summarize+translate/es`.
    public let setting: String
    /// Family of the setting, such as `summarize+translate`.
    public let family: String
    /// Main task.
    public let main: String
    /// Auxiliary task with its target; nil for a single task.
    public let auxiliary: String?
    /// `language` or `tone`; nil for a task without a target.
    public let targetKind: TargetKind?
    /// Language code or name of the tone.
    public let target: String?
    /// The target for people, such as `Spanish`.
    public let targetLabel: String?
    /// `train`, `validation` or `test`.
    public let split: Split
    /// Name of the document's corpus.
    public let corpus: String
    /// Number of the document.
    public let document: Int64
    /// The document's cluster of near-duplicates.
    public let cluster: String
    /// Name of the document in its corpus.
    public let documentKey: String
    /// Topic of the document.
    public let topic: String
    /// Input of the example.
    public let input: String
    /// Instruction that follows the input in the prompt.
    public let instruction: String
    /// Reference answer.
    public let reference: String
    /// Who wrote the reference: `project`, `person` or `model:<name>`.
    public let referenceOrigin: String
    /// What the method answered.
    public let output: String
    /// First of two passes; nil otherwise.
    public let intermediate: String?
    /// Tokens read, over all passes.
    public let promptTokens: Int
    /// Tokens written, over all passes.
    public let generatedTokens: Int
    /// `stop`, `length` (the limit was reached) or `none` (nothing was generated).
    public let finish: FinishReason
    /// Time charged to this example.
    public let seconds: Double
    /// Number of the prediction.
    public let predictionID: Int64
    /// Number of the example; the same for all methods.
    public let exampleID: Int64
}

/// A row of `example_scores`.
public struct ExampleScoreRow: Decodable, Hashable, Sendable {
    /// Run; see `provenance`.
    public let runID: Int64
    /// Registered name of the method, unique in the run.
    public let method: String
    /// Name of the method for people.
    public let methodTitle: String
    /// Family of the method, such as `data-free merge` or `learned`.
    public let methodFamily: String
    /// Place of the method in tables, from 0.
    public let methodPosition: Int
    /// Setting, such as `summarize+translate/es`.
    public let setting: String
    /// Family of the setting, such as `summarize+translate`.
    public let family: String
    /// Main task.
    public let main: String
    /// Auxiliary task with its target; nil for a single task.
    public let auxiliary: String?
    /// `language` or `tone`; nil for a task without a target.
    public let targetKind: TargetKind?
    /// Language code or name of the tone.
    public let target: String?
    /// The target for people, such as `Spanish`.
    public let targetLabel: String?
    /// `train`, `validation` or `test`.
    public let split: Split
    /// Name of the document's corpus.
    public let corpus: String
    /// Number of the document.
    public let document: Int64
    /// The document's cluster of near-duplicates.
    public let cluster: String
    /// Name of the document in its corpus.
    public let documentKey: String
    /// Number of the prediction.
    public let predictionID: Int64
    /// Number of the example; the same for all methods.
    public let exampleID: Int64
    /// Short name of the metric, such as `rougeL`.
    public let metric: String
    /// The metric's exact variant; numbers of two signatures are not compared.
    public let signature: String
    /// The score on the metric's scale.
    public let value: Double
}

/// A row of `document_scores`.
public struct DocumentScoreRow: Decodable, Hashable, Sendable {
    /// Run; see `provenance`.
    public let runID: Int64
    /// Registered name of the method, unique in the run.
    public let method: String
    /// Family of settings, such as `summarize+translate`.
    public let family: String
    /// Short name of the metric, such as `rougeL`.
    public let metric: String
    /// The metric's exact variant; numbers of two signatures are not compared.
    public let signature: String
    /// Number of the document.
    public let document: Int64
    /// The document's cluster of near-duplicates.
    public let cluster: String
    /// Number of settings of the family in which the document was scored.
    public let settings: Int
    /// Mean of the score over those settings.
    public let value: Double
}
