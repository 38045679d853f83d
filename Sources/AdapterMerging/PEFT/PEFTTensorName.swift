import ModelEngine

/// The name of a LoRA factor in a PEFT file, e.g. `base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight`.
struct PEFTTensorName: Sendable, Hashable {
    var site: AdapterSite
    var matrix: FactorMatrix

    init(site: AdapterSite, matrix: FactorMatrix) {
        self.site = site
        self.matrix = matrix
    }

    /// Grammar: `base_model.model.model.layers.` layer `.` container `.` projection `.` (`lora_A` | `lora_B`)
    /// `.weight`.
    ///
    /// `nil` for any other name, among them a projection under the wrong container.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 9, parts[0...3].elementsEqual(["base_model", "model", "model", "layers"]),
            let layer = Int(parts[4]), layer >= 0, String(layer) == parts[4],
            let projection = Projection(rawValue: String(parts[6])), parts[5] == projection.container,
            let matrix = FactorMatrix(rawValue: String(parts[7])), parts[8] == "weight"
        else { return nil }
        site = AdapterSite(layer: layer, projection: projection)
        self.matrix = matrix
    }

    var text: String { "base_model.model.\(site).\(matrix.rawValue).weight" }
}
