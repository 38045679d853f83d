import Foundation
import ModelEngine

/// A LoRA adapter as a GGUF file that llama.cpp reads (`--lora`) and its `convert_lora_to_gguf.py` writes.
///
/// The file holds, for each changed weight, `blk.N.attn_q.weight.lora_a` `[rank, inputs]` and `….lora_b`
/// `[outputs, rank]`, and one alpha for all: llama.cpp scales each update by alpha / rank of that layer, or by 1 where
/// alpha is 0 or missing (`llama_adapter_lora_weight::get_scale`). In files of the llama family, and of no other that
/// the engine runs, the rows of q's and k's B are reordered within the heads, as those of the model's own weights are;
/// putting them back takes the model's numbers of heads, which the converter does not record. Files written here do.
///
/// ```swift
/// let file = GGUFAdapterFile(URL(filePath: "summarize.gguf"))
/// let contents = try file.read(heads: AttentionHeads(model.configuration))
/// ```
///
/// Source: llama.cpp, `src/llama-adapter.cpp` and `convert_lora_to_gguf.py`, with llama-cpp-python 0.3.36.
public struct GGUFAdapterFile: Sendable {
    /// The file.
    public let url: URL

    /// The file at a place; nothing is read yet.
    public init(_ url: URL) { self.url = url }

    /// In which order the rows of q's and k's B are, in an adapter that is read or to be written.
    public enum RowOrder: Sendable {
        /// As the engine and PEFT have them.
        case engine
        /// As the file has them: right only for what goes from such files into such a file.
        case file
    }

    /// What a file holds.
    public struct Contents: Sendable, Equatable {
        /// The factors; B is in the order that was asked for.
        public var adapter: LoRAAdapter
        /// The model's family, such as `llama`.
        public var architecture: String
        /// The model's heads, where the file records them.
        public var heads: AttentionHeads?
        /// The model's name, where the file records it.
        public var baseModel: String?
    }

    static let alphaKey = "adapter.lora.alpha"
    static let baseModelKey = "general.base_model.0.name"

    /// Reads and checks the adapter.
    ///
    /// - Parameters:
    ///   - heads: the model's heads, where the file does not record them.
    ///   - order: the order of q's and k's rows in the result.
    /// - Returns: The adapter; half-precision and quantised factors are widened to Float.
    /// - Throws: `MergeError` with `badFormat`, `unsupportedOption`, `badAdapter`, `missingHeads` or `notFinite`, naming
    ///   file and tensor or key; `ModelError` if the file is missing, cut or malformed.
    public func read(heads: AttentionHeads? = nil, order: RowOrder = .engine) throws -> Contents {
        let file = try GGUFFile(contentsOf: url)
        let layout = try self.layout(of: file)
        try refuseOptions(of: file.metadata)
        let recorded = try self.heads(in: file.metadata, layout.architecture)
        if let heads, let recorded, heads != recorded {
            throw bad(
                "the adapter is for a model with \(recorded.queries) heads (\(recorded.keyValues) of keys), not "
                    + "\(heads.queries) (\(heads.keyValues)); use the model that it was made for",
                "\(layout.architecture).attention.head_count")
        }
        let alpha = try file.metadata.float(Self.alphaKey, default: 0)
        guard alpha.isFinite else {
            throw MergeError(.notFinite, "alpha is \(alpha); save the adapter again", file: path, key: Self.alphaKey)
        }
        var pairs: [AdapterSite: [FactorMatrix: GGUFTensor]] = [:]
        for tensor in file.tensors {
            let name = try GGUFAdapterTensorName(tensor.name, layout: layout, file: path)
            pairs[name.site, default: [:]][name.matrix] = tensor
        }
        guard !pairs.isEmpty else { throw bad("the file holds no LoRA factors; convert the adapter again") }
        var contents = Contents(
            adapter: LoRAAdapter(), architecture: layout.architecture, heads: heads ?? recorded,
            baseModel: try file.metadata.string(Self.baseModelKey, default: ""))
        if contents.baseModel == "" { contents.baseModel = nil }
        for site in pairs.keys.sorted() {
            var factors = try self.factors(of: site, pairs[site] ?? [:], layout, in: file)
            factors.scaling = alpha == 0 ? 1 : alpha / Float(factors.rank)
            if order == .engine, layout.interleavesHeads, site.projection <= .key {
                let count = try headCount(contents.heads, of: site, outputs: factors.outputs)
                factors.b = HeadRows.halved(factors.b, width: factors.rank, heads: count)
            }
            contents.adapter.factors[site] = factors
        }
        return contents
    }

