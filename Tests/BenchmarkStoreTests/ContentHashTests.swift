import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite struct ContentHashTests {
    /// Test vectors of FIPS 180-2, appendix B, and its later examples; the last was computed with `sha256sum`.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("Zoë 🙂\r\n", "624550774b6313b6d30cf72f85d8b9d5797696319ad7cd436ffe39601f1feee7"),
    ])
    func hashesUTF8Bytes(text: String, hex: String) {
        #expect(ContentHash(of: text).hex == hex)
        #expect(ContentHash(of: Array(text.utf8)).hex == hex)
        #expect(ContentHash(of: Data(text.utf8)).hex == hex)
        #expect(ContentHash(of: text.utf8.lazy.map { $0 }).hex == hex)
    }

    @Test(arguments: [1, 63, 64, 65, 1000]) func piecesDoNotMatter(size: Int) {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var hasher = ContentHasher()
        for start in stride(from: 0, to: bytes.count, by: size) {
            hasher.update(bytes[start..<min(start + size, bytes.count)])
            hasher.update([UInt8]())
        }
        #expect(hasher.finalize() == ContentHash(of: bytes))
    }

    @Test(arguments: [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20]) func hashesFiles(size: Int) throws {
        let folder = try ScratchFolder()
        let data = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 >> 3) })
        try data.write(to: folder.path("file"))
        #expect(try ContentHash(ofFileAt: folder.path("file").path) == ContentHash(of: data))
    }

    @Test func aMissingFileIsNamed() throws {
        let error = try #require(throws: StoreError.self) { try ContentHash(ofFileAt: "/nowhere/file.gguf") }
        #expect(error.code == .io)
        #expect(error.description.hasPrefix("/nowhere/file.gguf: cannot be read"))
    }

    @Test func aFolderIsNoFile() throws {
        let folder = try ScratchFolder()
        #expect(throws: StoreError.self) { try ContentHash(ofFileAt: folder.url.path) }
    }

    @Test func partsStayApart() {
        let hashes = [
            ContentHash(parts: [:]), ContentHash(parts: ["a": "bc"]), ContentHash(parts: ["ab": "c"]),
            ContentHash(parts: ["a": "b", "c": ""]), ContentHash(parts: ["a": "", "b": "c"]),
            ContentHash(list: ["a", "bc", "", ""]), ContentHash(list: ["abc"]),
        ]
        #expect(Set(hashes).count == hashes.count)
        #expect(ContentHash(list: ["a", "b"]) != ContentHash(list: ["b", "a"]))
        // 1, 0 × 7, a, 2, 0 × 7, b, c
        #expect(ContentHash(parts: ["a": "bc"]) == ContentHash(of: "\u{1}\0\0\0\0\0\0\0a\u{2}\0\0\0\0\0\0\0bc"))
    }
}
