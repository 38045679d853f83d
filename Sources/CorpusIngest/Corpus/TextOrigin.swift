/// Who wrote a reference: what stands in the columns `origin` and `reference_origin`.
public enum TextOrigin {
    /// Whether a text is an origin: `project`, `person`, `post-edited` or `model:<name>`.
    public static func isValid(_ origin: String) -> Bool {
        ["project", "person", "post-edited"].contains(origin) || origin.hasPrefix("model:") && origin.count > 6
    }

    /// The origins in words, for messages.
    static let words = #""project", "person", "post-edited" (a person corrected a machine's text) or "model:<name>""#
}