    var path: String { url.path(percentEncoded: false) }

    func bad(_ message: String, _ key: String? = nil) -> MergeError {
        MergeError(.badAdapter, message, file: path, key: key)
    }

    /// How many heads share a layer's rows, checked.
    func headCount(_ heads: AttentionHeads?, of site: AdapterSite, outputs: Int) throws(MergeError) -> Int {
        guard let heads, let count = heads.count(for: site.projection) else {
            throw MergeError(
                .missingHeads,
                "files of the llama family hold the rows of q and k in another order, and the model's number of heads "
                    + "is needed to change it; give the model, or its numbers of heads and of key and value heads",
                file: path, key: site.description)
        }
        guard count > 0, outputs % (2 * count) == 0 else {
            throw bad(
                "\(outputs) rows are not an even number for each of \(count) heads; give the numbers of the model that "
                    + "the adapter was trained for", site.description)
        }
        return count
    }

    private func layout(of file: GGUFFile) throws -> ProjectionLayout {
        let metadata = file.metadata
        let kind = try metadata.string("general.type", default: "model")
        guard kind == "adapter" else {
            throw MergeError(
                .badFormat,
                "this is a GGUF file of type '\(kind)', not an adapter; give a LoRA file such as "
                    + "convert_lora_to_gguf.py writes", file: path, key: "general.type")
        }
        let type = try metadata.string("adapter.type")
        guard type == "lora" else {
            throw MergeError(
                .unsupportedOption,
                "the adapter is of type '\(type)'; only 'lora' is read; train or convert it as that", file: path,
                key: "adapter.type")
        }
        let architecture = try metadata.string("general.architecture")
        do { return try ProjectionLayout(architecture: architecture) } catch {
            throw MergeError(
                .unsupportedOption,
                "the adapter is for a model of architecture '\(architecture)'; use one for "
                    + ModelConfiguration.supportedArchitectures.joined(separator: ", "),
                file: path, key: "general.architecture")
        }
    }

    private func refuseOptions(of metadata: GGUFMetadata) throws(MergeError) {
        let key = "adapter.alora.invocation_tokens"
        guard metadata[key] == nil else {
            throw MergeError(
                .unsupportedOption,
                "the adapter is active on some tokens only (aLoRA), which is not supported; train it without that",
                file: path, key: key)
        }
    }

    private func heads(in metadata: GGUFMetadata, _ architecture: String) throws -> AttentionHeads? {
        let key = "\(architecture).attention.head_count"
        guard metadata[key] != nil else { return nil }
        let queries = try metadata.int(key)
        let heads = AttentionHeads(queries: queries, keyValues: try metadata.int("\(key)_kv", default: queries))
        guard AttentionHeads.range.contains(heads.queries), AttentionHeads.range.contains(heads.keyValues) else {
            throw bad("\(heads.queries) and \(heads.keyValues) are no numbers of heads; convert the adapter again", key)
        }
        return heads
    }

    private func factors(
        of site: AdapterSite, _ pair: [FactorMatrix: GGUFTensor], _ layout: ProjectionLayout, in file: GGUFFile
    ) throws -> LoRAFactors {
        let weight = layout.weightName(of: site)
        guard let a = pair[.a] else {
            throw bad("the factor is missing beside its lora_b; convert the adapter again", "\(weight).lora_a")
        }
        guard let b = pair[.b] else {
            throw bad("the factor is missing beside its lora_a; convert the adapter again", "\(weight).lora_b")
        }
        for tensor in [a, b] {
            guard tensor.dimensions.count == 2, tensor.columns > 0, tensor.rows > 0 else {
                throw bad("the shape is \(tensor.shape), but must be a matrix; convert the adapter again", tensor.name)
            }
        }
        guard a.rows == b.columns else {
            throw bad(
                "lora_a is \(a.shape) and lora_b \(b.shape), but they must be [rank, inputs] and [outputs, rank]; "
                    + "convert the adapter again", b.name)
        }
        return LoRAFactors(
            rank: a.rows, inputs: a.columns, outputs: b.rows, a: try values(of: a, in: file),
            b: try values(of: b, in: file), scaling: 1)
    }

    private func values(of tensor: GGUFTensor, in file: GGUFFile) throws -> [Float] {
        let values = try file.dequantized(tensor.name)
        guard values.allSatisfy(\.isFinite) else {
            throw MergeError(
                .notFinite, "the factor holds NaN or infinite numbers; train the adapter again", file: path,
                key: tensor.name)
        }
        return values
    }
}
