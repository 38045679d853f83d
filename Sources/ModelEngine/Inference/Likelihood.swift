import CKernels

extension Generator {
    /// How probable the model finds an answer: Σ ln p(token | what comes before it) over the answer's tokens, in nats.
    ///
    /// - Parameters:
    ///   - example: prompt and answer, at least one token of prompt.
    ///   - adapter: under which the model runs; nil for the base model.
    /// - Throws: `ModelError` for tokens that do not fit the model, or an answer that is not inside the sequence.
    /// - Complexity: one pass over the tokens; logits of the answer's rows only, some at a time.
    public func logLikelihood(of example: TrainingExample, adapter: PreparedAdapter? = nil) throws(ModelError) -> Double
    {
        guard example.answerStart >= 1, example.answerStart < example.tokens.count else {
            throw ModelError(
                .badValue,
                "an answer must start after the first token and before the end, not at \(example.answerStart) of "
                    + "\(example.tokens.count)")
        }
        // The last token predicts nothing, so it needs no row.
        let tokens = Array(example.tokens.dropLast())
        var total = 0.0
        try forEachLogits(of: tokens, from: example.answerStart - 1, adapter: adapter) { position, logits, count in
            total += Double(logits[Int(example.tokens[position + 1])]) - Double(ck_log_sum_exp(logits, count))
        }
        return total
    }

    /// Hands over the logits `[V]` of every position from `first` on, in order.
    func forEachLogits(
        of tokens: [Int32], from first: Int, adapter: PreparedAdapter?,
        _ body: (_ position: Int, _ logits: UnsafePointer<Float>, _ count: Int) -> Void
    ) throws(ModelError) {
        try model.check(tokens, upTo: tokens.count)
        try check(adapter)
        let size = model.configuration.vocabularySize
        let rows = min(maximumRows, tokens.count)
        let forward = ForwardPass(
            model, maximumRows: rows, positions: tokens.count, adapterWidth: adapter?.width ?? 0)
        let cache = KeyValueCache(positions: tokens.count, configuration: model.configuration)
        let logits = FloatBuffer(uninitialized: rows * size)
        for start in stride(from: 0, to: tokens.count, by: rows) {
            let end = min(start + rows, tokens.count)
            let wanted = max(first, start)..<max(first, end)
            let segment = ForwardPass.Segment(
                cache: cache, adapter: adapter, row: 0, count: end - start, position: start)
            forward.run(
                segments: [segment], tokens: Array(tokens[start..<end]), logitRows: wanted.map { $0 - start },
                logits: logits)
            for (row, position) in wanted.enumerated() { body(position, logits.pointer + row * size, size) }
        }
    }
}
