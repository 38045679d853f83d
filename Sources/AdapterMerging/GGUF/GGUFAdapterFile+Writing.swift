import Foundation
import ModelEngine

extension GGUFAdapterFile {
    /// Writes an adapter so that llama.cpp applies the same update with `--lora`.
    ///
    /// The file has one alpha, and llama.cpp scales each layer by alpha / rank. The alpha that most layers have is kept
    /// together with those layers' factors, bit by bit; in other layers B is multiplied by what their own scaling is of
    /// that (one rounding of each entry). Equal adapters give equal bytes. The file appears whole or not at all.
    ///
    /// - Parameters:
    ///   - architecture: the model's family, such as `llama`.
    ///   - heads: the model's heads; needed for the llama family where q or k change, and recorded then.
    ///   - order: the order of q's and k's rows in the adapter.
    ///   - baseModel: what to record as the base model's name; nothing depends on it.
    ///   - replacing: whether an adapter's file that is there already may be replaced.
    /// - Throws: `MergeError` with `noAdapters`, `notFinite`, `badAdapter` (a rank of 0, or rows that are no whole
    ///   heads), `missingHeads`, `alreadyExists` or `unwritableFile`; `ModelError` for an unknown architecture or if
    ///   writing fails.
    public func write(
        _ adapter: LoRAAdapter, architecture: String = "llama", heads: AttentionHeads? = nil, order: RowOrder = .engine,
        baseModel: String? = nil, replacing: Bool = false
    ) throws {
        let layout = try ProjectionLayout(architecture: architecture)
        try adapter.checkWritable(to: path, holdingBiases: false)
        try AdapterLocation.file(self).checkFree(replacing: replacing)
        let alpha = Self.alpha(of: adapter)
        var tensors: [GGUFWriter.Tensor] = []
        for site in adapter.sites {
            guard let factors = adapter.factors[site] else { continue }
            var b = try folded(factors, alpha: alpha, site)
            // Heads are recorded, so they are checked where no rows move, too.
            if order == .engine, site.projection <= .key, layout.interleavesHeads || heads != nil {
                let count = try headCount(heads, of: site, outputs: factors.outputs)
                if layout.interleavesHeads { b = HeadRows.interleaved(b, width: factors.rank, heads: count) }
            }
            let name = layout.weightName(of: site)
            tensors.append(.init(name: "\(name).lora_a", shape: [factors.rank, factors.inputs], values: factors.a))
            tensors.append(.init(name: "\(name).lora_b", shape: [factors.outputs, factors.rank], values: b))
        }
        let folder = url.standardizedFileURL.deletingLastPathComponent()
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
            throw MergeError(
                .unwritableFile, "the file's folder cannot be made; check the place's permissions", file: path)
        }
        try GGUFWriter.write(
            metadata: Self.metadata(architecture, alpha: alpha, heads: heads, baseModel: baseModel), tensors: tensors,
            to: url)
    }

    private static func metadata(
        _ architecture: String, alpha: Float, heads: AttentionHeads?, baseModel: String?
    ) -> [(key: String, value: GGUFWriter.Value)] {
        var pairs: [(key: String, value: GGUFWriter.Value)] = [
            ("general.architecture", .string(architecture)), ("general.type", .string("adapter")),
            ("adapter.type", .string("lora")), (alphaKey, .float32(alpha)),
        ]
        if let baseModel, !baseModel.isEmpty {
            pairs.append(("general.base_model.count", .unsigned32(1)))
            pairs.append((baseModelKey, .string(baseModel)))
        }
        if let heads {
            // llama.cpp passes over these; they let the rows of q and k be put back without the model.
            pairs.append(("\(architecture).attention.head_count", .unsigned32(UInt32(clamping: heads.queries))))
            pairs.append(("\(architecture).attention.head_count_kv", .unsigned32(UInt32(clamping: heads.keyValues))))
        }
        return pairs
    }

    /// The alpha that most layers have, of equally frequent ones the smallest; never 0, which would mean a scaling of 1.
    private static func alpha(of adapter: LoRAAdapter) -> Float {
        let alphas = adapter.factors.values.map { Float(Double($0.scaling) * Double($0.rank)) }
        let counts = Dictionary(grouping: alphas.filter { $0 != 0 && $0.isFinite }) { $0 }.mapValues(\.count)
        return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 1
    }

    /// B times what the layer's scaling is of the one that the file's alpha gives it.
    private func folded(_ factors: LoRAFactors, alpha: Float, _ site: AdapterSite) throws(MergeError) -> [Float] {
        let common = alpha / Float(factors.rank)
        guard factors.scaling != common else { return factors.b }
        let factor = Double(factors.scaling) / Double(common)
        let b = factors.b.map { Float(Double($0) * factor) }
        guard b.allSatisfy(\.isFinite) else {
            throw MergeError(
                .notFinite,
                "the layer's scaling \(factors.scaling) is too large to be put into its factors; scale the adapter down",
                file: path, key: site.description)
        }
        return b
    }
}
