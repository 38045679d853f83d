extension ModelSummary {
    /// So many tensors are named before the rest is only counted.
    private static let named = 8

    /// Asks each part of the engine whether it takes the file, so that all reasons come at once.
    static func obstacles(_ file: GGUFFile) -> [Obstacle] {
        var obstacles: [Obstacle] = []
        func attempt<Value>(_ part: Obstacle.Part, _ body: () throws(ModelError) -> Value) -> Value? {
            do throws(ModelError) { return try body() } catch {
                obstacles.append(Obstacle(part: part, message: text(error)))
                return nil
            }
        }
        let configuration = attempt(.architecture) { () throws(ModelError) in try ModelConfiguration(gguf: file) }
        _ = attempt(.tokenizer) { () throws(ModelError) in try Tokenizer(gguf: file) }
        _ = attempt(.chatTemplate) { () throws(ModelError) in try ChatTemplate(gguf: file) }
        let tensors = configuration.map { tensorObstacles(file, $0) } ?? typeObstacles(file.tensors)
        return obstacles + tensors.map { Obstacle(part: .tensors, message: $0) }
    }

    /// An error without the file's path.
    private static func text(_ error: ModelError) -> String {
        var error = error
        error.file = nil
        return error.description
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

    /// What the weights' own check finds; tensors of types that are not read are summed up by type.
    private static func tensorObstacles(_ file: GGUFFile, _ configuration: ModelConfiguration) -> [String] {
        let problems = WeightLayout(file, configuration).problems()
        let unread = problems.filter { $0.code == .unsupportedType }.compactMap(\.tensor)
        let others = problems.filter { $0.code != .unsupportedType }.map(text)
        let rest = others.count > named ? ["\(others.count - named) more tensors are missing or do not fit"] : []
        return others.prefix(named) + rest + typeObstacles(unread.compactMap { file.tensor(named: $0) })
    }
}
