import GRDB

/// What one choice of parameters is for: one setting, a family of settings, or the whole run.
public enum SearchScope: String, Codable, Sendable, Hashable, CaseIterable {
    /// Each setting has its own choice.
    case setting
    /// The settings of a family share one.
    case family
    /// All settings of the run share one.
    case run
}

/// A search for a method's parameters without gradients, known by its model and recipe.
public struct SearchRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "searches"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its base model.
    public var modelID: Int64
    /// The build whose examples it looked at.
    public var buildID: Int64
    /// SHA-256 over all that decides what is found; unique for the model, so that nothing is searched twice.
    public var recipeHash: String
    /// Name of the method.
    public var method: String
    /// What shares the choice.
    public var scope: SearchScope
    /// Name of the setting or family; empty for the whole run.
    public var unit: String
    /// The split that its examples are of, never `test`.
    public var split: Split
    /// Examples that each evaluation looks at.
    public var examples: Int
    /// The most evaluations.
    public var budget: Int
    /// The recipe as canonical JSON.
    public var recipe: String
    /// Number of the chosen evaluation; nil while the search goes on.
    public var chosen: Int?
    /// When it began, ISO 8601 in UTC.
    public var createdAt: Timestamp

    /// A search that begins now, unless said otherwise.
    public init(
        id: Int64 = 0, modelID: Int64, buildID: Int64, recipeHash: String, method: String, scope: SearchScope,
        unit: String, split: Split, examples: Int, budget: Int, recipe: String, chosen: Int? = nil,
        createdAt: Timestamp = .now()
    ) {
        self.id = id
        self.modelID = modelID
        self.buildID = buildID
        self.recipeHash = recipeHash
        self.method = method
        self.scope = scope
        self.unit = unit
        self.split = split
        self.examples = examples
        self.budget = budget
        self.recipe = recipe
        self.chosen = chosen
        self.createdAt = createdAt
    }
}

/// One set of parameters that a search tried.
public struct SearchEvaluationRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "search_evaluations"

    /// Search.
    public var searchID: Int64
    /// From 0, in the order in which they were tried.
    public var number: Int
    /// The parameters as canonical JSON.
    public var parameters: String
    /// Mean negative log-likelihood of the references, nats an answer token; nil where it is no finite number.
    public var loss: Double?
    /// What the search adds to the loss to compare evaluations.
    public var penalty: Double
    /// Tokens that the model read.
    public var tokens: Int
    /// Wall-clock time of the evaluation.
    public var seconds: Double

    /// An evaluation.
    public init(
        searchID: Int64 = 0, number: Int, parameters: String, loss: Double?, penalty: Double = 0, tokens: Int,
        seconds: Double
    ) {
        self.searchID = searchID
        self.number = number
        self.parameters = parameters
        self.loss = loss
        self.penalty = penalty
        self.tokens = tokens
        self.seconds = seconds
    }
}
