import ModelEngine

/// Which modules an adapter changes: `target_modules`, `exclude_modules`, `layers_to_transform`, `layers_pattern`.
///
/// Names stand for whole paths or their ends, a string for a regular expression that matches whole paths. Layers are
/// told by the number after the first of the `layers_pattern`s in the path, or after any name where there is none.
///
/// Source: PEFT 0.21.2, `check_target_module_exists`.
struct PEFTModuleSelection {
    /// Modules as a configuration names them.
    enum Modules {
        /// Paths or ends of paths.
        case names([String])
        /// A regular expression for whole paths.
        case expression(ModuleExpression)

        func include(_ path: String) throws(MergeError) -> Bool {
            switch self {
            case .names(let names): names.contains { path == $0 || path.hasSuffix("." + $0) }
            case .expression(let expression): try expression.matches(path)
            }
        }
    }

    /// Nil stands for every linear layer but the output.
    private let targets: Modules?
    private let excluded: Modules?
    private let layers: Set<Int>?
    private let patterns: [ModuleExpression]

    /// - Throws: `MergeError` with `badFormat` or `missingKey`.
    init(_ fields: PEFTConfigurationFields) throws(MergeError) {
        if case .string(let word)? = fields.members["target_modules"], word.lowercased() == "all-linear" {
            targets = nil
        } else if let modules = try fields.modules("target_modules") {
            targets = modules
        } else {
            throw fields.missing("target_modules", "the key is missing; it lists the modules to change")
        }
        excluded = try fields.modules("exclude_modules")
        layers = try fields.layers("layers_to_transform")
        var patterns: [ModuleExpression] = []
        for name in try fields.names("layers_pattern") where !name.isEmpty {
            patterns.append(try fields.expression("(?:.*?\\.)?(?:\(name))\\.([0-9]+)\\..*", key: "layers_pattern"))
        }
        self.patterns = patterns
    }

    /// Whether the adapter changes a layer.
    ///
    /// - Throws: `MergeError.unsupportedOption` for an expression that takes too long.
    func includes(_ site: AdapterSite) throws(MergeError) -> Bool {
        let path = site.description
        if let excluded, try excluded.include(path) { return false }
        if let targets, try !targets.include(path) { return false }
        guard let layers else { return true }
        guard !patterns.isEmpty else { return layers.contains(site.layer) }
        for pattern in patterns {
            guard try pattern.matches(path) else { continue }
            return try pattern.lastGroup(in: path).flatMap { Int($0) }.map(layers.contains) ?? false
        }
        return false
    }
}
