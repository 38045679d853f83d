/// The entries of tensors by magnitude, found without sorting them.
///
/// The bits of |x| as an unsigned number are ordered as |x| is, so the k-th largest magnitude is found exactly by
/// counting upper halves of the bits, then lower halves among those with the right upper half: two passes over the
/// entries and 384 KB beside them, whatever their number. Of entries of equal magnitude the earlier one counts as larger.
package enum MagnitudeSelection {
    /// The tensor with all but its ⌊density · count⌋ entries of largest magnitude set to 0.
    package static func largest(_ tensor: [Float], density: Double) -> [Float] {
        var result = tensor
        keepLargest(of: &result, density: density)
        return result
    }

    /// Sets all entries to 0 but the ⌊density · count⌋ of largest magnitude.
    package static func keepLargest(of tensor: inout [Float], density: Double) {
        guard density < 1 else { return }
        keep(0..<Int(density * Double(tensor.count)), in: &tensor)
    }

    /// Sets all entries to 0 but those whose place in the order from large to small, counted from 0, is in `places`.
    ///
    /// - Precondition: `places` lies within the indices of the tensor; no entry is NaN.
    /// - Complexity: O(n) in the number of entries.
    package static func keep(_ places: Range<Int>, in tensor: inout [Float]) {
        guard !places.isEmpty else {
            for index in tensor.indices { tensor[index] = 0 }
            return
        }
        guard places != tensor.indices else { return }
        var range = MagnitudeRange(
            first: places.lowerBound > 0 ? MagnitudeBoundary(place: places.lowerBound, of: [tensor]) : .top,
            last: MagnitudeBoundary(place: places.upperBound - 1, of: [tensor]), places: places)
        tensor.withUnsafeMutableBufferPointer { range.keep(in: $0) }
    }

    /// The magnitude at a place of the order from large to small, counted from 0, of several tensors taken together.
    ///
    /// - Precondition: there are more entries than `place` says.
    package static func magnitude(at place: Int, of tensors: [[Float]]) -> Float {
        Float(bitPattern: MagnitudeBoundary(place: place, of: tensors).bits)
    }
}
