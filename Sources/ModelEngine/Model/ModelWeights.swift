import CKernels

/// The base weights, packed for products with x on the left.
struct ModelWeights: Sendable {
    /// One decoder block.
    struct Layer: Sendable {
        /// RMSNorm weights before attention and before the feed-forward part, `[H]`.
        let attentionNorm: FloatBuffer
        let feedForwardNorm: FloatBuffer
        /// By `Projection.index`: Wᵀ in panels, `[inputs, outputs]`.
        let projections: [PackedMatrix]
    }

    let layers: [Layer]
    /// The last RMSNorm, `[H]`.
    let outputNorm: FloatBuffer
    /// `[H, V]` in panels: from hidden state to logits.
    let head: PackedMatrix
    /// How many numbers the file's tensors hold.
    let parameterCount: Int

    /// GGUF's name of a projection's tensor.
    static func tensorName(_ site: AdapterSite) -> String {
        let names = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]
        return "blk.\(site.layer).\(names[site.projection.index]).weight"
    }

    /// The tensor behind the logits: its own, or the embedding where the file ties them.
    static func headName(_ gguf: GGUFFile) -> String {
        gguf.tensor(named: "output.weight") == nil ? "token_embd.weight" : "output.weight"
    }

    /// Decodes and packs every tensor, shared out over the pool's lanes by tensor.
    init(gguf: GGUFFile, configuration: ModelConfiguration, pool: WorkerPool) throws(ModelError) {
        try Self.checkShapes(gguf, configuration)
        func vector(_ name: String) throws(ModelError) -> FloatBuffer { FloatBuffer(try gguf.dequantized(name)) }
        var layers: [Layer] = []
        var jobs: [(AdapterSite?, PackedMatrix)] = []
        for layer in 0..<configuration.layers {
            let projections = Projection.allCases.map { projection in
                let shape = configuration.shape(of: projection)
                return PackedMatrix(columns: shape.outputs, depth: shape.inputs)
            }
            for projection in Projection.allCases {
                jobs.append((AdapterSite(layer: layer, projection: projection), projections[projection.index]))
            }
            layers.append(
                Layer(
                    attentionNorm: try vector("blk.\(layer).attn_norm.weight"),
                    feedForwardNorm: try vector("blk.\(layer).ffn_norm.weight"), projections: projections))
        }
        self.layers = layers
        outputNorm = try vector("output_norm.weight")
        head = PackedMatrix(columns: configuration.vocabularySize, depth: configuration.hiddenSize)
        jobs.append((nil, head))
        parameterCount = gguf.tensors.reduce(0) { $0 + $1.count }
        let work = jobs
        pool.run { lane in
            for (site, matrix) in work {
                let part = lane.share(of: matrix.columns, step: PackedMatrix.panel)
                guard let rows = try? Self.rows(part, of: site, gguf, configuration) else { continue }
                rows.withUnsafeBufferPointer { source in
                    guard let base = source.baseAddress else { return }
                    let first = part.lowerBound / PackedMatrix.panel
                    let last = (part.upperBound + PackedMatrix.panel - 1) / PackedMatrix.panel
                    // `rows` starts at this lane's first column, the kernel counts from column 0.
                    matrix.pack(rows: base - part.lowerBound * matrix.depth, stride: matrix.depth, panels: first..<last)
                }
            }
        }
    }

    /// Rows `[range, inputs]` of a linear layer's weight in Hugging Face's order (nil: the output head).
    ///
    /// llama.cpp stores the rows of q and k with the two halves of each head interleaved, for rotation of neighbours;
    /// we rotate halves as Hugging Face does, so that PEFT adapters fit as they are.
    static func rows(
        _ range: Range<Int>, of site: AdapterSite?, _ gguf: GGUFFile, _ configuration: ModelConfiguration
    ) throws(ModelError) -> [Float] {
        let tensor = try gguf.tensor(site.map(tensorName) ?? headName(gguf))
        let columns = tensor.columns
        func decoded(_ rows: Range<Int>) throws(ModelError) -> [Float] {
            var result = [Float](repeating: 0, count: rows.count * columns)
            var failure: ModelError?
            result.withUnsafeMutableBufferPointer { buffer in
                do throws(ModelError) { try gguf.dequantize(tensor, rows: rows, into: buffer) } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return result
        }
        guard let site, site.projection == .query || site.projection == .key else { return try decoded(range) }
        guard !range.isEmpty else { return [] }
        let size = configuration.headSize
        let low = range.lowerBound / size * size
        let high = (range.upperBound + size - 1) / size * size
        let stored = try decoded(low..<high)
        var result = [Float](repeating: 0, count: range.count * columns)
        for row in range {
            let inHead = row % size
            let source = row - inHead + (inHead % (size / 2)) * 2 + inHead / (size / 2) - low
            let target = row - range.lowerBound
            result.replaceSubrange(
                target * columns..<(target + 1) * columns, with: stored[source * columns..<(source + 1) * columns])
        }
        return result
    }

    private static func checkShapes(_ gguf: GGUFFile, _ configuration: ModelConfiguration) throws(ModelError) {
        func check(_ name: String, rows: Int, columns: Int) throws(ModelError) {
            let tensor = try gguf.tensor(name)
            guard tensor.rows == rows, tensor.columns == columns else {
                throw ModelError(
                    .badShape,
                    "the tensor has shape \(tensor.shape) where the model's sizes ask for [\(rows), \(columns)]",
                    file: gguf.metadata.file, tensor: name)
            }
            guard tensor.type.isReadable else {
                let names = GGUFType.readable.map(\.description).joined(separator: ", ")
                throw ModelError(
                    .unsupportedType,
                    "the tensor has type \(tensor.type), which this version does not read; use a file with \(names) only",
                    file: gguf.metadata.file, tensor: name)
            }
        }
        let hidden = configuration.hiddenSize
        for site in configuration.sites {
            let shape = configuration.shape(of: site.projection)
            try check(tensorName(site), rows: shape.outputs, columns: shape.inputs)
        }
        for layer in 0..<configuration.layers {
            try check("blk.\(layer).attn_norm.weight", rows: 1, columns: hidden)
            try check("blk.\(layer).ffn_norm.weight", rows: 1, columns: hidden)
            for bias in ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]
            where gguf.tensor(named: "blk.\(layer).\(bias).bias") != nil {
                throw ModelError(
                    .unsupportedArchitecture, "linear layers with a bias are not supported by this version",
                    file: gguf.metadata.file, tensor: "blk.\(layer).\(bias).bias")
            }
        }
        try check("output_norm.weight", rows: 1, columns: hidden)
        try check("token_embd.weight", rows: configuration.vocabularySize, columns: hidden)
        try check(headName(gguf), rows: configuration.vocabularySize, columns: hidden)
    }
}
