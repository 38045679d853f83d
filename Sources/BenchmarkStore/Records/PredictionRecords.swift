import GRDB

/// Why a generation ended.
public enum FinishReason: String, Codable, CaseIterable, Sendable, DatabaseValueConvertible {
    /// The model ended its answer.
    case stop
    /// The limit of tokens was reached.
    case length
    /// Nothing was generated, as for the sanity rows.
    case none
}

/// What a method answered to one example.
public struct PredictionRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "predictions"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its cell.
    public var cellID: Int64
    /// Unique in the cell.
    public var exampleID: Int64
    /// The answer.
    public var text: String
    /// The first of two passes; nil otherwise.
    public var intermediate: String?
    /// Over all passes.
    public var promptTokens: Int
    /// Over all passes.
    public var generatedTokens: Int
    /// `stop`, `length` or `none`.
    public var finish: FinishReason
    /// Wall-clock time charged to this example: its share of its batch.
    public var seconds: Double
    /// When, ISO 8601 in UTC.
    public var createdAt: Timestamp

    /// An answer.
    public init(
        id: Int64 = 0, cellID: Int64, exampleID: Int64, text: String, intermediate: String? = nil,
        promptTokens: Int = 0, generatedTokens: Int = 0, finish: FinishReason, seconds: Double = 0,
        createdAt: Timestamp = .now()
    ) {
        self.id = id
        self.cellID = cellID
        self.exampleID = exampleID
        self.text = text
        self.intermediate = intermediate
        self.promptTokens = promptTokens
        self.generatedTokens = generatedTokens
        self.finish = finish
        self.seconds = seconds
        self.createdAt = createdAt
    }
}

/// Which end of a metric's scale is the good one.
public enum MetricDirection: String, Codable, CaseIterable, Sendable, DatabaseValueConvertible {
    case higher
    case lower
}

/// A metric in one exact variant, known by its signature.
public struct MetricRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "metrics"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Says the variant completely; numbers of different signatures are never compared.
    public var signature: String
    /// Short name, such as `rougeL`.
    public var name: String
    /// Which end is better: `higher` or `lower`.
    public var direction: MetricDirection
    /// `0-100` or `0-1`.
    public var scale: String
    /// What it measures.
    public var description: String

    /// A metric.
    public init(
        id: Int64 = 0, signature: String, name: String, direction: MetricDirection = .higher, scale: String = "0-100",
        description: String = ""
    ) {
        self.id = id
        self.signature = signature
        self.name = name
        self.direction = direction
        self.scale = scale
        self.description = description
    }
}

/// One metric of one prediction.
public struct ScoreRecord: StoredRecord {
    /// The view that shows the rows.
    public static let databaseTableName = "scores"

    /// Its prediction.
    public var predictionID: Int64
    /// Short name, such as `rougeL`.
    public var metric: String
    /// Unique in the prediction; must be in `metrics`.
    public var signature: String
    /// On the metric's own scale: 0…100 for text scores, 0 or 1 for the language check.
    public var value: Double

    /// A score; the store fills in `predictionID` when it is saved with its prediction.
    public init(predictionID: Int64 = 0, metric: String, signature: String, value: Double) {
        self.predictionID = predictionID
        self.metric = metric
        self.signature = signature
        self.value = value
    }
}
