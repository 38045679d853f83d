import TextMetrics

extension Comparison {
    /// The results of every family, in the order of the build.
    func families() -> [FamilyResult] {
        familySettings().map { name, settings in family(name, settings) }
    }

    private func family(_ name: String, _ settings: [SettingFacts]) -> FamilyResult {
        let main = settings.first?.main ?? ""
        let names = settings.map(\.name)
        let metric = Self.leadMetric(ofMain: main)
        let lead = signature(of: metric, in: name) ?? ""
        var scores = methods.map { score($0, lead: lead, family: name, settings: names, scope: .family(name)) }
        let documents = scores.compactMap { $0.estimate?.documents }.max() ?? 0

        let contestants = methods.indices.filter { !methods[$0].isSanity && scores[$0].isComplete }
        let noRanks = reasonAgainstRanks(contestants, documents: documents, lead: lead, settings: names)
        var isBetter: (Int, Int) -> Bool = { _, _ in false }
        if noRanks == nil {
            let better = significantPairs(contestants, lead: lead, settings: names)
            isBetter = { better.contains(Pair($0, $1)) }
            let inRanks = Set(contestants)
            let ranges = RankRange.ranges(
                count: methods.count, isComplete: { inRanks.contains($0) }, isBetter: isBetter)
            for index in scores.indices {
                scores[index].bestRank = ranges[index]?.best
                scores[index].worstRank = ranges[index]?.worst
            }
        }
        let order = tableOrder(scores, isRanked: noRanks == nil, sign: sign(ofLead: lead))
        let rankedRows = order.filter { scores[$0].bestRank != nil }
        return FamilyResult(
            name: name, main: main, targetKind: settings.first?.targetKind, leadMetric: lead.isEmpty ? "" : metric,
            leadSignature: lead, documents: documents, noRanks: noRanks, scores: order.map { scores[$0] },
            separators: RankRange.separators(order: rankedRows, isBetter: isBetter),
            leastVisible: leastVisible(contestants, lead: lead, settings: names),
            targets: settings.compactMap { target($0, lead: lead, family: name) })
    }

    private func target(_ setting: SettingFacts, lead: String, family: String) -> TargetResult? {
        guard let target = setting.target else { return nil }
        var scores = methods.map {
            score($0, lead: lead, family: family, settings: [setting.name], scope: .setting(setting.name))
        }
        let contestants = methods.indices.filter { !methods[$0].isSanity && scores[$0].isComplete }
        let language = answerLanguage(setting)
        let isJudged = isJudged(language)
        if isJudged != true {
            // Without a judgement the conditional score would be the score itself under another name.
            for index in scores.indices { scores[index].conditional = nil }
        }
        return TargetResult(
            setting: setting.name, target: target, label: setting.targetLabel ?? target, scores: scores,
            leastVisible: leastVisible(contestants, lead: lead, settings: [setting.name]),
            documents: scores.compactMap { $0.estimate?.documents }.max() ?? 0, language: language,
            isLanguageJudged: isJudged)
    }

    /// What the language check calls the language that a setting's answers should be in.
    private func answerLanguage(_ setting: SettingFacts) -> String? {
        let code = setting.targetKind == "language" ? setting.target : run.corpora.first?.language
        return code.map(LanguageTag.detected)
    }

    /// Whether the run's language check knows a language; nil where the run has none.
    ///
    /// A check that came with another program's signature is taken to know every language.
    private func isJudged(_ language: String?) -> Bool? {
        let checks = metrics.filter { $0.name == Self.languageMetric }
        guard !checks.isEmpty else { return nil }
        return checks.contains { check in
            guard let known = Self.languages(ofCheck: check.signature) else { return true }
            return language.map(known.contains) ?? true
        }
    }

    /// The languages that a check of this signature chooses among; nil where the signature does not say.
    static func languages(ofCheck signature: String) -> [String]? {
        (try? MetricSignature(parsing: signature))?[key: "langs"]?.split(separator: "+").map(String.init)
    }

    private func score(
        _ method: MethodFacts, lead: String, family: String, settings: [String], scope: ScoreBook.Scope
    ) -> MethodScore {
        let scored = book.count(lead, of: method.name, in: settings)
        var others: [String: ScoreEstimate] = [:]
        for signature in signatures(in: family) where signature != lead {
            others[signature] = book.mean(signature, of: method.name, in: settings, scope: scope).map(published)
        }
        let language = signature(of: Self.languageMetric, in: family)
        return MethodScore(
            method: method.name, estimate: estimate(book.documentMeans(lead, of: method.name, in: settings)),
            conditional: language.flatMap {
                estimate(book.conditionalMeans(lead, language: $0, of: method.name, in: settings))
            },
            rightLanguage: language.flatMap { estimate(book.documentMeans($0, of: method.name, in: settings)) },
            scored: scored, expected: expected(method.name, in: settings), bestRank: nil, worstRank: nil,
            beatsCopy: beatsCopy(method, lead: lead, settings: settings), others: others)
    }

