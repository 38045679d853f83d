import ModelEngine

extension LoRAAdapter {
    /// Refuses what no adapter file holds.
    ///
    /// - Parameters:
    ///   - path: the file or folder to name in errors.
    ///   - holdingBiases: whether the format has a place for biases.
    /// - Throws: `MergeError` with `noAdapters`, `unsupportedOption`, `badAdapter` or `notFinite`.
    func checkWritable(to path: String, holdingBiases: Bool) throws(MergeError) {
        guard !factors.isEmpty else {
            throw MergeError(
                .noAdapters, "the adapter changes no layer, so there is nothing to write; give another one", file: path)
        }
        for site in sites {
            guard let factors = factors[site] else { continue }
            guard holdingBiases || factors.bias == nil else {
                throw MergeError(
                    .unsupportedOption,
                    "the layer has an output bias, which a GGUF adapter cannot hold; write a PEFT folder instead",
                    file: path, key: site.description)
            }
            guard factors.rank > 0 || factors.bias != nil else {
                throw MergeError(
                    .badAdapter, "the rank is 0, which adapter files cannot hold; leave the layer out", file: path,
                    key: site.description)
            }
            guard factors.scaling.isFinite, factors.a.allSatisfy(\.isFinite), factors.b.allSatisfy(\.isFinite),
                factors.bias?.allSatisfy(\.isFinite) ?? true
            else {
                throw MergeError(
                    .notFinite, "the layer holds NaN or infinite numbers and is not written; train the adapter again",
                    file: path,
                    key: site.description)
            }
        }
    }
}
