/// What a run reports while it goes on; whoever shows progress listens.
public enum RunEvent: Sendable {
    /// How much there is: predictions in all, those already stored, adapters to train, and the examples that these
    /// trainings look at, in each epoch anew.
    case planned(predictions: Int, stored: Int, adapters: Int, trainingExamples: Int)
    /// Something that the run does without or only in part, in a sentence.
    case warning(String)
    /// An adapter's training begins.
    case trainingStarted(adapter: String, examples: Int)
    /// One update of the adapter in training.
    case trainingStep(adapter: String, step: Int, of: Int, loss: Double, tokensPerSecond: Double)
    /// An adapter is trained and saved, after so many examples, those of each epoch counted.
    case trainingFinished(adapter: String, seconds: Double, examples: Int, firstLoss: Double, lastLoss: Double)
    /// A search for a method's parameters begins: for which settings, with at most so many evaluations.
    case searchStarted(method: String, unit: String, evaluations: Int)
    /// One set of parameters was tried: its loss, and that of the best one so far.
    case searchStep(method: String, unit: String, evaluation: Int, of: Int, loss: Double, best: Double)
    /// A search has chosen parameters, here as JSON.
    case searchFinished(method: String, unit: String, seconds: Double, loss: Double, parameters: String)
    /// A method's predictions begin.
    case methodStarted(method: String, title: String, predictions: Int)
    /// A prediction was stored: how many of the run are now.
    case predicted(method: String, setting: String, stored: Int, of: Int)
    /// All cells of a method are complete.
    case methodFinished(method: String, seconds: Double)
    /// The run is complete.
    case finished(seconds: Double)
}
