import ModelEngine

/// The name of a LoRA tensor in a PEFT file, e.g. `base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight`.
struct PEFTTensorName: Sendable, Hashable {
    /// A layer's tensors; the raw values are the ends of their names.
    enum Part: String, Sendable, Hashable {
        case a = "lora_A.weight"
        case b = "lora_B.weight"
        case bias = "lora_B.bias"
    }

    var site: AdapterSite
    var part: Part

    init(site: AdapterSite, part: Part) {
        self.site = site
        self.part = part
    }

    /// Grammar: `base_model.model.model.layers.` layer `.` container `.` projection `.` (`lora_A.weight` |
    /// `lora_B.weight` | `lora_B.bias`).
    ///
    /// `nil` for any other name, among them a projection under the wrong container.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 9, parts[0...3].elementsEqual(["base_model", "model", "model", "layers"]),
            let layer = Int(parts[4]), (0..<AdapterSite.mostLayers).contains(layer), String(layer) == parts[4],
            let projection = Projection(rawValue: String(parts[6])), parts[5] == projection.container,
            let part = Part(rawValue: parts[7...8].joined(separator: "."))
        else { return nil }
        site = AdapterSite(layer: layer, projection: projection)
        self.part = part
    }

    var text: String { "base_model.model.\(site).\(part.rawValue)" }
}
