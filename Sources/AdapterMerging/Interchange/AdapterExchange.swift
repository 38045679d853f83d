import ModelEngine

/// Reads adapters of either format that belong together, and writes what is made of them.
///
/// GGUF files of the llama family hold q's and k's rows in an order of their own. Where the model's heads are known, all
/// adapters come to the engine's order. Where they are not, but every adapter and the result are such files, the rows
/// may stay as they are: merges treat all rows alike.
public struct AdapterExchange: Sendable {
    /// The adapters in their order.
    public private(set) var adapters: [LoRAAdapter] = []
    /// The family of the models: what GGUF files say, or what was given, or `llama`.
    public private(set) var architecture: String
    /// The model's heads, where they are known.
    public private(set) var heads: AttentionHeads?
    /// The name of the base model, where all adapters that record one agree.
    public var baseModel: String?
    private var order = GGUFAdapterFile.RowOrder.engine
    private let result: AdapterLocation

    /// Reads adapters.
    ///
    /// - Parameters:
    ///   - sources: where they lie.
    ///   - result: where the result is to be written.
    ///   - architecture: the model's family; GGUF files must agree.
    ///   - heads: the model's heads; GGUF files that record them must agree.
    /// - Throws: what reading throws; `MergeError` with `badAdapter` where families or heads differ.
    public init(
        _ sources: [AdapterLocation], to result: AdapterLocation, architecture: String? = nil,
        heads: AttentionHeads? = nil
    ) throws {
        self.result = result
        self.architecture = architecture ?? "llama"
        self.heads = heads
        let files = sources.compactMap { source in
            if case .file(let file) = source { file } else { nil }
        }
        let isAllFiles = if case .file = result { files.count == sources.count } else { false }
        do {
            adapters = try read(sources, architecture)
        } catch let error as MergeError where error.code == .missingHeads && isAllFiles {
            order = .file
            adapters = try read(sources, architecture)
        }
    }

    /// Writes an adapter to the place of the result.
    ///
    /// - Throws: what writing throws.
    public func write(_ adapter: LoRAAdapter, replacing: Bool = false) throws {
        switch result {
        case .folder(let folder): try folder.write(adapter, baseModel: baseModel, replacing: replacing)
        case .file(let file):
            try file.write(
                adapter, architecture: architecture, heads: heads, order: order, baseModel: baseModel,
                replacing: replacing)
        }
    }

    private mutating func read(_ sources: [AdapterLocation], _ given: String?) throws -> [LoRAAdapter] {
        var names: [String] = []
        var family = given
        let adapters = try sources.map { source in
            switch source {
            case .folder(let folder):
                names += folder.baseModel.map { [$0] } ?? []
                return try folder.read()
            case .file(let file):
                let contents = try file.read(heads: heads, order: order)
                if let family, family != contents.architecture {
                    throw MergeError(
                        .badAdapter,
                        "the adapter is for a model of architecture '\(contents.architecture)', not '\(family)'; "
                            + "use adapters of one model", file: file.path, key: "general.architecture")
                }
                family = contents.architecture
                heads = heads ?? contents.heads
                names += contents.baseModel.map { [$0] } ?? []
                return contents.adapter
            }
        }
        if let family { architecture = family }
        baseModel = Set(names).count == 1 ? names.first : nil
        return adapters
    }
}
