/// A row of `leaderboard`.
public struct LeaderboardRow: Decodable, Hashable, Sendable {
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
    /// Family of settings, such as `summarize+translate`.
    public let family: String
    /// Short name of the metric, such as `rougeL`.
    public let metric: String
    /// The metric's exact variant; numbers of two signatures are not compared.
    public let signature: String
    /// Number of documents behind the mean.
    public let documents: Int
    /// Number of clusters of near-duplicates; degrees of freedom are one less.
    public let clusters: Int
    /// Mean over the documents, on the metric's scale.
    public let mean: Double
    /// Standard error of the mean with documents clustered; nil for fewer than two clusters.
    public let standardError: Double?
    /// Settings of the family in which the method has all its predictions.
    public let cellsComplete: Int
    /// Settings of the family that any method of the run has.
    public let cellsExpected: Int
}

/// A row of `by_setting`.
public struct SettingScoreRow: Decodable, Hashable, Sendable {
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
    /// Place of the setting in tables, from 0.
    public let settingPosition: Int
    /// Family of the setting, such as `summarize+translate`.
    public let family: String
    /// `language` or `tone`; nil for a task without a target.
    public let targetKind: TargetKind?
    /// Language code or name of the tone.
    public let target: String?
    /// The target for people, such as `Spanish`.
    public let targetLabel: String?
    /// Short name of the metric, such as `rougeL`.
    public let metric: String
    /// The metric's exact variant; numbers of two signatures are not compared.
    public let signature: String
    /// Number of documents behind the mean.
    public let documents: Int
    /// Number of clusters of near-duplicates; degrees of freedom are one less.
    public let clusters: Int
    /// Mean over the documents, on the metric's scale.
    public let mean: Double
    /// Standard error of the mean with documents clustered; nil for fewer than two clusters.
    public let standardError: Double?
    /// Predictions that the cell has.
    public let predictions: Int
    /// Predictions that were planned for the cell.
    public let expected: Int
}

/// A row of `by_language` or `by_tone`.
public struct TargetScoreRow: Decodable, Hashable, Sendable {
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
    /// Code of the target language.
    public let target: String
    /// The language for people.
    public let targetLabel: String?
    /// Short name of the metric, such as `rougeL`.
    public let metric: String
    /// The metric's exact variant; numbers of two signatures are not compared.
    public let signature: String
    /// Number of main tasks (strata): `summarize`, `reply`.
    public let mainTasks: Int
    /// Number of documents behind the mean.
    public let documents: Int
    /// Number of clusters of near-duplicates.
    public let clusters: Int
    /// Mean of the main tasks' means over documents, on the metric's scale.
    public let mean: Double
    /// Root of the sum of the main tasks' squared errors, over their number; nil where one is nil.
    public let standardError: Double?
}

/// A row of `paired_differences`.
public struct PairedDifferenceRow: Decodable, Hashable, Sendable {
    /// Run; see `provenance`.
    public let runID: Int64
    /// Family of settings, such as `summarize+translate`.
    public let family: String
    /// Short name of the metric, such as `rougeL`.
    public let metric: String
    /// The metric's exact variant; numbers of two signatures are not compared.
    public let signature: String
    /// The one method.
    public let methodA: String
    /// The other method; each pair stands in both orders.
    public let methodB: String
    /// Documents with an example that both methods answered.
    public let documents: Int
    /// Number of clusters of near-duplicates; degrees of freedom are one less.
    public let clusters: Int
    /// Mean over documents of the mean of a − b over their settings.
    public let meanDifference: Double
    /// Standard error of that mean with documents clustered; nil for under two clusters.
    public let standardError: Double?
}

/// A row of `efficiency`.
public struct EfficiencyRow: Decodable, Hashable, Sendable {
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
    /// Number of settings the means are over.
    public let cells: Int
    /// Parameters beyond the base model and the single-task adapters, for a setting.
    public let extraParameters: Double
    /// Those parameters as a percentage of the base model's.
    public let percentOfBase: Double?
    /// Bytes to store for a setting.
    public let compositionBytes: Double
    /// Generations for one answer.
    public let passes: Double
    /// Tokens of compositional data trained on for a setting.
    public let trainingTokens: Double
    /// Time of that training for a setting.
    public let trainingSeconds: Double
    /// Sets of parameters tried for a setting; a search that serves several settings counts once.
    public let searchEvaluations: Double
    /// Tokens that the model read in those searches, for a setting.
    public let searchTokens: Double
    /// Time of those searches for a setting.
    public let searchSeconds: Double
    /// Time for an answer; nil before the first prediction.
    public let secondsPerExample: Double?
    /// Tokens written for an answer; nil before the first prediction.
    public let generatedTokens: Double?
}

/// A row of `chosen_parameters`.
public struct ChosenParametersRow: Decodable, Hashable, Sendable {
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
    /// Place of the setting in tables, from 0.
    public let settingPosition: Int
    /// Number of the search.
    public let searchID: Int64
    /// What shares the choice.
    public let scope: SearchScope
    /// Name of that setting or family; empty for the whole run.
    public let unit: String
    /// Cells of the method in the run that share the search.
    public let cells: Int
    /// The split of the search's examples.
    public let split: Split
    /// Examples that each evaluation looked at.
    public let examples: Int
    /// Sets of parameters that were tried, counted once for all cells; nil before the first.
    public let evaluations: Int?
    /// Tokens that the model read in the search, once for all cells.
    public let tokens: Int?
    /// Time of the search, once for all cells.
    public let seconds: Double?
    /// The chosen parameters as JSON; nil while the search goes on.
    public let parameters: String?
    /// Their loss, nats an answer token, without a penalty.
    public let loss: Double?
}
