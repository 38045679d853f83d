import SeededRandom
import TextMetrics

/// The computation behind a report: scores, plans and the shared sign flips of one run.
struct Comparison {
    /// Significance of every claim, after Holm's correction.
    static let alpha = 0.05
    /// The metric that leads in compositions of a main task.
    static func leadMetric(ofMain main: String) -> String { main == "reply" ? "rougeW" : "rougeL" }
    /// The metric that says whether an answer is in the right language.
    static let languageMetric = "language"

    let run: RunFacts
    let methods: [MethodFacts]
    let settings: [SettingFacts]
    let metrics: [MetricFacts]
    let book: ScoreBook
    let flips: SharedFlips
    let quantiles = TQuantiles()
    private let cells: [String: [String: CellFacts]]
    private let choice: SignatureChoice

    init(_ input: ReportInput, methods: [MethodFacts], flips: Int) {
        run = input.run
        self.methods = methods
        settings = input.settings
        book = input.book ?? ScoreBook(input.scores)
        choice = SignatureChoice(
            metrics: input.metrics, settings: input.settings, scoresBySetting: book.scoresBySetting)
        metrics = choice.metrics
        self.flips = SharedFlips(seed: input.run.seed, flips: flips)
        var cells: [String: [String: CellFacts]] = [:]
        for cell in input.cells { cells[cell.setting, default: [:]][cell.method] = cell }
        self.cells = cells
    }

    /// The families' names in the order of the build, with their settings.
    func familySettings() -> [(name: String, settings: [SettingFacts])] {
        var order: [String] = []
        for setting in settings where !order.contains(setting.family) { order.append(setting.family) }
        return order.map { name in (name, settings.filter { $0.family == name }) }
    }

    /// The signature of a metric that has the most scores in a family; numbers of different signatures are never mixed.
    func signature(of metric: String, in family: String) -> String? { choice.signature(of: metric, in: family) }

    /// The signatures that a family has scores of, by name of their metrics.
    func signatures(in family: String) -> [String] { choice.signatures(in: family) }

    /// How many answers are planned: a method that lacks a cell which others have misses all of that cell's answers.
    func expected(_ method: String, in settings: [String]) -> Int {
        settings.reduce(0) { sum, setting in
            let plans = cells[setting] ?? [:]
            return sum + (plans[method]?.expected ?? plans.values.map(\.expected).max() ?? 0)
        }
    }

    /// How many answers there are.
    func complete(_ method: String, in settings: [String]) -> Int {
        settings.reduce(0) { $0 + (cells[$1]?[method]?.complete ?? 0) }
    }

    func progress(_ families: [FamilyResult]) -> ReportProgress {
        var missing: [CellFacts] = []
        var unfinished: Set<String> = []
        for (family, settings) in familySettings() {
            let lead = families.first { $0.name == family }?.leadSignature ?? ""
            for setting in settings {
                for method in methods {
                    let expected = expected(method.name, in: [setting.name])
                    let made = complete(method.name, in: [setting.name])
                    // An answer that nobody scored is missing from every table as well.
                    let done = min(made, book.count(lead, of: method.name, in: [setting.name]))
                    guard done < expected else { continue }
                    missing.append(
                        CellFacts(method: method.name, setting: setting.name, expected: expected, complete: done))
                    unfinished.insert(method.name)
                }
            }
        }
        let names = settings.map(\.name)
        return ReportProgress(
            methodsDone: methods.count - unfinished.count, methods: methods.count,
            predictions: methods.reduce(0) { $0 + complete($1.name, in: names) },
            expected: methods.reduce(0) { $0 + expected($1.name, in: names) }, missing: missing,
            documents: documents(families))
    }

    private func documents(_ families: [FamilyResult]) -> Int {
        var documents: Set<Int32> = []
        for (family, settings) in familySettings() {
            guard let lead = families.first(where: { $0.name == family })?.leadSignature else { continue }
            for method in methods {
                documents.formUnion(book.documentMeans(lead, of: method.name, in: settings.map(\.name)).places)
            }
        }
        return documents.count
    }

    /// A mean as it is published.
    func published(_ estimate: MeanEstimate) -> ScoreEstimate {
        let interval = quantiles.interval(estimate)
        return ScoreEstimate(
            mean: Self.rounded(estimate.mean), standardError: estimate.standardError.map(Self.rounded),
            low: (interval?.lowerBound).map(Self.rounded), high: (interval?.upperBound).map(Self.rounded),
            documents: estimate.count)
    }

    /// A published estimate of one value a document; nil without values.
    func estimate(_ values: ScoreBook.Values) -> ScoreEstimate? { book.estimate(values).map(published) }

    /// Six decimals, so that the last bits of a sum, which differ between systems, are never published.
    static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
