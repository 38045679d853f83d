import CKernels

/// A rule that thins out one update, ready to go over its entries once, in their order, whole rows at a time.
struct EntryPruner {
    private enum Rule {
        case all, nothing
        case range(MagnitudeRange)
        case random(probability: Double, divisor: Float)
        /// One probability for each rank, the smallest entry first.
        case rowRank([Double], divides: Bool)
    }

    private var rule: Rule
    private let inputs: Int
    private var ranking: RowRanking
    /// The probabilities of ranks as `PruningDraws` compares them, and room for its work.
    private var limits: [UInt64] = []
    private var divisors: [Float] = []
    private var room: [UInt32] = []
    /// What the kept entries are multiplied by.
    private var factor: Float = 1
    private(set) var draws: PruningDraws

    /// Looks through the update as far as the rule needs it.
    init(_ pruning: UpdatePruning, rescaling: Rescaling, of source: some EntrySource, draws: PruningDraws) {
        self.init(inputs: source.inputs, draws: draws)
        guard pruning.density < 1 else { return }
        if let places = pruning.places(of: source.count) {
            keep(places, of: source)
        } else if case .random(let density) = pruning {
            rule = .random(probability: density, divisor: rescaling == .paper ? Float(density) : 1)
        } else if case .rowRank(let density, let epsilon) = pruning {
            let probabilities = (0..<inputs).map { rank in
                density - epsilon + (inputs > 1 ? Double(rank) / Double(inputs - 1) : 0.5) * 2 * epsilon
            }
            rule = .rowRank(probabilities, divides: rescaling == .paper)
            divisors = probabilities.map { rescaling == .paper ? Float($0) : 1 }
            limits = probabilities.map { UInt64(($0 * 0x1p53).rounded(.up)) }
            room = Array(repeating: 0, count: inputs + 2 * Int(CK_RANK_BUCKETS))
            ranking = RowRanking(length: inputs)
        }
        if rescaling == .l1 { factor = rescalingFactor(source) }
    }

    /// Keeps the entries at some places in the order of magnitudes, from the largest.
    init(places: Range<Int>, of source: some EntrySource) {
        self.init(inputs: source.inputs, draws: PruningDraws(mask: []))
        keep(places, of: source)
    }

    private init(inputs: Int, draws: PruningDraws) {
        rule = .all
        self.inputs = inputs
        self.draws = draws
        ranking = RowRanking(length: 0)
    }

    private mutating func keep(_ places: Range<Int>, of source: some EntrySource) {
        guard !places.isEmpty else {
            rule = .nothing
            return
        }
        guard places.count < source.count else { return }
        let sample = source.sample()
        var last = MagnitudeBoundary.Search(place: places.upperBound - 1, of: source.count, sample: sample)
        var first = MagnitudeBoundary.Search(place: places.lowerBound, of: source.count, sample: sample)
        source.forEachStretch { entries in
            last.add(UnsafeBufferPointer(entries))
            if places.lowerBound > 0 { first.add(UnsafeBufferPointer(entries)) }
        }
        if let last = last.boundary, let first = places.lowerBound > 0 ? first.boundary : .top {
            rule = .range(MagnitudeRange(first: first, last: last, places: places))
            return
        }
        // The sample misled: all entries are looked at together.
        var all: [Float] = []
        all.reserveCapacity(source.count)
        source.forEachStretch { all += $0 }
        rule = .range(
            MagnitudeRange(
                first: places.lowerBound > 0 ? MagnitudeBoundary(place: places.lowerBound, of: [all]) : .top,
                last: MagnitudeBoundary(place: places.upperBound - 1, of: [all]), places: places))
    }

    /// The factor that gives what is kept the sum of magnitudes of the whole: mergekit's l1.
    private func rescalingFactor(_ source: some EntrySource) -> Float {
        var (before, after) = (0.0, 0.0)
        var trial = self
        source.forEachStretch { entries in
            for entry in entries { before += Double(entry.magnitude) }
            trial.prune(entries)
            for entry in entries { after += Double(entry.magnitude) }
        }
        // mergekit's limit: next to nothing is not blown up.
        return before >= 1e-7 && after >= 1e-7 ? Float(before / after) : 1
    }

    /// Prunes and rescales the next rows.
    mutating func prune(_ entries: UnsafeMutableBufferPointer<Float>) {
        switch rule {
        case .all: break
        case .nothing: entries.update(repeating: 0)
        case .range(var range):
            // Nobody else may hold its room while it works.
            rule = .all
            range.keep(in: entries)
            rule = .range(range)
        case .random(let probability, let divisor):
            draws.thin(entries, probability: probability, divisor: divisor)
        case .rowRank(let probabilities, let divides):
            for start in stride(from: 0, to: entries.count, by: inputs) {
                let row = UnsafeMutableBufferPointer(rebasing: entries[start..<start + inputs])
                guard divides || !draws.thin(row: row, limits: limits, room: &room) else { continue }
                ranking.rank(UnsafeBufferPointer(row))
                guard !draws.thin(row: row, limits: limits, divisors: divisors, ranks: ranking.ranks) else { continue }
                for column in row.indices {
                    let probability = probabilities[Int(ranking.ranks[column])]
                    let isKept = draws.keeps(probability: probability)
                    row[column] = isKept ? row[column] / divisors[Int(ranking.ranks[column])] : 0
                }
            }
        }
        guard factor != 1 else { return }
        for index in entries.indices { entries[index] *= factor }
    }
}
