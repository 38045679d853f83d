import CKernels
import Testing

/// Every test that chooses a back end; serialised, since the choice holds for the whole process.
@Suite("Kernels", .serialized)
struct KernelTests {}

/// One of the kernels' implementations.
enum BackEnd: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case plain, neon, avx2, avx512

    /// Those that this machine can run; the best one stays chosen.
    static let available: [BackEnd] = {
        let best = String(cString: ck_backend_name())
        defer { BackEnd(rawValue: best)?.select() }
        return allCases.filter { $0.select() }
    }()

    var testDescription: String { rawValue }

    @discardableResult
    private func select() -> Bool {
        switch self {
        case .plain: ck_select_backend(CK_PLAIN)
        case .neon: ck_select_backend(CK_VECTOR)
        case .avx2: ck_select_backend(CK_AVX2)
        case .avx512: ck_select_backend(CK_AVX512)
        }
    }

    /// Runs some kernels with this back end, then goes back to the one before.
    func run<Value>(_ body: () throws -> Value) rethrows -> Value {
        let before = String(cString: ck_backend_name())
        select()
        defer { BackEnd(rawValue: before)?.select() }
        return try body()
    }
}

/// Where two arrays first differ in their bits, if they do.
func firstDifference(_ left: [Float], _ right: [Float]) -> String? {
    guard left.count == right.count else { return "\(left.count) against \(right.count) elements" }
    guard let index = left.indices.first(where: { left[$0].bitPattern != right[$0].bitPattern }) else { return nil }
    return "element \(index): \(left[index]) against \(right[index])"
}

/// Repeatable numbers for tests.
struct Noise {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9e37_79b9_7f4a_7c15 | 1 }

    /// Uniform in −1 ..< 1.
    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
    }

    /// `count` numbers, uniform in ±`scale`.
    mutating func array(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in next() * scale } }

    /// Uniform in 0 ..< bound.
    mutating func index(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
