import CKernels

/// What the queries of one layer may see, and how positions are put into them.
struct LayerAttention: Sendable, Equatable {
    /// A query at position p sees p − window + 1 … p; nil: everything up to p.
    var window: Int?
    /// Index into `ModelConfiguration.rotarySchemes`.
    var scheme: Int

    /// The positions that a query sees.
    @inline(__always)
    func visible(from position: Int) -> Range<Int> {
        (window.map { max(0, position + 1 - $0) } ?? 0)..<position + 1
    }
}

/// Softmax of `count` scores of positions from `first` on: only those of `visible` count, the others become 0.
func softmax(
    _ scores: UnsafeMutablePointer<Float>, _ visible: Range<Int>, from first: Int, count: Int, _ scale: Float
) {
    let hidden = visible.lowerBound - first
    if hidden > 0 { scores.update(repeating: 0, count: hidden) }
    ck_softmax(scores + hidden, visible.count, count - hidden, scale)
}
