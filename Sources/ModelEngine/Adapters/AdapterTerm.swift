import CKernels

/// One low-rank update among those of a linear layer, and which of its parts are trained.
///
/// y gains `c · scaling · (B (P (A x)) + bias)`. Ordinary LoRA has neither c nor P; methods that learn how to compose
/// frozen adapters train one of them and leave A and B as they are.
public struct AdapterTerm: Sendable, Equatable {
    /// A, B, the bias and the scaling. The scaling itself is never trained.
    public var factors: LoRAFactors
    /// Whether A is trained; it stays as it is otherwise.
    public var trainsA: Bool
    /// Whether B is trained; it stays as it is otherwise.
    public var trainsB: Bool
    /// Whether the bias is trained; it stays as it is otherwise.
    public var trainsBias: Bool
    /// P between A and B, `[rank, rank]`, rows after one another: always trained; nil for the identity.
    public var middle: [Float]?
    /// c, always trained; nil for 1.
    public var coefficient: Float?
    /// Where c is cut off in use; outside the limits it has no gradient. Nil lets it go anywhere.
    public var coefficientLimits: ClosedRange<Float>?

    /// An update with its trained parts named.
    ///
    /// - Precondition: `middle` has rank² elements; a bias is there if it is trained; B is not trained beside a middle or
    ///   a coefficient, nor the bias beside a coefficient.
    public init(
        factors: LoRAFactors, trainsA: Bool = false, trainsB: Bool = false, trainsBias: Bool = false,
        middle: [Float]? = nil, coefficient: Float? = nil, coefficientLimits: ClosedRange<Float>? = nil
    ) {
        self.factors = factors
        self.trainsA = trainsA
        self.trainsB = trainsB
        self.trainsBias = trainsBias
        self.middle = middle
        self.coefficient = coefficient
        self.coefficientLimits = coefficientLimits
        precondition(isConsistent, "an adapter's term does not fit together")
    }

    /// Whether the shapes fit and no two trained parts stand for one product.
    var isConsistent: Bool {
        (middle?.count ?? factors.rank * factors.rank) == factors.rank * factors.rank
            && (factors.bias?.count ?? factors.outputs) == factors.outputs && (!trainsBias || factors.bias != nil)
            && !(trainsB && (middle != nil || coefficient != nil)) && !(trainsBias && coefficient != nil)
    }

    /// How many numbers of this term are trained.
    public var trainableParameterCount: Int {
        TrainedPart.allCases.reduce(0) { $0 + ($1.values(of: self)?.count ?? 0) }
    }

    /// The same update as plain LoRA: c and P folded into B, c into the bias.
    ///
    /// Without them these are the term's own factors. Every element of B P is one chain of fused multiply-adds over the
    /// rank, as in training, so both give the same bits.
    public var plain: LoRAFactors {
        var plain = factors
        if let middle, factors.rank > 0, factors.outputs > 0 {
            plain.b = [Float](unsafeUninitializedCapacity: factors.b.count) { product, count in
                factors.b.withUnsafeBufferPointer { b in
                    middle.withUnsafeBufferPointer { middle in
                        guard let product = product.baseAddress, let b = b.baseAddress, let middle = middle.baseAddress
                        else { return }
                        ck_gemm(
                            factors.outputs, factors.rank, factors.rank, b, factors.rank, 1, middle,
                            PackedMatrix.panel, factors.rank, factors.rank % PackedMatrix.panel == 0, product,
                            factors.rank, false)
                    }
                }
                count = factors.b.count
            }
        }
        guard let used = usedCoefficient else { return plain }
        for index in plain.b.indices { plain.b[index] *= used }
        plain.bias = plain.bias.map { $0.map { $0 * used } }
        return plain
    }

    /// c within its limits.
    private var usedCoefficient: Float? {
        guard let coefficient, let limits = coefficientLimits else { return coefficient }
        return min(max(coefficient, limits.lowerBound), limits.upperBound)
    }
}

/// What of a term can be trained; the raw values are the ends of the tensors' names.
enum TrainedPart: String, CaseIterable {
    case a = "lora_A"
    case b = "lora_B"
    case bias
    case middle
    case coefficient

    /// The numbers of a term, if it trains this part.
    func values(of term: AdapterTerm) -> [Float]? {
        switch self {
        case .a: term.trainsA ? term.factors.a : nil
        case .b: term.trainsB ? term.factors.b : nil
        case .bias: term.trainsBias ? term.factors.bias : nil
        case .middle: term.middle
        case .coefficient: term.coefficient.map { [$0] }
        }
    }

    func set(_ values: [Float], in term: inout AdapterTerm) {
        switch self {
        case .a: term.factors.a = values
        case .b: term.factors.b = values
        case .bias: term.factors.bias = values
        case .middle: term.middle = values
        case .coefficient: term.coefficient = values.first
        }
    }

    func shape(in factors: LoRAFactors) -> [Int] {
        switch self {
        case .a: [factors.rank, factors.inputs]
        case .b: [factors.outputs, factors.rank]
        case .bias: [factors.outputs]
        case .middle: [factors.rank, factors.rank]
        case .coefficient: [1]
        }
    }
}
