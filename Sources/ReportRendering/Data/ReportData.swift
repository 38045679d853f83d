/// Everything that a report shows of one run, computed and in order, without any layout.
///
/// The unit of every mean, interval and test is the document: a document's settings are averaged first, and near-duplicates
/// are one cluster. Scores are points of 0…100 unless their metric says otherwise, shares are 0…1.
public struct ReportData: Sendable, Hashable, Codable {
    /// The run and where its numbers come from.
    public var run: RunFacts
    /// The run's methods, in the order of the register.
    public var methods: [MethodFacts]
    /// The settings in the order of the build.
    public var settings: [SettingFacts]
    /// How far the run is.
    public var progress: ReportProgress
    /// The families of settings in the order of the build.
    public var families: [FamilyResult]
    /// The order in which tables list the contestants: by their mean place, incomplete ones last.
    public var order: [String]
    /// Mean recovery rates of the methods that have one, and why there are none.
    public var recovery: RecoveryResult
    /// What the methods cost, in the order of the register.
    public var costs: [CostFacts]
    /// What the learned calibrations gain over plain merges, by family.
    public var gains: [GainResult]
    /// Every metric that was found, by name and signature.
    public var metrics: [MetricFacts]
    /// Answers side by side.
    public var examples: [ExampleGroup]
    /// Who wrote the references of the planned examples, by setting.
    public var references: [ReferenceFacts]

    /// The facts of a method, nil for an unknown name.
    public func method(_ name: String) -> MethodFacts? { methods.first { $0.name == name } }

    /// The code of the language that the documents are in; nil without a corpus.
    public var sourceLanguage: String? { run.corpora.first?.language }

    /// The methods that only test the scores.
    public var sanity: [MethodFacts] { methods.filter(\.isSanity) }
}

/// How much of a run is done.
public struct ReportProgress: Sendable, Hashable, Codable {
    /// Methods with every prediction made and scored, and all methods of the run.
    public var methodsDone, methods: Int
    /// Predictions made, and planned.
    public var predictions, expected: Int
    /// Cells that miss predictions or scores.
    public var missing: [CellFacts]
    /// Different documents with a score.
    public var documents: Int

    /// Whether nothing is missing.
    public var isComplete: Bool { missing.isEmpty && methods > 0 }
}

/// A mean over documents.
public struct ScoreEstimate: Sendable, Hashable, Codable {
    /// The mean, and its standard error where more than one document (or cluster) tells it.
    public var mean: Double
    /// See `mean`.
    public var standardError: Double?
    /// The ends of the 95 % interval by Student's t.
    public var low, high: Double?
    /// How many documents.
    public var documents: Int

    /// The 95 % interval, nil where it is unknown.
    public var interval: ClosedRange<Double>? {
        guard let low, let high, low <= high else { return nil }
        return low...high
    }
}

/// One method in one family or setting.
public struct MethodScore: Sendable, Hashable, Codable {
    /// The method's name.
    public var method: String
    /// The lead metric; nil where nothing was scored.
    public var estimate: ScoreEstimate?
    /// The lead metric with 0 where the language is wrong; nil without language checks.
    public var conditional: ScoreEstimate?
    /// Share of judged answers in the right language, 0…1; nil without language checks.
    public var rightLanguage: ScoreEstimate?
    /// Scores that there are, and that were planned.
    public var scored, expected: Int
    /// First and last place that the method may hold; nil without ranks.
    public var bestRank, worstRank: Int?
    /// Whether it is shown to beat the copy of the input; nil where that cannot be said.
    public var beatsCopy: Bool?
    /// The means of every other metric, by signature.
    public var others: [String: ScoreEstimate]

    /// Whether all planned answers were scored.
    public var isComplete: Bool { expected > 0 && scored >= expected }
}

