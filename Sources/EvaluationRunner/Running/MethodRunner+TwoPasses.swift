import AdapterMerging
import BenchmarkStore
import ModelEngine

/// Two passes: each task of a composition under its own adapter, one after the other.
extension MethodRunner {
    /// What came out of the first pass on one document.
    private struct FirstAnswer {
        var text = ""
        var promptTokens = 0
        var newTokens = 0
        var seconds = 0.0
    }

    /// A task on a document: settings with the same first task share its answer.
    private struct FirstTask: Hashable {
        let task: String
        let document: Int64
    }

    /// The first task under its adapter, then the second under its own on what came out.
    func answerInTwoPasses(_ work: [Work], _ order: PassOrder, _ onStored: (String) -> Void) throws {
        var prepared: [String: PreparedAdapter] = [:]
        func adapter(_ task: String) throws -> PreparedAdapter {
            if let known = prepared[task] { return known }
            let made = try PreparedAdapter(workshop.adapter(task: task).adapter, for: model.configuration)
            prepared[task] = made
            return made
        }
        let firsts = try firstAnswers(work, order, adapter)
        if shouldStop() { throw stopped }
        var slots: [(slot: Slot, first: FirstAnswer)] = []
        var requests: [GenerationRequest] = []
        for (index, item) in work.enumerated() {
            let setting = plan.settings[item.setting].record
            guard let (first, second) = tasks(of: setting, order) else { continue }
            var shortened = 0
            for example in item.examples {
                guard let answer = firsts[FirstTask(task: first.name, document: example.documentID)] else { continue }
                let prompt = prompt(answer.text, instruction: second.instruction)
                shortened += prompt.isShortened ? 1 : 0
                requests.append(
                    GenerationRequest(
                        id: slots.count, prompt: prompt.tokens, adapter: try adapter(second.name),
                        maximumNewTokens: profile.newTokens, sampling: profile.sampling,
                        stream: UInt64(bitPattern: example.id)))
                slots.append((Slot(work: index, example: example), answer))
            }
            guard shortened > 0 else { continue }
            onWarning(
                "the first pass of \(shortened) of \(item.examples.count) documents of \(setting.name) is cut at its end for "
                    + "the second: it does not fit the model's context of \(model.configuration.contextLength) tokens")
        }
        try generator.generate(requests, shouldStop: shouldStop) { result in
            let (slot, first) = slots[result.id]
            var both = result
            both.promptTokens += first.promptTokens
            both.seconds += first.seconds
            try store(
                both, text(result), slot, work[slot.work], onStored, intermediate: first.text,
                generated: result.tokens.count + first.newTokens)
        }
    }

    private func tasks(of setting: SettingRecord, _ order: PassOrder) -> (SettingRecord, SettingRecord)? {
        guard let main = plan.tasks[setting.main], let auxiliary = setting.auxiliary.flatMap({ plan.tasks[$0] }) else {
            return nil
        }
        return order == .mainFirst ? (main, auxiliary) : (auxiliary, main)
    }

    // MARK: First pass

    /// The first pass on each document, once for all settings with the same first task.
    private func firstAnswers(
        _ work: [Work], _ order: PassOrder, _ adapter: (String) throws -> PreparedAdapter
    ) throws -> [FirstTask: FirstAnswer] {
        var asked: Set<FirstTask> = []
        var parts: [FirstTask] = []
        var requests: [GenerationRequest] = []
        for item in work {
            guard let (task, _) = tasks(of: plan.settings[item.setting].record, order) else { continue }
            for example in item.examples {
                let first = FirstTask(task: task.name, document: example.documentID)
                guard asked.insert(first).inserted else { continue }
                for part in Self.parts(of: example.input, order) {
                    let prompt = composer.prompt(input: part, instruction: task.instruction)
                    requests.append(
                        GenerationRequest(
                            id: parts.count, prompt: prompt, adapter: try adapter(task.name),
                            maximumNewTokens: limit(part, prompt: prompt.count, order), sampling: profile.sampling,
                            stream: UInt64(bitPattern: example.documentID)))
                    parts.append(first)
                }
            }
        }
        var results = [GenerationResult?](repeating: nil, count: requests.count)
        try generator.generate(requests, shouldStop: shouldStop) { results[$0.id] = $0 }
        var answers: [FirstTask: FirstAnswer] = [:]
        for (part, result) in zip(parts, results) {
            guard let result else { continue }
            var answer = answers[part] ?? FirstAnswer()
            answer.text += (answer.promptTokens > 0 ? "\n" : "") + text(result)
            answer.promptTokens += result.promptTokens
            answer.newTokens += result.tokens.count
            answer.seconds += result.seconds
            answers[part] = answer
        }
        return answers
    }

    /// What the first pass is given: the whole input, or its lines that are not blank.
    private static func parts(of input: String, _ order: PassOrder) -> [String] {
        guard order == .auxiliaryFirst(byLine: true) else { return [input] }
        let lines = input.split(whereSeparator: \.isNewline).map(String.init)
            .filter { !$0.trimmingWhitespace().isEmpty }
        return lines.isEmpty ? [input] : lines
    }

    /// The most tokens that the first pass may make of a part of the input.
    ///
    /// A summary or reply has the profile's limit. A translated or rewritten dialogue is as long as the dialogue: 1.5
    /// times its tokens (other languages take more of an English vocabulary) and 16, as far as the context goes.
    private func limit(_ part: String, prompt: Int, _ order: PassOrder) -> Int {
        guard order != .mainFirst else { return profile.newTokens }
        let tokens = model.tokenizer.encode(part, parseSpecial: false).count
        return max(0, min(tokens * 3 / 2 + 16, model.configuration.contextLength - prompt))
    }

    // MARK: Second pass

    /// The second prompt; where it and an answer do not fit the context, the first answer loses tokens at its end.
    private func prompt(_ input: String, instruction: String) -> (tokens: [Int32], isShortened: Bool) {
        let room = model.configuration.contextLength - profile.newTokens
        var tokens = composer.prompt(input: input, instruction: instruction)
        guard tokens.count > room else { return (tokens, false) }
        var kept = model.tokenizer.encode(input, parseSpecial: false)
        while tokens.count > room, !kept.isEmpty {
            // A cut may change how the neighbours of the last token are encoded, so the length is looked at again.
            kept.removeLast(min(kept.count, tokens.count - room))
            tokens = composer.prompt(
                input: model.tokenizer.decode(kept).trimmingWhitespace(), instruction: instruction)
        }
        return (tokens, true)
    }
}
