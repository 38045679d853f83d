extension Unicode.Scalar {
    /// Unicode's full case folding of one scalar, with no language's rules: `ß` gives `ss`, `İ` gives `i` and a dot.
    ///
    /// The standard library has no folding table, but upper case followed by lower case is the same for every scalar
    /// that `Changes_When_Casefolded` names, except `ẞ` (which has no other upper case) and the Cherokee letters
    /// (folded to lower case here, to upper case by Unicode; either brings the two cases together). Source: Unicode
    /// Standard, 5.18.
    package func appendCaseFolded(to result: inout String.UnicodeScalarView) {
        if value < 0x80 {
            let isUpper = value >= 0x41 && value <= 0x5A
            result.append(isUpper ? Unicode.Scalar(UInt8(value + 0x20)) : self)
        } else if value == 0x1E9E {
            result.append(contentsOf: "ss".unicodeScalars)
        } else if properties.changesWhenCaseFolded {
            for upper in properties.uppercaseMapping.unicodeScalars {
                result.append(contentsOf: upper.properties.lowercaseMapping.unicodeScalars)
            }
        } else {
            result.append(self)
        }
    }
}
