import Foundation

#if canImport(CryptoKit)
    import CryptoKit
#else
    import CLibCrypto
#endif

/// SHA-256 of content that comes in pieces; the same bytes give the same hash however they are cut.
///
/// The system's own implementation does the work: CryptoKit on macOS, libcrypto elsewhere.
public struct ContentHasher: ~Copyable {
    #if canImport(CryptoKit)
        private var state = SHA256()

        /// A hasher that has seen nothing yet.
        public init() {}

        private mutating func update(_ buffer: UnsafeRawBufferPointer) { state.update(bufferPointer: buffer) }

        /// The hash of everything that was added.
        public consuming func finalize() -> ContentHash { ContentHash(digest: state.finalize()) }
    #else
        private let context: OpaquePointer?

        /// A hasher that has seen nothing yet.
        public init() {
            context = EVP_MD_CTX_new()
            // Fails only without memory, or where an administrator has switched SHA-256 off.
            precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "libcrypto offers no SHA-256")
        }

        deinit { EVP_MD_CTX_free(context) }

        private mutating func update(_ buffer: UnsafeRawBufferPointer) {
            guard let start = buffer.baseAddress, !buffer.isEmpty else { return }
            precondition(EVP_DigestUpdate(context, start, buffer.count) == 1, "libcrypto refused to hash")
        }

        /// The hash of everything that was added.
        public consuming func finalize() -> ContentHash {
            var digest = [UInt8](repeating: 0, count: 32)
            precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1, "libcrypto refused to finish a hash")
            return ContentHash(digest: digest)
        }
    #endif

    /// Adds bytes.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if done == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// Adds a string's UTF-8 bytes.
    public mutating func update(_ string: some StringProtocol) { update(string.utf8) }

    /// Adds a string's length in UTF-8 bytes (8 bytes, little-endian) and then the string, so that lists stay distinct.
    public mutating func updateWithLength(_ string: some StringProtocol) {
        let count = UInt64(string.utf8.count)
        update((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
        update(string.utf8)
    }
}