/// A family of settings, such as `summarize+translate`, with its targets.
public struct FamilyResult: Sendable, Hashable, Codable {
    /// The family's name and main task.
    public var name, main: String
    /// `language`, `tone` or nil.
    public var targetKind: String?
    /// The metric that leads, and its signature; empty where nothing was scored.
    public var leadMetric, leadSignature: String
    /// Documents with a score in this family.
    public var documents: Int
    /// Why there are no ranks; nil where there are.
    public var noRanks: String?
    /// The contestants by mean, incomplete ones last, then the sanity rows.
    public var scores: [MethodScore]
    /// Places in `scores` after which every row above beats every row below.
    public var separators: [Int]
    /// The least difference that a comparison of two methods would have shown.
    public var leastVisible: LeastVisible?
    /// The same by target, in the order of the build.
    public var targets: [TargetResult]

    /// The score of a method.
    public func score(of method: String) -> MethodScore? { scores.first { $0.method == method } }
}

/// One setting of a family.
public struct TargetResult: Sendable, Hashable, Codable {
    /// The setting's name, its target and how people call that.
    public var setting, target, label: String
    /// The methods as in the family.
    public var scores: [MethodScore]
    /// The least visible difference in this setting.
    public var leastVisible: LeastVisible?
    /// Documents with a score in this setting.
    public var documents: Int
    /// What the language check calls the language that answers should be in; nil where it is unknown.
    public var language: String?
    /// Whether the check knows that language; nil without language checks in the run.
    public var isLanguageJudged: Bool?

    /// The score of a method.
    public func score(of method: String) -> MethodScore? { scores.first { $0.method == method } }
}

/// The least true difference that would have been seen with 80 % power, in points.
public struct LeastVisible: Sendable, Hashable, Codable {
    /// For one comparison at 5 %, and for the first of all pairs as Holm corrects them.
    public var single, corrected: Double
    /// How many pairs Holm corrects for.
    public var pairs: Int
    /// How many clusters of documents.
    public var documents: Int
}

/// How much of the way from zero-shot to the joint expert the methods cover, over all families.
public struct RecoveryResult: Sendable, Hashable, Codable {
    /// The rates: 0 is zero-shot, 1 the joint expert.
    public var rates: [RecoveryEntry]
    /// Why there are none; nil where there are.
    public var absence: String?
}

/// One method's recovery rate.
public struct RecoveryEntry: Sendable, Hashable, Codable {
    /// The method's name.
    public var method: String
    /// The rate and the ends of its bootstrap interval.
    public var rate, low, high: Double
}

/// Paired differences between calibrations and plain merges in one family.
public struct GainResult: Sendable, Hashable, Codable {
    /// The family and its lead metric.
    public var family, metric: String
    /// One row a pair.
    public var rows: [GainEntry]
}

/// One calibration against one merge.
public struct GainEntry: Sendable, Hashable, Codable {
    /// The names of the two methods.
    public var calibration, merge: String
    /// Whether this merge has the highest mean of those compared.
    public var isBestMerge: Bool
    /// The mean of calibration − merge over documents.
    public var difference: ScoreEstimate
    /// The sign-flip p-value, as it is and after Holm over the table; nil with fewer than 6 documents.
    public var p, corrected: Double?
}

/// The answers of all contestants to one example.
public struct ExampleGroup: Sendable, Hashable, Codable {
    /// One method's answer.
    public struct Answer: Sendable, Hashable, Codable {
        /// The method's name.
        public var method: String
        /// The answer, and the first of two passes.
        public var output: String
        /// See `output`.
        public var intermediate: String?
        /// `stop`, `length` or `none`.
        public var finish: String
    }

    /// A reference beyond the first.
    public struct Reference: Sendable, Hashable, Codable {
        /// The reference and who wrote it.
        public var text, origin: String

        package init(text: String, origin: String) {
            self.text = text
            self.origin = origin
        }
    }

    /// The setting and the document.
    public var setting, document: String
    /// What was asked.
    public var input, instruction: String
    /// The reference and who wrote it.
    public var reference, referenceOrigin: String
    /// Further references, in their order.
    public var furtherReferences: [Reference]
    /// The answers in the order of the register.
    public var answers: [Answer]
}
