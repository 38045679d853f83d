extension ReportData {
    /// Computes everything that a report shows from the rows of one run.
    ///
    /// - Parameter flips: random tables of each sign-flip test over more than 16 documents.
    package init(_ input: ReportInput, flips: Int = 100_000) {
        let methods = input.methods.sorted { ($0.position, $0.name) < ($1.position, $1.name) }
        let comparison = Comparison(input, methods: methods, flips: flips)
        let families = comparison.families()
        self.init(
            run: input.run, methods: methods, settings: input.settings,
            progress: comparison.progress(families), families: families,
            order: Self.order(methods, families), recovery: comparison.recovery(families),
            costs: methods.compactMap { method in input.costs.first { $0.method == method.name } },
            gains: comparison.gains(families),
            metrics: input.metrics.sorted { ($0.name, $0.signature) < ($1.name, $1.signature) },
            examples: Self.group(input.examples, methods: methods, settings: input.settings),
            references: input.references)
    }

    /// By mean place over the families; by the register where any family has no ranks.
    ///
    /// Incomplete methods come last.
    private static func order(_ methods: [MethodFacts], _ families: [FamilyResult]) -> [String] {
        let contestants = methods.filter { !$0.isSanity }.map(\.name)
        var places: [String: Int] = [:]
        for method in contestants {
            for family in families {
                let place = family.scores.firstIndex { $0.method == method && $0.isComplete && $0.estimate != nil }
                // A sum stands for the mean, as all complete methods have a place in every family.
                places[method, default: 0] += place ?? methods.count * methods.count
            }
        }
        let isRanked = !families.isEmpty && families.allSatisfy { $0.noRanks == nil }
        let incomplete = methods.count * methods.count
        func key(_ method: String) -> Int {
            let place = places[method] ?? 0
            return isRanked ? min(place, incomplete) : (place < incomplete ? 0 : 1)
        }
        return contestants.enumerated().sorted { (key($0.element), $0.offset) < (key($1.element), $1.offset) }
            .map(\.element)
    }

    /// Answers by setting and document, in the order of settings, documents and methods; sanity rows say nothing new.
    private static func group(
        _ outputs: [OutputFacts], methods: [MethodFacts], settings: [SettingFacts]
    ) -> [ExampleGroup] {
        settings.flatMap { setting in
            let ofSetting = outputs.filter { $0.setting == setting.name }
            return Set(ofSetting.map(\.documentKey)).sorted().compactMap { key -> ExampleGroup? in
                let answers = ofSetting.filter { $0.documentKey == key }
                guard let first = answers.first else { return nil }
                return ExampleGroup(
                    setting: setting.name, document: key, input: first.input, instruction: first.instruction,
                    reference: first.reference, referenceOrigin: first.referenceOrigin,
                    furtherReferences: first.furtherReferences,
                    answers: methods.filter { !$0.isSanity }.compactMap { method in
                        answers.first { $0.method == method.name }.map {
                            ExampleGroup.Answer(
                                method: $0.method, output: $0.output, intermediate: $0.intermediate, finish: $0.finish)
                        }
                    })
            }
        }
    }
}
