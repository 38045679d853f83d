import Foundation
import ModelEngine

/// What `adapter_config.json` says about an adapter's factors.
///
/// Every option that would change the answer is either honoured or refused by name. An option that this reader has
/// never heard of is accepted only while it switches nothing on (null, false or empty).
struct PEFTConfiguration {
    private let file: String
    private let rank: Double
    private let alpha: Double
    private let isRankStabilised: Bool
    /// Whether each B has a bias.
    let hasBiases: Bool
    private let selection: PEFTModuleSelection
    private let rankPattern: PatternTable
    private let alphaPattern: PatternTable

    /// Reads the text of a configuration.
    ///
    /// - Parameter file: the path to name in errors.
    /// - Throws: `MergeError` with `badFormat`, `missingKey` or `unsupportedOption`.
    init(parsing data: Data, file: String) throws(MergeError) {
        let root: JSONTree
        do { root = try JSONTree(parsing: data) } catch {
            throw MergeError(.badFormat, "this is not valid JSON; save the adapter again", file: file)
        }
        guard case .object(let members) = root else {
            throw MergeError(.badFormat, "the configuration must be a JSON object; save the adapter again", file: file)
        }
        try PEFTOptions.refuseUnsupported(members, file: file)
        let fields = PEFTConfigurationFields(members: members, file: file)
        self.file = file
        rank = try fields.number("r")
        try fields.check(rank: rank, key: "r")
        alpha = try fields.number("lora_alpha")
        isRankStabilised = try fields.flag("use_rslora")
        hasBiases = try fields.flag("lora_bias")
        rankPattern = try fields.patterns("rank_pattern") { value, key throws(MergeError) in
            try fields.check(rank: value, key: key)
        }
        alphaPattern = try fields.patterns("alpha_pattern") { _, _ in }
        selection = try PEFTModuleSelection(fields)
    }

    /// The rank of a layer's factors.
    func rank(of site: AdapterSite) throws(MergeError) -> Int {
        try located { () throws(MergeError) in
            Int(try rankPattern.value(for: site.description, option: "rank_pattern") ?? rank)
        }
    }

    /// The scaling of a layer's update: alpha / r, or alpha / √r with `use_rslora`.
    ///
    /// Source of the latter: Kalajdzievski, "A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA" (2023).
    func scaling(of site: AdapterSite) throws(MergeError) -> Float {
        let rank = Double(try rank(of: site))
        let layerAlpha = try located { () throws(MergeError) in
            try alphaPattern.value(for: site.description, option: "alpha_pattern") ?? alpha
        }
        let scaling = Float(layerAlpha / (isRankStabilised ? rank.squareRoot() : rank))
        guard scaling.isFinite else {
            throw MergeError(
                .badFormat, "the value \(layerAlpha) is too large; set a smaller one", file: file, key: "lora_alpha")
        }
        return scaling
    }

    /// Whether the options that choose modules include the layer.
    func targets(_ site: AdapterSite) throws(MergeError) -> Bool {
        try located { () throws(MergeError) in try selection.includes(site) }
    }

    private func located<Value>(_ body: () throws(MergeError) -> Value) throws(MergeError) -> Value {
        do { return try body() } catch {
            var error = error
            error.file = file
            throw error
        }
    }
}
