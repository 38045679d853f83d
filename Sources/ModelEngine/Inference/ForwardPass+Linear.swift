import CKernels

extension ForwardPass {
    /// The products of one group of projections with their common input, base weights and biases first, then the
    /// adapters.
    func linear(
        _ lane: Lane, _ layer: Int, _ group: Int, _ weights: ModelWeights.Layer, _ runs: [AdapterRun], _ rows: Int,
        from input: FloatBuffer, into outputs: [FloatBuffer], accumulate: Bool = false
    ) {
        let projections = PreparedAdapter.groups[group]
        let inputs = model.configuration.shape(of: projections[0]).inputs
        quantized?.quantize(input.pointer, width: inputs, rows: lane.share(of: rows))
        for run in runs {
            guard let part = run.adapter.layers[layer][group] else { continue }
            let own = lane.share(of: run.rows.count)
            let first = run.rows.lowerBound + own.lowerBound
            lane.multiply(
                MatrixView(start: input.pointer + first * inputs, row: inputs), rows: own.count, by: part.a,
                columns: 0..<part.a.columns, into: low.pointer + first * lowWidth, row: lowWidth)
        }
        if quantized != nil || !runs.isEmpty { lane.meet() }
        for (projection, output) in zip(projections, outputs) {
            let matrix = weights.projections[projection.index]
            lane.multiply(
                MatrixView(start: input.pointer, row: inputs), quantized, rows: rows, by: matrix,
                columns: lane.columns(of: matrix.columns), into: output.pointer, row: matrix.columns,
                accumulate: accumulate)
            lane.add(weights.biases[projection.index], to: output, rows: 0..<rows)
        }
        for run in runs {
            guard let part = run.adapter.layers[layer][group] else { continue }
            for (index, output) in outputs.enumerated() {
                if let b = part.b[index] {
                    let width = b.matrix.columns
                    lane.multiply(
                        MatrixView(start: low.pointer + run.rows.lowerBound * lowWidth + b.offset, row: lowWidth),
                        rows: run.rows.count, by: b.matrix, columns: lane.columns(of: width),
                        into: output.pointer + run.rows.lowerBound * width, row: width, accumulate: true)
                }
                lane.add(part.biases[index], to: output, rows: run.rows)
            }
        }
    }
}

extension Lane {
    /// Adds a linear layer's bias to this lane's columns of some rows of the result, `[rows, outputs]`.
    func add(_ bias: FloatBuffer?, to output: FloatBuffer, rows: Range<Int>) {
        guard let bias else { return }
        let columns = columns(of: bias.count)
        for row in rows where !columns.isEmpty {
            ck_add(
                bias.pointer + columns.lowerBound, output.pointer + row * bias.count + columns.lowerBound, columns.count
            )
        }
    }
}
