import AdapterMerging
import BenchmarkStore

/// What is looked at before anything runs: whether methods find the examples that they are to take, and their names.
extension RunPlan {
    /// Says where the training split has fewer worked examples than a method shows.
    static func shotsMissing(
        _ settings: [Setting], _ methods: [Method], _ database: BenchmarkDatabase
    ) throws -> [String] {
        try methods.flatMap { method -> [String] in
            guard case .composition(let composition) = method.kind, case .prompt(let shots, _) = composition.recipe
            else {
                return []
            }
            return try settings.compactMap { setting in
                let found = try database.examples(ofSetting: setting.record.id, split: .train, limit: shots).count
                guard found < shots else { return nil }
                return "\(method.record.name) shows \(found) of \(shots) worked examples for \(setting.record.name): "
                    + "its training split has no more"
            }
        }
    }

    /// Says where a split has fewer examples than a search looks at.
    ///
    /// - Throws: `RunError.missingExamples` where it has none.
    static func searchExamplesMissing(
        _ settings: [Setting], _ methods: [Method], _ database: BenchmarkDatabase, _ profile: Profile
    ) throws -> [String] {
        try methods.flatMap { method -> [String] in
            guard let search = method.search else { return [] }
            let wanted = search.recipe.examples
            return try settings.compactMap { setting in
                let found = try database.examples(ofSetting: setting.record.id, split: search.split, limit: wanted)
                    .count
                guard found > 0 else {
                    throw RunError(
                        .missingExamples,
                        "\(method.record.name) searches on \(search.split.rawValue) examples, and \(setting.record.name) "
                            + "has none; build with a larger \(search.split.rawValue) share", file: profile.file)
                }
                guard found < wanted else { return nil }
                return "\(method.record.name) searches on \(found) of \(wanted) \(search.split.rawValue) examples for "
                    + "\(setting.record.name): the split has no more"
            }
        }
    }

    /// The database knows a method by name and parameters, so a variant must not have the name of one of another method.
    static func checkAliases(
        _ methods: [Method], _ profile: Profile, _ database: BenchmarkDatabase
    ) throws {
        let known = try database.methods()
        let listed = methods.suffix(profile.methods.count)
        for (index, (method, entry)) in zip(listed, profile.methods).enumerated() {
            guard let alias = entry.alias else { continue }
            let record = method.record
            // Titles and references may be corrected from version to version; only another method's title counts.
            let titles = MethodRegister.all.map { "\($0.descriptor.title) (\(alias))" }.filter { $0 != record.title }
            let other = known.first {
                $0.name == record.name && $0.parameters == record.parameters && titles.contains($0.title)
            }
            guard let other else { continue }
            throw RunError(
                .badProfile,
                "\"\(record.name)\" is \(other.title) in an earlier run of this database; give this variant another name",
                file: profile.file, key: "methods[\(index)].as"
            ).placed(in: profile.text)
        }
    }

    /// Says where a setting has fewer examples than a learned method is told to take.
    static func learningExamplesMissing(
        _ settings: [Setting], _ methods: [Method], _ database: BenchmarkDatabase
    ) throws -> [String] {
        try methods.flatMap { method -> [String] in
            guard case .composition(let composition) = method.kind, case .learned(let recipe) = composition.recipe
            else { return [] }
            let counts = [
                (Split.train, recipe.training.examples ?? 0), (.validation, recipe.training.validationExamples),
            ]
            return try settings.flatMap { setting in
                try counts.compactMap { split, wanted -> String? in
                    let found =
                        wanted == 0
                        ? 0 : try database.examples(ofSetting: setting.record.id, split: split, limit: wanted).count
                    guard found < wanted else { return nil }
                    return "\(method.record.name) learns with \(found) of \(wanted) \(split.rawValue) examples for "
                        + "\(setting.record.name): the split has no more"
                        + (split == .validation && found == 0 ? ", so the last epoch is kept" : "")
                }
            }
        }
    }
}
