import Foundation
import ModelEngine

extension PEFTAdapterFolder {
    /// Writes an adapter so that Python's PEFT loads the same update from the folder.
    ///
    /// Equal adapters give equal bytes. The scaling is kept as alpha = scaling · rank; layers of other rank or alpha
    /// than most have get an entry in `rank_pattern` or `alpha_pattern`. Where one layer has a bias, `lora_bias` is set and
    /// the others get zeros; a layer of a bias alone gets factors of rank 1 that are zero. The folder is written beside its place and
    /// then renamed, so it is there whole or not at all.
    ///
    /// - Parameters:
    ///   - baseModel: what to record as `base_model_name_or_path`; PEFT only shows it.
    ///   - replacing: whether an adapter's folder that is there already may be replaced; if writing fails it stays.
    /// - Throws: `MergeError` with `noAdapters`, `notFinite`, `badAdapter` (a rank of 0), `alreadyExists` or
    ///   `unwritableFile`; `ModelError` if the tensor file cannot be written.
    public func write(_ adapter: LoRAAdapter, baseModel: String? = nil, replacing: Bool = false) throws {
        let place = url.standardizedFileURL
        let path = place.path(percentEncoded: false)
        try adapter.checkWritable(to: path, holdingBiases: true)
        let adapter = Self.completed(adapter)
        let files = FileManager.default
        try AdapterLocation.folder(self).checkFree(replacing: replacing)
        let aside = PEFTAdapterFolder(sibling(of: place, .partial))
        defer { try? files.removeItem(at: aside.url) }
        do {
            try files.createDirectory(at: aside.url, withIntermediateDirectories: true)
            try Data(Self.configuration(of: adapter, baseModel: baseModel).utf8).write(to: aside.configurationFile)
        } catch {
            throw MergeError(.unwritableFile, "the folder cannot be written; check the place's permissions", file: path)
        }
        do { try SafetensorsWriter.write(Self.tensors(of: adapter), to: aside.tensorFile) } catch {
            var error = error
            error.file = tensorFile.path(percentEncoded: false)
            throw error
        }
        try move(aside.url, to: place)
    }

    /// Renames a folder into its place, keeping what was there until that has worked.
    private func move(_ folder: URL, to place: URL) throws(MergeError) {
        let files = FileManager.default
        let old = sibling(of: place, .replaced)
        let isThere = files.fileExists(atPath: place.path(percentEncoded: false))
        do {
            if isThere { try files.moveItem(at: place, to: old) }
            do { try files.moveItem(at: folder, to: place) } catch {
                if isThere { try? files.moveItem(at: old, to: place) }
                throw error
            }
        } catch {
            throw MergeError(
                .unwritableFile, "the folder cannot be renamed into its place; check the place's permissions",
                file: place.path(percentEncoded: false))
        }
        if isThere { try? files.removeItem(at: old) }
    }

    private func sibling(of place: URL, _ purpose: AsideName.Purpose) -> URL {
        place.deletingLastPathComponent().appending(path: AsideName.make(for: place.lastPathComponent, purpose))
    }

    /// What PEFT needs in every layer: a rank of at least 1, and a bias if any layer has one.
    private static func completed(_ adapter: LoRAAdapter) -> LoRAAdapter {
        guard adapter.factors.values.contains(where: { $0.bias != nil }) else { return adapter }
        return LoRAAdapter(
            factors: adapter.factors.mapValues { factors in
                let isEmpty = factors.rank == 0
                return LoRAFactors(
                    rank: max(1, factors.rank), inputs: factors.inputs, outputs: factors.outputs,
                    a: isEmpty ? [Float](repeating: 0, count: factors.inputs) : factors.a,
                    b: isEmpty ? [Float](repeating: 0, count: factors.outputs) : factors.b, scaling: factors.scaling,
                    bias: factors.bias ?? [Float](repeating: 0, count: factors.outputs))
            })
    }

    private static func tensors(of adapter: LoRAAdapter) -> [(name: String, shape: [Int], values: [Float])] {
        adapter.sites.flatMap { site -> [(name: String, shape: [Int], values: [Float])] in
            guard let factors = adapter.factors[site] else { return [] }
            func name(_ part: PEFTTensorName.Part) -> String { PEFTTensorName(site: site, part: part).text }
            let matrices = [
                (name(.a), [factors.rank, factors.inputs], factors.a),
                (name(.b), [factors.outputs, factors.rank], factors.b),
            ]
            return matrices + (factors.bias.map { [(name(.bias), [factors.outputs], $0)] } ?? [])
        }
    }

    private static func configuration(of adapter: LoRAAdapter, baseModel: String?) -> String {
        let layers = adapter.sites.compactMap { site in
            // Exact: a Float times a rank below 2²⁹ fits a Double, so reading divides back to the same Float.
            adapter.factors[site].map { (site, rank: Double($0.rank), alpha: Double($0.scaling) * Double($0.rank)) }
        }
        let rank = mostFrequent(layers.map(\.rank))
        let alpha = mostFrequent(layers.map(\.alpha))
        let ranks = layers.filter { $0.rank != rank }.map { ($0.0.description, JSONTree.number($0.rank)) }
        let alphas = layers.filter { $0.alpha != alpha }.map { ($0.0.description, JSONTree.number($0.alpha)) }
        let members: [String: JSONTree] = [
            "alpha_pattern": .object(Dictionary(alphas) { $1 }),
            "base_model_name_or_path": baseModel.map(JSONTree.string) ?? .null,
            "bias": .string("none"), "fan_in_fan_out": .bool(false), "inference_mode": .bool(true),
            "init_lora_weights": .bool(true), "lora_alpha": .number(alpha),
            "lora_bias": .bool(adapter.factors.values.contains { $0.bias != nil }), "lora_dropout": .number(0),
            "modules_to_save": .null, "peft_type": .string("LORA"), "r": .number(rank),
            "rank_pattern": .object(Dictionary(ranks) { $1 }), "target_modules": .list(targets(of: adapter)),
            "task_type": .string("CAUSAL_LM"), "use_dora": .bool(false), "use_rslora": .bool(false),
        ]
        return JSONTree.object(members).prettyText
    }

    /// The projections' names if every layer from 0 has the same ones, each module's path otherwise.
    private static func targets(of adapter: LoRAAdapter) -> [JSONTree] {
        let sites = adapter.sites
        let projections = Set(sites.map(\.projection)).sorted()
        let layers = (sites.last?.layer ?? 0) + 1
        let isComplete = sites.count == layers * projections.count
        return (isComplete ? projections.map(\.rawValue) : sites.map(\.description)).map(JSONTree.string)
    }

    /// Of equally frequent values the smallest.
    private static func mostFrequent(_ values: [Double]) -> Double {
        let counts = Dictionary(grouping: values) { $0 }.mapValues(\.count)
        return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    }
}
