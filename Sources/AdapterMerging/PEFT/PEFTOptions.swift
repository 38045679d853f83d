/// The options of a PEFT configuration that are not supported, and why they may not be passed over.
enum PEFTOptions {
    /// Read elsewhere, or without effect on what a finished adapter computes.
    private static let harmless: Set<String> = [
        "r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern", "target_modules", "layers_to_transform",
        "layers_pattern", "exclude_modules", "lora_bias", "auto_mapping", "base_model_name_or_path", "inference_mode",
        "lora_dropout", "megatron_core",
        "peft_version", "qalora_group_size", "revision", "task_type", "loftq_config", "eva_config", "runtime_config",
        "ensure_weight_tying",
        // How training keeps activations; the forward pass is plain LoRA's.
        "velora_config",
        // PEFT resets it for torch's linear layers, which those of the families that are read are.
        "fan_in_fan_out",
    ]

    private static let reasons = [
        "use_dora": "DoRA also rescales the base weights",
        "modules_to_save": "the adapter replaces whole modules of the base model",
        "bias": "the adapter replaces biases of the base model",
        "use_qalora": "the adapter works on grouped inputs",
        "use_bdlora": "the factors are block-diagonal",
        "kasa_config": "the adapter changes the base weights and has singular values beside its factors",
        "arrow_config": "the adapter is chosen for each token",
        "monteclora_config": "the factors are drawn at random",
        "corda_config": "the start changes the base model's weights",
        "lora_ga_config": "the start changes the base model's weights",
        "megatron_config": "the base model is split over machines",
        "trainable_token_indices": "the adapter changes embeddings",
        "layer_replication": "the adapter is for a model with repeated layers",
        "alora_invocation_tokens": "the adapter is active on some tokens only",
        "target_parameters": "the adapter changes parameters outside linear layers",
    ]

    /// Starts that leave the base model's weights as they are.
    private static let startsThatKeepTheBase: Set<String> = ["default", "gaussian", "eva", "orthogonal"]

    /// Refuses a configuration with an option that would change the answer and is not supported.
    ///
    /// - Throws: `MergeError` with `unsupportedOption` or `missingKey`, naming the file and the first such key in
    ///   alphabetical order.
    static func refuseUnsupported(_ members: [String: JSONTree], file: String) throws(MergeError) {
        guard let type = members["peft_type"] else {
            throw MergeError(
                .missingKey, "the key is missing; is this the configuration of a PEFT adapter?", file: file,
                key: "peft_type")
        }
        guard type == .string("LORA") else {
            throw MergeError(
                .unsupportedOption,
                "the adapter is of type \(type.compactText); only \"LORA\" is read; train or convert it as that",
                file: file,
                key: "peft_type")
        }
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "peft_type": continue
            case "bias" where value == .string("none"): continue
            case "init_lora_weights": try check(start: value, file: file)
            case _ where harmless.contains(key) || value.isAbsent: continue
            default:
                let reason = reasons[key].map { " (\($0))" } ?? ""
                throw MergeError(
                    .unsupportedOption,
                    "the option is set to \(value.compactText)\(reason) and is not supported; "
                        + "train the adapter without it",
                    file: file, key: key)
            }
        }
    }

    private static func check(start: JSONTree, file: String) throws(MergeError) {
        switch start {
        case .null, .bool: return
        case .string(let name) where startsThatKeepTheBase.contains(name): return
        default:
            throw MergeError(
                .unsupportedOption,
                "the start \(start.compactText) may change the base model's weights; "
                    + "convert the adapter to plain LoRA when you save it, or train from the default start",
                file: file, key: "init_lora_weights")
        }
    }
}
