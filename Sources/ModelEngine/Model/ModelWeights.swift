import CKernels
import Synchronization

/// The base weights, packed for products with x on the left.
struct ModelWeights: Sendable {
    /// One decoder block; what the family lacks is nil.
    struct Layer: Sendable {
        /// Before attention.
        let attentionNorm: Norm
        /// Before the feed-forward part; nil where it reads what attention read.
        let feedForwardNorm: Norm?
        /// Of the results, before they are added to the residual stream.
        let attentionPostNorm: Norm?
        let feedForwardPostNorm: Norm?
        /// Of each head, before rotation.
        let queryNorm: HeadNorm?
        let keyNorm: HeadNorm?
        /// By `Projection.index`: Wᵀ in panels, `[inputs, outputs]`.
        let projections: [WeightMatrix]
        /// By `Projection.index`: `[outputs]`.
        let biases: [FloatBuffer?]
    }

    let layers: [Layer]
    /// The last norm.
    let outputNorm: Norm
    /// `[H, V]` in panels: from hidden state to logits.
    let head: WeightMatrix
    /// How many numbers the file's tensors hold.
    let parameterCount: Int

    /// Decodes and packs every tensor, shared out over the pool's lanes.
    ///
    /// - Throws: what `WeightLayout` throws; `badValue` for a tensor with a number that is not finite.
    init(
        gguf: GGUFFile, configuration: ModelConfiguration, precision: WeightPrecision, pool: WorkerPool
    ) throws(ModelError) {
        let layout = WeightLayout(gguf, configuration)
        try layout.check()
        var arena = WeightArena(configuration, precision)
        var layers: [Layer] = []
        var jobs: [(source: WeightLayout.Source, matrix: WeightMatrix?)] = []
        for layer in 0..<configuration.layers {
            var projections: [WeightMatrix] = []
            for projection in Projection.allCases {
                let shape = configuration.shape(of: projection)
                let matrix = arena.matrix(columns: shape.outputs, depth: shape.inputs)
                projections.append(matrix)
                jobs.append((try layout.source(AdapterSite(layer: layer, projection: projection)), matrix))
            }
            layers.append(try layout.block(layer, projections))
        }
        self.layers = layers
        outputNorm = try layout.norm(configuration.family.tensors.outputNorm)
        head = arena.matrix(columns: configuration.vocabularySize, depth: configuration.hiddenSize)
        jobs.append((try layout.source(nil), head))
        // Embedding rows are decoded when they are needed; those that are not the head too are only checked here.
        let embedding = try layout.embedding
        if embedding.tensor != (try layout.source(nil)).tensor { jobs.append((embedding, nil)) }
        parameterCount = gguf.tensors.reduce(0) { $0 + $1.count }
        let work = jobs
        let failure = FirstFailure()
        pool.run { lane in
            let decoded = FloatBuffer(WeightLayout.blockRows * (work.map { $0.source.tensor.columns }.max() ?? 0))
            for (number, (source, matrix)) in work.enumerated() {
                let columns = source.tensor.columns
                let part = lane.share(of: source.tensor.rows, step: PackedMatrix.panel)
                for top in stride(from: part.lowerBound, to: part.upperBound, by: WeightLayout.blockRows) {
                    let rows = top..<min(top + WeightLayout.blockRows, part.upperBound)
                    layout.decode(rows, of: source, into: decoded.pointer)
                    guard ck_all_finite(decoded.pointer, rows.count * columns) else {
                        failure.report(number, layout.notFinite(source.tensor))
                        break
                    }
                    // `decoded` starts at the block's first column, the kernel counts from column 0.
                    matrix?.pack(
                        rows: decoded.pointer - top * columns, stride: columns,
                        panels: top / PackedMatrix.panel..<(rows.upperBound + PackedMatrix.panel - 1)
                            / PackedMatrix.panel)
                }
            }
        }
        if let error = failure.error { throw error }
    }
}

/// One stretch of memory for all matrices, so that the system can give huge pages for it.
private struct WeightArena {
    private let memory: AlignedMemory
    private let precision: WeightPrecision
    private var end = 0

    init(_ configuration: ModelConfiguration, _ precision: WeightPrecision) {
        var end = 0
        for projection in Projection.allCases {
            let shape = configuration.shape(of: projection)
            let bytes = WeightMatrix.bytes(columns: shape.outputs, depth: shape.inputs, precision)
            end += configuration.layers * AlignedMemory.place(bytes, after: 63).end
        }
        end += WeightMatrix.bytes(columns: configuration.vocabularySize, depth: configuration.hiddenSize, precision)
        memory = AlignedMemory(bytes: end + 64)
        self.precision = precision
    }

    mutating func matrix(columns: Int, depth: Int) -> WeightMatrix {
        let place = AlignedMemory.place(WeightMatrix.bytes(columns: columns, depth: depth, precision), after: end)
        end = place.end
        return WeightMatrix(columns: columns, depth: depth, precision, in: memory, at: place.start)
    }
}

/// The failure of the piece of work that comes first in order, whichever lane met it.
private final class FirstFailure: Sendable {
    private let found = Mutex<(number: Int, error: ModelError)?>(nil)

    func report(_ number: Int, _ error: ModelError) {
        found.withLock { if $0.map({ number < $0.number }) ?? true { $0 = (number, error) } }
    }

    var error: ModelError? { found.withLock { $0?.error } }
}
