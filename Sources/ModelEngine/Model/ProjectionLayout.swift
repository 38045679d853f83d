/// How GGUF files of one family name the linear layers that adapters change, and order their rows.
///
/// A model file and a LoRA file of llama.cpp agree in both, so an adapter's names and rows follow from its family.
public struct ProjectionLayout: Sendable, Equatable {
    /// The family's name in files, such as `llama`.
    public let architecture: String
    /// Whether the rows of q and k are stored with the two halves of each head interleaved.
    ///
    /// Hugging Face's rotary pairs are rows (i, i + D/2) of a head; llama.cpp's converter makes them neighbours for the
    /// llama family alone. Row half·D/2 + i of a head is row 2i + half in the file.
    public let interleavesHeads: Bool
    private let names: [String]

    /// The layout of a family.
    ///
    /// - Throws: `unsupportedArchitecture`, naming those that there are.
    public init(architecture: String) throws(ModelError) {
        guard let family = Architecture.named(architecture) else {
            let known = ModelConfiguration.supportedArchitectures.joined(separator: ", ")
            throw ModelError(
                .unsupportedArchitecture, "the architecture \"\(architecture)\" is not known; use one of \(known)")
        }
        self.architecture = architecture
        interleavesHeads = family.rowOrder == .interleaved
        names = family.tensors.projections
    }

    /// The name of a layer's weight, such as `blk.3.attn_q.weight`.
    public func weightName(of site: AdapterSite) -> String {
        Architecture.TensorNames.block(site.layer, names[site.projection.index])
    }

    /// The layer whose weight has that name, or nil.
    public func site(ofWeight name: String) -> AdapterSite? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "blk", parts[3] == "weight",
            let layer = Int(parts[1]), (0..<AdapterSite.mostLayers).contains(layer), String(layer) == parts[1],
            let projection = Projection.allCases.first(where: { names[$0.index] == parts[2] })
        else { return nil }
        return AdapterSite(layer: layer, projection: projection)
    }
}