    /// Whether the interval of the paired difference to the copy lies on the better side of 0.
    private func beatsCopy(_ method: MethodFacts, lead: String, settings: [String]) -> Bool? {
        guard !method.isSanity, let copy = methods.first(where: { $0.isSanity && $0.name.hasPrefix("copy") }) else {
            return nil
        }
        let differences = book.differences(lead, method.name, minus: copy.name, in: settings)
        let isHigherBetter = sign(ofLead: lead) > 0
        return book.estimate(differences).flatMap(quantiles.interval).map {
            isHigherBetter ? $0.lowerBound > 0 : $0.upperBound < 0
        }
    }

    private func reasonAgainstRanks(
        _ contestants: [Int], documents: Int, lead: String, settings: [String]
    ) -> String? {
        if documents == 0 { return "nothing has been scored yet" }
        if contestants.count < 2 { return "fewer than two methods are complete" }
        let fewest =
            contestants.map { index in
                book.clusterSums(book.documentMeans(lead, of: methods[index].name, in: settings)).count
            }.min() ?? 0
        if fewest < LeastVisibleDifference.fewestDocuments {
            return
                "with fewer than \(LeastVisibleDifference.fewestDocuments) test documents no difference can be significant"
        }
        let pairs = contestants.count * (contestants.count - 1) / 2
        let needed = Self.documentsNeeded(pairs: pairs)
        guard fewest < needed else { return nil }
        return """
            with \(fewest) test documents and \(pairs) pairs no difference can be significant after Holm's correction; \
            at least \(needed) documents are needed
            """
    }

    /// The sign-flip p of n documents is never below 2^(1 − n), and Holm multiplies the smallest by the number of pairs.
    static func documentsNeeded(pairs: Int) -> Int {
        var documents = LeastVisibleDifference.fewestDocuments
        var smallest = 1.0
        for _ in 1..<documents { smallest /= 2 }
        while smallest * Double(pairs) > alpha {
            smallest /= 2
            documents += 1
        }
        return documents
    }

    /// −1 where lower is better, so that a larger product is always the better one.
    private func sign(ofLead lead: String) -> Double {
        metrics.first { $0.signature == lead }?.direction == "lower" ? -1 : 1
    }

    private struct Pair: Hashable {
        let better: Int
        let worse: Int

        init(_ better: Int, _ worse: Int) {
            self.better = better
            self.worse = worse
        }
    }

    /// All pairs of contestants whose difference is significant after Holm.
    private func significantPairs(
        _ contestants: [Int], lead: String, settings: [String]
    ) -> Set<Pair> {
        let sign = sign(ofLead: lead)
        flips.prepare(contestants.map { methods[$0].name }, lead: lead, settings: settings, in: book)
        var pairs: [Pair] = []
        var p: [Double] = []
        for (place, a) in contestants.enumerated() {
            for b in contestants[(place + 1)...] {
                let differences = book.differences(lead, methods[a].name, minus: methods[b].name, in: settings)
                let sum = sign * differences.values.reduce(0, +)
                pairs.append(sum > 0 ? Pair(a, b) : Pair(b, a))
                p.append(
                    flips.pValue(
                        book.clusterSums(differences), methods[a].name, minus: methods[b].name, lead: lead,
                        settings: settings))
            }
        }
        return Set(zip(pairs, MultipleTesting.holm(p)).filter { $0.1 <= Self.alpha }.map(\.0))
    }

    /// From the root mean square of the pairs' standard deviations, since one line stands for all pairs of a table.
    private func leastVisible(_ contestants: [Int], lead: String, settings: [String]) -> LeastVisible? {
        var variances: [Double] = []
        var clusters = Int.max
        for (place, a) in contestants.enumerated() {
            for b in contestants[(place + 1)...] {
                let differences = book.differences(lead, methods[a].name, minus: methods[b].name, in: settings)
                guard let estimate = book.estimate(differences), let error = estimate.standardError else { continue }
                let count = estimate.degreesOfFreedom + 1
                variances.append(error * error * count)
                clusters = min(clusters, Int(count))
            }
        }
        guard !variances.isEmpty, clusters >= LeastVisibleDifference.fewestDocuments else { return nil }
        let deviation = (variances.reduce(0, +) / Double(variances.count)).squareRoot()
        func least(_ alpha: Double) -> Double? {
            LeastVisibleDifference.value(standardDeviation: deviation, documents: clusters, alpha: alpha)
        }
        guard let single = least(Self.alpha), let corrected = least(Self.alpha / Double(variances.count)) else {
            return nil
        }
        return LeastVisible(
            single: Self.rounded(single), corrected: Self.rounded(corrected), pairs: variances.count,
            documents: clusters)
    }

    /// Contestants by mean (by the register where there are no ranks), incomplete ones after them, sanity rows last.
    private func tableOrder(_ scores: [MethodScore], isRanked: Bool, sign: Double) -> [Int] {
        func group(_ index: Int) -> Int { methods[index].isSanity ? 2 : scores[index].isComplete ? 0 : 1 }
        return scores.indices.sorted { a, b in
            if group(a) != group(b) { return group(a) < group(b) }
            let means = (scores[a].estimate?.mean ?? 0, scores[b].estimate?.mean ?? 0)
            if isRanked, group(a) == 0, means.0 != means.1 { return sign * means.0 > sign * means.1 }
            return a < b
        }
    }
}
