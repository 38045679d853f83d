import AdapterMerging
import BenchmarkStore
import ModelEngine

/// What an adapter is to be trained from and how; its hash is the adapter's identity.
struct TrainingOrder {
    /// Name of the task or setting.
    let task: String
    /// `lora` for a single task; else the learned method's name in the register.
    let kind: String
    let rank: Int
    let alpha: Double
    let setting: SettingRecord
    let examples: [ExampleRecord]
    let validation: [ExampleRecord]
    let options: TrainingOptions
    /// What a composition's adapter starts from; nil for a single task.
    let origin: AdapterArchive.Origin?
    let start: () throws -> TrainableAdapter

    /// The examples of all epochs.
    var examplesInAll: Int { examples.count * options.epochs }

    /// All that decides the weights, as JSON and as a hash.
    func recipe(model: ModelRecord, system: String?) throws -> (text: String, hash: String) {
        // The objective and all else that a learned method is told are among its parameters.
        let start = origin.map { [$0.method, $0.parameters] + $0.parents.map(\.recipeHash) } ?? []
        let parts = [
            "model": model.sha256, "task": task, "kind": kind, "rank": "\(rank)", "alpha": "\(alpha)",
            "instruction": setting.instruction, "system": system ?? "", "data": Self.hash(examples),
            "examples": "\(examples.count)", "validation": Self.hash(validation),
            "learning-rate": "\(options.learningRate)", "epochs": "\(options.epochs)",
            "batch-size": "\(options.batchSize)", "warmup": "\(options.warmup)",
            "weight-decay": "\(options.weightDecay)", "clip": options.clip.map { "\($0)" } ?? "none",
            "seed": "\(options.seed)", "start": start.joined(separator: " "), "training": "braid-2",
        ]
        return (try CanonicalJSON.text(parts), ContentHash(parts: parts).hex)
    }

    /// The name of the file or folder that keeps the weights.
    func fileName(hash: String) -> String {
        let name = task.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
        return "\(kind)-\(name)-\(hash.prefix(12))"
    }

    private static func hash(_ examples: [ExampleRecord]) -> String {
        ContentHash(list: examples.flatMap { [$0.input, $0.reference] }).hex
    }
}

extension TrainableAdapter {
    /// The adapter as LoRA with its own scaling where it is ordinary LoRA training: one term a layer, A and B trained.
    var whole: LoRAAdapter? {
        let isWhole = terms.values.allSatisfy {
            $0.count == 1 && $0[0].trainsA && $0[0].trainsB
                && $0[0].trainableParameterCount == $0[0].factors.a.count + $0[0].factors.b.count
        }
        return isWhole ? LoRAAdapter(factors: terms.compactMapValues { $0.first?.factors }) : nil
    }
}
