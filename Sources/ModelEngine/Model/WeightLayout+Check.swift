extension WeightLayout {
    /// Checks that the file has every tensor of the family in the shape that its sizes ask for, and no others.
    ///
    /// - Throws: `missingTensor`, `badShape`, `unsupportedType`, `unsupportedArchitecture`; each names the tensor.
    func check() throws(ModelError) {
        if let first = problems().first { throw first }
    }

    /// Everything that `check` could throw.
    func problems() -> [ModelError] {
        var problems: [ModelError] = []
        var expected: Set<String> = ["\(names.frequencyFactors).weight"]
        for entry in entries {
            expected.insert(entry.name)
            do throws(ModelError) { try check(entry) } catch { problems.append(error) }
        }
        // A tensor that nobody reads belongs to a part that this version lacks: without it the answers would be wrong.
        for tensor in gguf.tensors where !expected.contains(tensor.name) {
            problems.append(
                ModelError(
                    .unsupportedArchitecture,
                    "models of the architecture \(configuration.architecture) have no such tensor in this version; "
                        + "choose another model file", file: gguf.metadata.file, tensor: tensor.name))
        }
        return problems
    }

    private struct Entry {
        let name: String
        let rows: Int
        let columns: Int
        var presence = Architecture.Presence.required
    }

    /// Every tensor that the family knows, optional ones too.
    private var entries: [Entry] {
        let hidden = configuration.hiddenSize
        let family = configuration.family
        func norm(_ name: String) -> [Entry] {
            [Entry(name: "\(name).weight", rows: 1, columns: hidden)]
                + (family.norm == .layer ? [Entry(name: "\(name).bias", rows: 1, columns: hidden)] : [])
        }
        var entries = [
            Entry(name: "\(names.embedding).weight", rows: configuration.vocabularySize, columns: hidden),
            Entry(
                name: "\(names.head).weight", rows: configuration.vocabularySize, columns: hidden, presence: .optional),
        ]
        entries += norm(names.outputNorm)
        for layer in 0..<configuration.layers {
            entries += norm("blk.\(layer).\(names.attentionNorm)")
            if !configuration.hasParallelResidual { entries += norm("blk.\(layer).\(names.feedForwardNorm)") }
            if family.hasPostNorms {
                entries += norm("blk.\(layer).\(names.attentionPostNorm)")
                entries += norm("blk.\(layer).\(names.feedForwardPostNorm)")
            }
            for projection in Projection.allCases {
                let shape = configuration.shape(of: projection)
                let name = "blk.\(layer).\(names.projections[projection.index])"
                entries.append(Entry(name: "\(name).weight", rows: shape.outputs, columns: shape.inputs))
                if let presence = family.biases[projection], presence != .absent {
                    entries.append(Entry(name: "\(name).bias", rows: 1, columns: shape.outputs, presence: presence))
                }
            }
            for (name, heads) in [(names.queryNorm, configuration.heads), (names.keyNorm, configuration.keyValueHeads)]
            where family.headNorm != .absent {
                let isShared = family.headNorm == .shared
                entries.append(
                    Entry(
                        name: "blk.\(layer).\(name).weight", rows: isShared ? 1 : heads,
                        columns: configuration.headSize, presence: isShared ? .required : .optional))
            }
        }
        return entries
    }

    private func check(_ entry: Entry) throws(ModelError) {
        if entry.presence == .optional, gguf.tensor(named: entry.name) == nil { return }
        let tensor = try gguf.tensor(entry.name)
        guard tensor.rows == entry.rows, tensor.columns == entry.columns else {
            throw ModelError.damaged(
                .badShape,
                "the tensor has shape \(tensor.shape) where the model's sizes ask for [\(entry.rows), \(entry.columns)]",
                file: gguf.metadata.file, tensor: entry.name)
        }
        guard tensor.type.isReadable else {
            let readable = GGUFType.readable.map(\.description).joined(separator: ", ")
            throw ModelError(
                .unsupportedType,
                "the tensor has type \(tensor.type), which this version does not read; use a file with \(readable) only",
                file: gguf.metadata.file, tensor: entry.name)
        }
    }
}
