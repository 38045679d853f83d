import SeededRandom
import TextMetrics

extension Comparison {
    /// The plain merges that calibrations are held against, where the run has them; else all data-free merges.
    static let plainMerges = ["linear", "cat", "ties", "dare-ties"]

    /// What every learnable calibration gains over the plain merges, in each family where both are complete.
    func gains(_ families: [FamilyResult]) -> [GainResult] {
        families.compactMap { family in
            let settings = settings.filter { $0.family == family.name }.map(\.name)
            let complete = Set(family.scores.filter(\.isComplete).map(\.method))
            let candidates = methods.filter { complete.contains($0.name) }
            let calibrations = candidates.filter { $0.family == "learned" && $0.name.contains("calibration") }
            let dataFree = candidates.filter { $0.family == "data-free merge" }
            let named = dataFree.filter { Self.plainMerges.contains($0.name) }
            let merges = named.isEmpty ? dataFree : named
            guard !calibrations.isEmpty, !merges.isEmpty else { return nil }

            let best = merges.enumerated().max { a, b in
                let means = [a, b].map { family.score(of: $0.element.name)?.estimate?.mean ?? -.infinity }
                return (means[0], b.offset) < (means[1], a.offset)
            }?.element.name
            var rows: [GainEntry] = []
            for calibration in calibrations {
                for merge in merges {
                    let differences = book.differences(
                        family.leadSignature, calibration.name, minus: merge.name, in: settings)
                    guard let difference = estimate(differences) else { continue }
                    let sums = book.clusterSums(differences)
                    func p(_ sums: [Double]) -> Double {
                        flips.pValue(
                            sums, calibration.name, minus: merge.name, lead: family.leadSignature, settings: settings)
                    }
                    let isTestable = sums.count >= LeastVisibleDifference.fewestDocuments
                    rows.append(
                        GainEntry(
                            calibration: calibration.name, merge: merge.name, isBestMerge: merge.name == best,
                            difference: difference, p: isTestable ? p(sums) : nil, corrected: nil))
                }
            }
            let corrected = MultipleTesting.holm(rows.compactMap(\.p))
            if corrected.count == rows.count {
                for index in rows.indices { rows[index].corrected = corrected[index] }
            }
            return GainResult(family: family.name, metric: family.leadMetric, rows: rows)
        }
    }

    /// Mean recovery rates over the families; 2,000 bootstrap draws of documents, the same for all methods.
    func recovery(_ families: [FamilyResult]) -> RecoveryResult {
        func none(_ reason: String) -> RecoveryResult { RecoveryResult(rates: [], absence: reason) }
        guard let zeroShot = methods.first(where: { $0.name == "zero-shot" }),
            let expert = methods.first(where: { $0.family == "costly reference" && $0.name.contains("joint") })
        else { return none("the run lacks zero-shot or the joint expert") }
        func isComplete(_ method: String) -> Bool {
            !families.isEmpty && families.allSatisfy { $0.score(of: method)?.isComplete == true }
        }
        guard isComplete(zeroShot.name), isComplete(expert.name) else {
            return none("zero-shot or the joint expert is not complete")
        }
        guard families.allSatisfy({ $0.noRanks == nil }) else { return none("there are too few test documents") }

        var draws: [String: Bootstrap] = [:]
        var rates: [RecoveryEntry] = []
        for method in methods where !method.isSanity && isComplete(method.name) {
            let parts = families.compactMap { part($0, method.name, zeroShot.name, expert.name, &draws) }
            guard parts.count == families.count, let estimate = RecoveryRate.estimate(parts) else {
                return none("the joint expert is not shown to differ from zero-shot in every family")
            }
            rates.append(
                RecoveryEntry(
                    method: method.name, rate: Self.rounded(estimate.rate),
                    low: Self.rounded(estimate.interval.lowerBound),
                    high: Self.rounded(estimate.interval.upperBound)))
        }
        return RecoveryResult(rates: rates, absence: nil)
    }

    private func part(
        _ family: FamilyResult, _ method: String, _ zeroShot: String, _ expert: String,
        _ draws: inout [String: Bootstrap]
    ) -> RecoveryRate.Family? {
        let settings = settings.filter { $0.family == family.name }.map(\.name)
        let values = [method, zeroShot, expert].map { name in
            book.documentMeans(family.leadSignature, of: name, in: settings)
        }
        let documents = values[0].places
        guard values.allSatisfy({ $0.places == documents }), !documents.isEmpty else { return nil }
        // Families of one main task have the same documents, and by its name the same draws.
        let key = "\(documents.count) \(family.main)"
        if draws[key] == nil {
            var generator = SeededGenerator(
                seed: UInt64(bitPattern: run.seed), purpose: "report bootstrap \(family.main)")
            draws[key] = Bootstrap(strata: [documents.count], using: &generator)
        }
        return draws[key].map {
            RecoveryRate.Family(
                method: values[0].values, zeroShot: values[1].values, expert: values[2].values, bootstrap: $0)
        }
    }
}
