import BenchmarkStore

/// The split that a file's name tells.
public enum SplitName {
    /// `train`, `dev`, `valid`, `validation`, `val` or `test` as a word of the name; nil for names without one.
    public static func split(inNameOf file: SourceFile) -> Split? {
        let words = file.name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        for word in words {
            if let split = split(named: word) { return split }
        }
        return nil
    }

    /// The split that a word names.
    static func split(named word: String) -> Split? {
        switch word {
        case "train", "training": .train
        case "dev", "valid", "validation", "val": .validation
        case "test", "devtest", "test1": .test
        default: nil
        }
    }
}
