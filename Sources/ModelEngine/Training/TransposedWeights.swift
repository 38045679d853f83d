/// The base weights packed a second time, for gradients with respect to inputs: dx = dy·W.
struct TransposedWeights: Sendable {
    /// `[layer][Projection.index]`: `[outputs, inputs]` in panels.
    let projections: [[PackedMatrix]]
    /// `[V, H]` in panels.
    let head: PackedMatrix

    init(_ model: LanguageModel) throws(ModelError) {
        let configuration = model.configuration
        var projections: [[PackedMatrix]] = []
        let layout = WeightLayout(model.gguf, configuration)
        var jobs: [(source: WeightLayout.Source, matrix: PackedMatrix)] = []
        for layer in 0..<configuration.layers {
            var matrices: [PackedMatrix] = []
            for projection in Projection.allCases {
                let shape = configuration.shape(of: projection)
                let matrix = PackedMatrix(columns: shape.inputs, depth: shape.outputs)
                jobs.append((try layout.source(AdapterSite(layer: layer, projection: projection)), matrix))
                matrices.append(matrix)
            }
            projections.append(matrices)
        }
        self.projections = projections
        head = PackedMatrix(columns: configuration.hiddenSize, depth: configuration.vocabularySize)
        jobs.append((try layout.source(nil), head))
        let work = jobs
        model.pool.run { lane in
            let block = WeightLayout.blockRows
            let decoded = FloatBuffer(block * (work.map { $0.matrix.columns }.max() ?? 0))
            for (source, matrix) in work {
                // Whole rows are decoded at a time; a lane takes every count-th block of them.
                for (number, top) in stride(from: 0, to: matrix.depth, by: block).enumerated()
                where number % lane.count == lane.index {
                    let range = top..<min(top + block, matrix.depth)
                    layout.decode(range, of: source, into: decoded.pointer)
                    for panel in 0..<matrix.panelCount {
                        let width = min(PackedMatrix.panel, matrix.columns - panel * PackedMatrix.panel)
                        for row in range {
                            let target = matrix.panels.pointer + (panel * matrix.depth + row) * PackedMatrix.panel
                            let start = (row - top) * matrix.columns + panel * PackedMatrix.panel
                            for j in 0..<width { target[j] = decoded.pointer[start + j] }
                        }
                    }
                }
            }
        }
        model.gguf.file.releasePages()
    }
}
