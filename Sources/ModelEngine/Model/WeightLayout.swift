import CKernels

/// Where a model's tensors are in its file, and their rows in the engine's order.
struct WeightLayout: Sendable {
    /// A weight matrix of the file, `[outputs, inputs]`.
    struct Source: Sendable {
        let tensor: GGUFTensor
        /// Elements of a head whose rows the file has interleaved; nil where rows lie as they are used.
        let interleaved: Int?
    }

    /// Rows that are decoded at a time; whole panels, and few enough to stay in the cache.
    static let blockRows = 64

    let gguf: GGUFFile
    let configuration: ModelConfiguration
    var names: Architecture.TensorNames { configuration.family.tensors }

    init(_ gguf: GGUFFile, _ configuration: ModelConfiguration) {
        self.gguf = gguf
        self.configuration = configuration
    }

    // MARK: Matrices

    /// A linear layer's weight, or the output head's (nil): a tensor of its own, or the embedding where they are tied.
    func source(_ site: AdapterSite?) throws(ModelError) -> Source {
        guard let site else {
            guard let own = gguf.tensor(named: "\(names.head).weight") else { return try embedding }
            return Source(tensor: own, interleaved: nil)
        }
        let tensor = try gguf.tensor(Self.block(site.layer, names.projections[site.projection.index]))
        return Source(tensor: tensor, interleaved: interleaved(site.projection))
    }

    /// The embeddings, `[V, H]`.
    var embedding: Source {
        get throws(ModelError) { Source(tensor: try gguf.tensor("\(names.embedding).weight"), interleaved: nil) }
    }

    private static func block(_ layer: Int, _ name: String, _ kind: String = "weight") -> String {
        Architecture.TensorNames.block(layer, name, kind)
    }

    private func interleaved(_ projection: Projection) -> Int? {
        let rotates = projection == .query || projection == .key
        return rotates && configuration.family.rowOrder == .interleaved ? configuration.headSize : nil
    }

    /// Row of the file that holds a row in Hugging Face's order.
    ///
    /// llama.cpp's first converter stores the rows of q and k with the two halves of each head interleaved, for rotation
    /// of neighbours; we rotate halves as Hugging Face does, so that PEFT adapters fit as they are.
    private static func stored(_ row: Int, _ size: Int) -> Int {
        let inHead = row % size
        return row - inHead + (inHead % (size / 2)) * 2 + inHead / (size / 2)
    }

    /// Writes rows in Hugging Face's order, `[rows, inputs]`.
    ///
    /// - Precondition: `check` passed, so the type can be read.
    func decode(_ rows: Range<Int>, of source: Source, into target: UnsafeMutablePointer<Float>) {
        let columns = source.tensor.columns
        func decode(_ stored: Range<Int>, _ start: UnsafeMutablePointer<Float>) {
            try? gguf.dequantize(
                source.tensor, rows: stored,
                into: UnsafeMutableBufferPointer(start: start, count: stored.count * columns))
        }
        guard let size = source.interleaved else { return decode(rows, target) }
        for (index, row) in rows.enumerated() {
            let stored = Self.stored(row, size)
            decode(stored..<stored + 1, target + index * columns)
        }
    }

    // MARK: Vectors

    /// The vectors of a block, beside its packed matrices.
    func block(_ layer: Int, _ projections: [WeightMatrix]) throws(ModelError) -> ModelWeights.Layer {
        let family = configuration.family
        func norm(_ name: String) throws(ModelError) -> Norm { try self.norm("blk.\(layer).\(name)") }
        func headNorm(_ name: String) throws(ModelError) -> HeadNorm? {
            guard family.headNorm != .absent, gguf.tensor(named: Self.block(layer, name)) != nil else { return nil }
            return HeadNorm(
                kind: family.norm, weight: FloatBuffer(try vector(Self.block(layer, name))),
                size: configuration.headSize, epsilon: configuration.normEpsilon)
        }
        var biases: [FloatBuffer?] = []
        for projection in Projection.allCases { biases.append(try bias(layer, projection)) }
        return ModelWeights.Layer(
            attentionNorm: try norm(names.attentionNorm),
            feedForwardNorm: configuration.hasParallelResidual ? nil : try norm(names.feedForwardNorm),
            attentionPostNorm: family.hasPostNorms ? try norm(names.attentionPostNorm) : nil,
            feedForwardPostNorm: family.hasPostNorms ? try norm(names.feedForwardPostNorm) : nil,
            queryNorm: try headNorm(names.queryNorm), keyNorm: try headNorm(names.keyNorm),
            projections: projections, biases: biases)
    }

    /// A hidden state's norm by its full name without `.weight`.
    func norm(_ name: String) throws(ModelError) -> Norm {
        let kind = configuration.family.norm
        return Norm(
            kind: kind, weight: FloatBuffer(try vector("\(name).weight")),
            bias: kind == .layer ? FloatBuffer(try vector("\(name).bias")) : nil, epsilon: configuration.normEpsilon)
    }

    private func bias(_ layer: Int, _ projection: Projection) throws(ModelError) -> FloatBuffer? {
        let name = Self.block(layer, names.projections[projection.index], "bias")
        guard gguf.tensor(named: name) != nil else { return nil }
        let stored = try vector(name)
        guard let size = interleaved(projection) else { return FloatBuffer(stored) }
        return FloatBuffer(stored.indices.map { stored[Self.stored($0, size)] })
    }

    private func vector(_ name: String) throws(ModelError) -> [Float] {
        let values = try gguf.dequantized(name)
        guard ck_all_finite(values, values.count) else { throw notFinite(try gguf.tensor(name)) }
        return values
    }

    /// The error for a tensor with an infinite number, or one that is not a number.
    func notFinite(_ tensor: GGUFTensor) -> ModelError {
        ModelError(
            .badValue, "the tensor holds a number that is not finite, so the model cannot be run; get the file again",
            file: gguf.metadata.file, tensor: tensor.name)
    }
}
