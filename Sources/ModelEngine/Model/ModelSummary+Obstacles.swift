extension ModelSummary {
    /// Asks each part of the engine whether it takes the file, so that all reasons come at once.
    static func obstacles(_ file: GGUFFile) -> [Obstacle] {
        var obstacles: [Obstacle] = []
        func attempt<Value>(_ part: Obstacle.Part, _ body: () throws(ModelError) -> Value) -> Value? {
            do throws(ModelError) { return try body() } catch {
                var error = error
                error.file = nil
                obstacles.append(Obstacle(part: part, message: error.description))
                return nil
            }
        }
        let configuration = attempt(.architecture) { () throws(ModelError) in try ModelConfiguration(gguf: file) }
        _ = attempt(.tokenizer) { () throws(ModelError) in try Tokenizer(gguf: file) }
        _ = attempt(.chatTemplate) { () throws(ModelError) in try ChatTemplate(gguf: file) }
        let tensors = configuration.map { tensorObstacles(file, $0) } ?? typeObstacles(file.tensors)
        return obstacles + tensors.map { Obstacle(part: .tensors, message: $0) }
    }

    /// A sentence for each type among the tensors that is not read.
    private static func typeObstacles(_ tensors: [GGUFTensor]) -> [String] {
        let unread = Dictionary(grouping: tensors.filter { !$0.type.isReadable }, by: \.type)
        return unread.sorted { $0.key.rawValue < $1.key.rawValue }.map { type, tensors in
            let others = tensors.count > 1 ? " and \(tensors.count - 1) more" : ""
            return "tensor '\(tensors[0].name)'\(others): the type \(type) is not read by this version; take the model "
                + "with another quantisation"
        }
    }

    /// What is missing among the tensors that every architecture here has, misshapen, or of a type that is not read.
    private static func tensorObstacles(_ file: GGUFFile, _ configuration: ModelConfiguration) -> [String] {
        var problems: [String] = []
        var needed: [GGUFTensor] = []
        /// Takes the tensor if it is there with `[rows, columns]`; nil for rows: the sizes' product overflows.
        func need(_ name: String, _ rows: Int?, _ columns: Int?) -> Bool {
            guard let tensor = file.tensor(named: name) else { return false }
            needed.append(tensor)
            if tensor.rows != rows || tensor.columns != columns {
                let expected = "[\(rows.map(String.init) ?? "?"), \(columns.map(String.init) ?? "?")]"
                problems.append(
                    "tensor '\(name)': the shape is \(tensor.shape) where the model's sizes ask for \(expected)")
            }
            return true
        }
        let hidden = configuration.hiddenSize
        if !need("output_norm.weight", 1, hidden) { problems.append("tensor 'output_norm.weight' is missing") }
        if !need("token_embd.weight", configuration.vocabularySize, hidden) {
            problems.append("tensor 'token_embd.weight' is missing")
        }
        // Without it the embedding serves as output layer.
        _ = need("output.weight", configuration.vocabularySize, hidden)
        for layer in 0..<configuration.layers {
            let parts = layerShapes(configuration)
            let missing = parts.filter { !need("blk.\(layer).\($0.name).weight", $0.rows, $0.columns) }
            if missing.count == parts.count {
                // A damaged count of layers may be in the millions, so the walk ends at the first block without tensors.
                problems.append("block \(layer) of \(configuration.layers) has no tensors")
                break
            }
            problems += missing.map { "tensor 'blk.\(layer).\($0.name).weight' is missing" }
        }
        return problems + typeObstacles(needed)
    }

    private static func layerShapes(
        _ configuration: ModelConfiguration
    ) -> [(name: String, rows: Int?, columns: Int?)] {
        func product(_ left: Int, _ right: Int) -> Int? {
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            return overflow ? nil : product
        }
        let (hidden, inner) = (configuration.hiddenSize, configuration.feedForwardSize)
        let query = product(configuration.heads, configuration.headSize)
        let keyValue = product(configuration.keyValueHeads, configuration.headSize)
        return [
            ("attn_norm", 1, hidden), ("attn_q", query, hidden), ("attn_k", keyValue, hidden),
            ("attn_v", keyValue, hidden), ("attn_output", hidden, query), ("ffn_norm", 1, hidden),
            ("ffn_gate", inner, hidden), ("ffn_up", inner, hidden), ("ffn_down", hidden, inner),
        ]
    }
}
