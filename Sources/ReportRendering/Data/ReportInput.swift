/// What a report reads from the store: the rows of one run, nothing computed yet.
package struct ReportInput: Sendable {
    package var run: RunFacts
    package var methods: [MethodFacts]
    package var settings: [SettingFacts]
    package var cells: [CellFacts]
    package var metrics: [MetricFacts]
    /// Scores row by row, where there is no `book`.
    package var scores: [ScoreFacts]
    /// The scores that are needed document by document, and the means of all others.
    package var book: ScoreBook?
    package var costs: [CostFacts]
    package var examples: [OutputFacts]
    package var references: [ReferenceFacts]
    package var measurements: Measurements?

    package init(
        run: RunFacts, methods: [MethodFacts] = [], settings: [SettingFacts] = [], cells: [CellFacts] = [],
        metrics: [MetricFacts] = [], scores: [ScoreFacts] = [], book: ScoreBook? = nil, costs: [CostFacts] = [],
        examples: [OutputFacts] = [], references: [ReferenceFacts] = [], measurements: Measurements? = nil
    ) {
        self.run = run
        self.methods = methods
        self.settings = settings
        self.cells = cells
        self.metrics = metrics
        self.scores = scores
        self.book = book
        self.costs = costs
        self.examples = examples
        self.references = references
        self.measurements = measurements
    }
}

/// A method of the run.
public struct MethodFacts: Hashable, Sendable, Codable {
    /// The registered name, unique in a run.
    public var name: String
    /// The name for people.
    public var title: String
    /// `sanity`, `no adapter`, `one adapter`, `costly reference`, `data-free merge` or `learned`.
    public var family: String
    /// Place in the register.
    public var position: Int

    package init(name: String, title: String, family: String, position: Int) {
        self.name = name
        self.title = title
        self.family = family
        self.position = position
    }

    /// Whether it is a check of the scores rather than a contestant.
    public var isSanity: Bool { family == "sanity" }
}

/// A setting that the run evaluates.
public struct SettingFacts: Hashable, Sendable, Codable {
    /// Such as `summarize+translate/es`.
    public var name: String
    /// The name without its target.
    public var family: String
    /// The main task.
    public var main: String
    /// `language`, `tone` or nil.
    public var targetKind: String?
    /// Language code or tone.
    public var target: String?
    /// The target for people.
    public var targetLabel: String?
    /// What the prompt asks.
    public var instruction: String

    package init(
        name: String, family: String, main: String, targetKind: String? = nil, target: String? = nil,
        targetLabel: String? = nil, instruction: String = ""
    ) {
        self.name = name
        self.family = family
        self.main = main
        self.targetKind = targetKind
        self.target = target
        self.targetLabel = targetLabel
        self.instruction = instruction
    }
}

/// How far one method is on one setting.
public struct CellFacts: Hashable, Sendable, Codable {
    /// The method's name.
    public var method: String
    /// The setting's name.
    public var setting: String
    /// Predictions planned.
    public var expected: Int
    /// Predictions made.
    public var complete: Int

    package init(method: String, setting: String, expected: Int, complete: Int) {
        self.method = method
        self.setting = setting
        self.expected = expected
        self.complete = complete
    }
}

/// A metric in one exact variant.
public struct MetricFacts: Hashable, Sendable, Codable {
    /// Says the variant completely.
    public var signature: String
    /// Short name.
    public var name: String
    /// `higher` or `lower`: which end is good.
    public var direction: String
    /// `0-100` or `0-1`.
    public var scale: String
    /// One sentence.
    public var description: String

    package init(signature: String, name: String, direction: String, scale: String, description: String = "") {
        self.signature = signature
        self.name = name
        self.direction = direction
        self.scale = scale
        self.description = description
    }
}

/// One metric of one prediction.
package struct ScoreFacts: Hashable, Sendable {
    package var method: String
    package var setting: String
    package var document: Int64
    package var cluster: String
    package var signature: String
    package var value: Double

    package init(
        method: String, setting: String, document: Int64, cluster: String, signature: String, value: Double
    ) {
        self.method = method
        self.setting = setting
        self.document = document
        self.cluster = cluster
        self.signature = signature
        self.value = value
    }
}

/// How many references of a setting's planned examples one writer wrote.
public struct ReferenceFacts: Hashable, Sendable, Codable {
    /// The setting's name.
    public var setting: String
    /// `project`, `person`, `post-edited` or `model:<name>`.
    public var origin: String
    /// How many examples have it as their first reference, and how many further references there are.
    public var first, further: Int

    package init(setting: String, origin: String, first: Int, further: Int = 0) {
        self.setting = setting
        self.origin = origin
        self.first = first
        self.further = further
    }
}

/// What a method costs, over its cells of the run.
public struct CostFacts: Hashable, Sendable, Codable {
    /// The method's name.
    public var method: String
    /// Parameters beyond the base model and the single-task adapters.
    public var extraParameters: Double?
    /// The same in per cent of the base model's parameters.
    public var percentOfBase: Double?
    /// Bytes to store for one composition.
    public var compositionBytes: Double?
    /// Generations for one answer.
    public var passes: Double?
    /// Tokens of compositional data trained on.
    public var trainingTokens: Double?
    /// Sets of parameters that were searched through; a search that serves several settings counts once.
    public var searchEvaluations: Double?
    /// Tokens that the model read in those searches.
    public var searchTokens: Double?
    /// Tokens generated.
    public var generatedTokens: Double?

    package init(
        method: String, extraParameters: Double? = nil, percentOfBase: Double? = nil, compositionBytes: Double? = nil,
        passes: Double? = nil, trainingTokens: Double? = nil, searchEvaluations: Double? = nil,
        searchTokens: Double? = nil, generatedTokens: Double? = nil
    ) {
        self.method = method
        self.extraParameters = extraParameters
        self.percentOfBase = percentOfBase
        self.compositionBytes = compositionBytes
        self.passes = passes
        self.trainingTokens = trainingTokens
        self.searchEvaluations = searchEvaluations
        self.searchTokens = searchTokens
        self.generatedTokens = generatedTokens
    }
}

/// One answer that is shown side by side with the others.
package struct OutputFacts: Hashable, Sendable {
    package var method: String
    package var setting: String
    package var documentKey: String
    package var input: String
    package var instruction: String
    package var reference: String
    package var referenceOrigin: String
    package var furtherReferences: [ExampleGroup.Reference]
    package var output: String
    package var intermediate: String?
    package var finish: String

    package init(
        method: String, setting: String, documentKey: String, input: String, instruction: String, reference: String,
        referenceOrigin: String, furtherReferences: [ExampleGroup.Reference] = [], output: String,
        intermediate: String? = nil, finish: String = "stop"
    ) {
        self.method = method
        self.setting = setting
        self.documentKey = documentKey
        self.input = input
        self.instruction = instruction
        self.reference = reference
        self.referenceOrigin = referenceOrigin
        self.furtherReferences = furtherReferences
        self.output = output
        self.intermediate = intermediate
        self.finish = finish
    }
}
