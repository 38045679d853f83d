/// The base weights packed a second time, for gradients with respect to inputs: dx = dy·W.
struct TransposedWeights: Sendable {
    /// `[layer][Projection.index]`: `[outputs, inputs]` in panels.
    let projections: [[PackedMatrix]]
    /// `[V, H]` in panels.
    let head: PackedMatrix

    init(_ model: LanguageModel) throws(ModelError) {
        let configuration = model.configuration
        var projections: [[PackedMatrix]] = []
        var jobs: [(AdapterSite?, PackedMatrix)] = []
        for layer in 0..<configuration.layers {
            projections.append(
                Projection.allCases.map { projection in
                    let shape = configuration.shape(of: projection)
                    let matrix = PackedMatrix(columns: shape.inputs, depth: shape.outputs)
                    jobs.append((AdapterSite(layer: layer, projection: projection), matrix))
                    return matrix
                })
        }
        self.projections = projections
        head = PackedMatrix(columns: configuration.hiddenSize, depth: configuration.vocabularySize)
        jobs.append((nil, head))
        let work = jobs
        model.pool.run { lane in
            for (site, matrix) in work {
                // Whole rows are decoded at a time; a lane takes every count-th block of them.
                let block = 512
                for (number, top) in stride(from: 0, to: matrix.depth, by: block).enumerated()
                where number % lane.count == lane.index {
                    let range = top..<min(top + block, matrix.depth)
                    // Types and shapes were checked when the model was loaded.
                    guard let rows = try? ModelWeights.rows(range, of: site, model.gguf, configuration) else {
                        continue
                    }
                    for panel in 0..<matrix.panelCount {
                        let width = min(PackedMatrix.panel, matrix.columns - panel * PackedMatrix.panel)
                        for row in range {
                            let target = matrix.panels.pointer + (panel * matrix.depth + row) * PackedMatrix.panel
                            let source = (row - top) * matrix.columns + panel * PackedMatrix.panel
                            for j in 0..<width { target[j] = rows[source + j] }
                        }
                    }
                }
            }
        }
    }
}
