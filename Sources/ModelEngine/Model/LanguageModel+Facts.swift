import CKernels

extension LanguageModel {
    /// The kernels that this process uses: `avx512`, `avx2`, `neon` or `plain`. All give the same bits.
    public static var kernels: String { String(cString: ck_backend_name()) }

    /// The type of most of the file's weights, e.g. `Q4_1`.
    public var fileType: String {
        var counts: [String: Int] = [:]
        for tensor in gguf.tensors { counts[tensor.type.description, default: 0] += tensor.count }
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? "unknown"
    }
}
