/// The version of Braid, written into every build and run so that a number can be traced to the code behind it.
public enum BraidVersion {
    /// The version of this source, in semantic versioning's form.
    public static let current = "0.1.0"
}
