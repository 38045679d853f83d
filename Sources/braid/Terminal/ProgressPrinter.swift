import EvaluationRunner
import Foundation

/// Shows a run's events: one redrawn line with a bar and the time left on a terminal, else plain lines now and then.
final class ProgressPrinter {
    private let console: Console
    private let redraws: Bool
    private let begin = ContinuousClock.now
    private var lastLine = ContinuousClock.now - .seconds(60)
    private var total = 0
    private var stored = 0
    private var untrained = 0
    private var method = ""
    private var what = ""
    private var estimate = TimeLeft()

    init(_ console: Console) {
        self.console = console
        redraws = Console.canRedraw && !console.isQuiet
    }

    func handle(_ event: RunEvent) {
        guard !console.isQuiet else { return }
        switch event {
        case .planned(let predictions, let stored, let adapters, let examples):
            total = predictions
            self.stored = stored
            untrained = examples
            let kept = stored > 0 ? "; \(stored) are there already" : ""
            line("\(predictions) predictions to make\(kept); \(adapters) adapters to train")
        case .warning(let text):
            line("warning: \(text)")
        case .trainingStarted(let adapter, let examples):
            what = "training \(adapter) (\(examples) examples)"
            show(always: false)
        case .trainingStep(let adapter, let step, let of, let loss, let rate):
            what = "training \(adapter) \(step)/\(of), loss \(fixed(loss, 2)), \(Int(rate)) tokens/s"
            show(always: false)
        case .trainingFinished(let adapter, let seconds, let examples, let first, let last):
            estimate.trained(examples, seconds: seconds)
            untrained = max(0, untrained - examples)
            line("trained \(adapter) in \(Duration.words(seconds)), loss \(fixed(first, 2)) → \(fixed(last, 2))")
        case .searchStarted(let method, let unit, let evaluations):
            what = "searching \(method) \(unit): \(evaluations) evaluations"
            show(always: false)
        case .searchStep(let method, let unit, let evaluation, let of, let loss, let best):
            what = "searching \(method) \(unit) \(evaluation)/\(of), loss \(fixed(loss, 3)), best \(fixed(best, 3))"
            show(always: false)
        case .searchFinished(let method, let unit, let seconds, let loss, let parameters):
            estimate.started()
            line("searched \(method) \(unit) in \(Duration.words(seconds)): \(parameters), loss \(fixed(loss, 3))")
        case .methodStarted(let name, let title, let predictions):
            method = name
            what = "\(title): \(predictions) answers"
            estimate.started()
            show(always: false)
        case .predicted(_, let setting, let stored, _):
            self.stored = stored
            what = "\(method) \(setting)"
            estimate.predicted()
            show(always: false)
        case .methodFinished(let name, let seconds):
            line("\(name) done in \(Duration.words(seconds))")
        case .finished(let seconds):
            line("run complete in \(Duration.words(seconds))")
        }
    }

    /// Ends the redrawn line.
    func close() {
        if redraws { Console.redraw() }
    }

    private func line(_ text: String) {
        if redraws { Console.redraw() }
        let elapsed = Duration.words((ContinuousClock.now - begin) / .seconds(1))
        Console.write("[\(elapsed)] \(text)\n")
        lastLine = .now
        show(always: false)
    }

    private func show(always: Bool) {
        let pause: Duration = redraws ? .milliseconds(100) : .seconds(15)
        guard total > 0, always || ContinuousClock.now - lastLine >= pause else { return }
        lastLine = .now
        let share = Double(stored) / Double(total)
        let left = estimate.secondsLeft(predictions: total - stored, examples: untrained).map {
            ", about \(Duration.words($0)) left"
        }
        let tail = " \(stored)/\(total)\(left ?? "") · \(what)"
        if redraws {
            let width = Console.width - 1
            let cells = max(8, min(24, width - tail.count - 2))
            let full = Int((share * Double(cells)).rounded(.down))
            let bar = String(repeating: "█", count: full) + String(repeating: "░", count: cells - full)
            Console.redraw(bar + tail)
        } else {
            Console.write("\(Int((share * 100).rounded(.down))) %\(tail)\n")
        }
    }

    private func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

/// A guess at the time left from the mean time of an answer and of an example in training so far.
private struct TimeLeft {
    private var predictions = 0
    private var predictionSeconds = 0.0
    private var examples = 0
    private var trainingSeconds = 0.0
    private var last = ContinuousClock.now

    mutating func started() { last = .now }

    mutating func trained(_ examples: Int, seconds: Double) {
        self.examples += examples
        trainingSeconds += seconds
        last = .now
    }

    mutating func predicted() {
        predictions += 1
        predictionSeconds += (ContinuousClock.now - last) / .seconds(1)
        last = .now
    }

    func secondsLeft(predictions left: Int, examples untrained: Int) -> Double? {
        guard predictions >= 20, untrained == 0 || examples > 0 else { return nil }
        let training = examples > 0 ? trainingSeconds / Double(examples) * Double(untrained) : 0
        return training + predictionSeconds / Double(predictions) * Double(left)
    }
}
