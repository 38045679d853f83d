import AdapterMerging
import BenchmarkStore
import ModelEngine
import SeededRandom
import TextMetrics

/// The training examples of a setting that prompts show, chosen for each question.
struct WorkedExamples {
    private let shots: Int
    private let choice: ExampleChoice
    private let setting: SettingRecord
    private let seed: UInt64
    private let newTokens: Int
    private let pool: [ExampleRecord]
    private let similarity: TextSimilarity?

    /// - Parameter newTokens: the room that an answer must have left in the context.
    init(
        _ shots: Int, _ choice: ExampleChoice, of setting: SettingRecord, in database: BenchmarkDatabase, seed: UInt64,
        newTokens: Int
    ) throws {
        self.shots = shots
        self.choice = choice
        self.setting = setting
        self.seed = seed
        self.newTokens = newTokens
        pool =
            shots == 0
            ? []
            : try database.examples(ofSetting: setting.id, split: .train, limit: choice == .first ? shots : nil)
        similarity = choice == .nearest ? TextSimilarity(pool.map(\.input)) : nil
    }

    /// The chosen examples, best first: where not all fit, the last ones are left out.
    func ranked(for question: ExampleRecord) -> [ExampleRecord] {
        switch choice {
        case .first: return Array(pool.prefix(shots))
        case .nearest:
            return (similarity?.nearest(shots, to: question.input) ?? []).map { pool[$0] }
        case .random:
            // By the question's text: the draw is the same in every database.
            var generator = SeededGenerator(seed: seed, purpose: "few-shot/\(setting.name)/\(question.input)")
            return generator.shuffled(pool.indices).prefix(shots).map { pool[$0] }
        }
    }

    /// The prompt with as many examples as the context has room for; the most similar stands next to the question.
    func prompt(
        for question: ExampleRecord, _ composer: PromptComposer
    ) -> (tokens: [Int32], isShortened: Bool) {
        var chosen = ranked(for: question)
        let wanted = chosen.count
        let room = composer.model.configuration.contextLength - newTokens
        while true {
            let shown = choice == .nearest ? chosen.reversed() : chosen
            let tokens = composer.prompt(
                input: question.input, instruction: setting.instruction,
                shots: shown.map { ($0.input, $0.reference) })
            if tokens.count <= room || chosen.isEmpty { return (tokens, chosen.count < wanted) }
            chosen.removeLast()
        }
    }
}
