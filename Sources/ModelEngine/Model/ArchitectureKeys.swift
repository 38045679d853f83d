/// Reads a family's keys and remembers which, so that what nobody asked for can be refused.
struct ArchitectureKeys {
    /// No size may be as large as this; products of three sizes still fit an `Int`.
    static let limit = 1 << 20

    private let metadata: GGUFMetadata
    private let prefix: String
    /// What is read, and what is known to change nothing.
    private var known: Set<String> = [
        "vocab_size", "tensor_data_layout", "rope.scaling.original_context_length", "rope.scaling.finetuned",
    ]
    /// Factors that change nothing where they are 1.
    private static let factors: Set<String> = ["logit_scale", "rope.scaling.attn_factor"]

    init(_ metadata: GGUFMetadata, prefix: String) {
        self.metadata = metadata
        self.prefix = prefix
    }

    private mutating func full(_ key: String) -> String {
        known.insert(key)
        return "\(prefix).\(key)"
    }

    /// The error for a value that cannot be run.
    func bad(_ key: String, _ value: String) -> ModelError {
        ModelError(
            .badValue, "\(value) is not a value that this version can run; is the file damaged?", file: metadata.file,
            key: "\(prefix).\(key)")
    }

    /// The error for a part of a model that does not exist here.
    private func unsupported(_ key: String, _ what: String) -> ModelError {
        ModelError(
            .unsupportedArchitecture, "\(what) is not supported by this version; choose another model file",
            file: metadata.file, key: "\(prefix).\(key)")
    }

    /// A whole number above 0.
    mutating func size(_ key: String, default fallback: Int? = nil, below limit: Int = limit) throws(ModelError) -> Int
    {
        let value = try metadata.int(full(key), default: fallback)
        guard value > 0, value < limit else { throw bad(key, "\(value)") }
        return value
    }

    /// A finite number, at least `least`.
    mutating func number(_ key: String, default fallback: Float? = nil, least: Float) throws(ModelError) -> Float {
        let value = try metadata.float(full(key), default: fallback)
        guard value.isFinite, value >= least else { throw bad(key, "\(value)") }
        return value
    }

    /// A truth value.
    mutating func bool(_ key: String, default fallback: Bool) throws(ModelError) -> Bool {
        try metadata.bool(full(key), default: fallback)
    }

    /// What the file says about positions.
    struct Rotary {
        var base: Float
        var schemes: [RotaryScheme]
        var layers: [LayerAttention]
        /// The window of a model whose family has none; longer sequences would need it.
        var contextLimit: Int?
    }

    /// Rotary bases and scaling, and which layers have a window.
    mutating func rotary(_ family: Architecture, layers: Int) throws(ModelError) -> Rotary {
        let base = try number("rope.freq_base", default: 10_000, least: 1)
        // The key's name and its default are llama.cpp's.
        let type = try metadata.string(full("rope.scaling.type"), default: "linear")
        guard type == "linear" || type == "none" else {
            throw unsupported("rope.scaling.type", "rotary scaling \"\(type)\"")
        }
        var scale = try number("rope.scaling.factor", default: 0, least: 0)
        let older = try number("rope.scale_linear", default: 0, least: 0)
        if scale == 0 { scale = older }
        let global = RotaryScheme(base: base, scale: type == "none" || scale == 0 ? 1 : scale)
        var rotary = Rotary(
            base: base, schemes: [global],
            layers: [LayerAttention](repeating: LayerAttention(window: nil, scheme: 0), count: layers))
        let windowKey = "attention.sliding_window"
        let hasWindow = family.local != nil || metadata["\(prefix).\(windowKey)"] != nil
        let window = hasWindow ? try metadata.int(full(windowKey)) : 0
        guard window >= (family.local == nil ? 0 : 1) else { throw bad(windowKey, "\(window)") }
        guard let local = family.local else {
            rotary.contextLimit = window == 0 ? nil : window
            return rotary
        }
        let localBase = try number("rope.freq_base_swa", default: local.ropeBase, least: 1)
        rotary.schemes.append(RotaryScheme(base: localBase))
        for (layer, slides) in try slidingLayers(local, count: layers).enumerated() where slides {
            rotary.layers[layer] = LayerAttention(window: window, scheme: 1)
        }
        return rotary
    }

    /// Which layers have a window: by the file's pattern (a number, or a truth value for each layer), or the family's.
    private mutating func slidingLayers(_ local: Architecture.LocalLayers, count: Int) throws(ModelError) -> [Bool] {
        let key = "attention.sliding_window_pattern"
        if case .array(let values) = metadata["\(prefix).\(key)"] {
            known.insert(key)
            let slides = values.compactMap { if case .bool(let slides) = $0 { slides } else { nil } }
            guard slides.count == values.count, slides.count == count else {
                throw bad(key, "an array of \(values.count) values")
            }
            return slides
        }
        let pattern = try size(key, default: local.pattern)
        return (0..<count).map { ($0 + 1) % pattern != 0 }
    }

    /// Refuses the first key of the family (by name) that was not read, unless its value says that nothing is there.
    func refuseTheRest() throws(ModelError) {
        for key in metadata.values.keys.sorted() where key.hasPrefix("\(prefix).") {
            let name = String(key.dropFirst(prefix.count + 1))
            guard !known.contains(name), let value = metadata[key] else { continue }
            let isIdle =
                switch value {
                case .unsigned(let number): number == 0
                case .signed(let number): number == 0
                case .float(let number): number == 0 || number == 1 && Self.factors.contains(name)
                case .bool(let truth): truth == (name == "attention.causal")
                case .string(let text): text.isEmpty
                case .array(let values): values.isEmpty
                }
            guard isIdle else { throw unsupported(name, "what this key asks for") }
        }
    }
}
