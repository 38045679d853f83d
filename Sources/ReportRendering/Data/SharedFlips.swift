import SeededRandom
import TextMetrics

/// The random sign flips of a report, the same for all comparisons of as many clusters.
final class SharedFlips {
    private var tests: [Int: SignFlipTest] = [:]
    private var families: [FamilyKey: FamilyFlips] = [:]
    private let seed: UInt64
    private let flips: Int

    private struct FamilyKey: Hashable {
        let lead: String
        let settings: [String]
    }

    init(seed: Int64, flips: Int) {
        self.seed = UInt64(bitPattern: seed)
        self.flips = flips
    }

    private var generator: SeededGenerator { SeededGenerator(seed: seed, purpose: "report sign flips") }

    /// The two-sided p-value of "no difference".
    func pValue(_ sums: [Double]) -> Double {
        if let test = tests[sums.count] { return test.pValue(sums) }
        var generator = generator
        let test = SignFlipTest(documents: sums.count, flips: flips, using: &generator)
        tests[sums.count] = test
        return test.pValue(sums)
    }

    /// The two-sided p-value of "no difference" between two methods of a family whose flips were prepared, if they were.
    func pValue(_ sums: [Double], _ a: String, minus b: String, lead: String, settings: [String]) -> Double {
        let family = families[FamilyKey(lead: lead, settings: settings)]
        return family?.pValue(sums, a, minus: b) ?? pValue(sums)
    }

    /// Goes through the flips of all methods of a family, so that each pair costs next to nothing.
    ///
    /// A method that lacks a document which the first one has is left out: its pairs are tested one by one.
    func prepare(_ methods: [String], lead: String, settings: [String], in book: ScoreBook) {
        let key = FamilyKey(lead: lead, settings: settings)
        guard families[key] == nil, let first = methods.first else { return }
        let alike = methods.filter { book.haveSameDocuments(lead, first, $0, in: settings) }
        let columns = alike.map { book.clusterSums(book.documentMeans(lead, of: $0, in: settings)) }
        guard alike.count > 2, columns[0].count > SignFlipTest.exactLimit else { return }
        var generator = generator
        families[key] = FamilyFlips(
            places: Dictionary(uniqueKeysWithValues: alike.enumerated().map { ($1, $0) }),
            sums: FlippedSums(columns: columns, flips: flips, using: &generator))
    }
}

private struct FamilyFlips {
    let places: [String: Int]
    let sums: FlippedSums

    func pValue(_ differences: [Double], _ a: String, minus b: String) -> Double? {
        guard let first = places[a], let second = places[b] else { return nil }
        return sums.pValue(differences, of: first, minus: second)
    }
}
