/// A training that met numbers that are not finite, and the adapter as it was before them.
///
/// A high learning rate is the usual reason; a lower one, a longer warm-up or clipping helps.
public struct TrainingDiverged: Error, Sendable, CustomStringConvertible {
    /// What was not finite.
    public enum Quantity: String, Sendable {
        /// A layer's result on the way forward.
        case activation
        /// The gradient of a layer's trained factors.
        case gradient
        /// A trained factor after the update.
        case update
    }

    /// The update that failed, from 0; the number of updates where the validation loss is at fault.
    public var step: Int
    /// The first module in the order of computation, forward and then backward, e.g.
    /// `model.layers.3.self_attn.q_proj`; `lm_head` where all layers are finite.
    public var site: String
    /// What of the module was not finite.
    public var quantity: Quantity
    /// Mean loss of the failed update.
    public var loss: Double
    /// Norm of its gradient.
    public var gradientNorm: Double
    /// The last good state: as the failed update found it.
    public var adapter: TrainableAdapter
    /// The updates before it, where a `Trainer` ran them.
    public var steps: [Trainer.Step] = []

    /// The user's text.
    public var description: String {
        "training diverged at step \(step): the \(quantity.rawValue) of \(site) is not finite (loss \(loss), gradient "
            + "norm \(gradientNorm)); lower the learning rate or raise the warm-up"
    }
}
