/// The trained numbers alone: what has to be kept of a composition whose frozen terms can be made again.
extension TrainableAdapter {
    /// The trained tensors with their shapes, rows after one another, in order of computation.
    ///
    /// A name is the module's path, the term's place in its layer from 0, and the part: `lora_A` `[rank, inputs]`,
    /// `lora_B` `[outputs, rank]`, `bias` `[outputs]`, `middle` `[rank, rank]` or `coefficient` `[1]`; for example
    /// `model.layers.3.self_attn.q_proj.1.bias`. Together they have `trainableParameterCount` elements.
    public var trainedTensors: [(name: String, shape: [Int], values: [Float])] {
        places.map { place in
            (place.name, place.part.shape(in: place.term.factors), place.part.values(of: place.term) ?? [])
        }
    }

    /// Puts trained tensors back in their places, in an adapter made as the one that gave them was.
    ///
    /// - Throws: `missingTensor`, `badShape` or `badAdapter` (a tensor that has no place here); the adapter is then
    ///   unchanged.
    public mutating func restore(_ tensors: [(name: String, shape: [Int], values: [Float])]) throws(ModelError) {
        var given: [String: (shape: [Int], values: [Float])] = [:]
        for tensor in tensors { given[tensor.name] = (tensor.shape, tensor.values) }
        var result = self
        for place in places {
            guard let tensor = given.removeValue(forKey: place.name) else {
                throw ModelError(
                    .missingTensor, "the adapter trains this tensor, but it was not kept; train again",
                    tensor: place.name)
            }
            let shape = place.part.shape(in: place.term.factors)
            guard tensor.shape == shape, tensor.values.count == shape.reduce(1, *) else {
                throw ModelError(
                    .badShape, "the shape is \(tensor.shape), but the adapter's is \(shape); train again",
                    tensor: place.name)
            }
            guard var terms = result.terms[place.site] else { continue }
            place.part.set(tensor.values, in: &terms[place.index])
            result.terms[place.site] = terms
        }
        if let other = given.keys.min() {
            throw ModelError(
                .badAdapter, "the adapter trains no such tensor; it was kept from another method or other adapters",
                tensor: other)
        }
        self = result
    }

    /// Where a trained tensor belongs.
    private struct Place {
        let site: AdapterSite
        let index: Int
        let part: TrainedPart
        let term: AdapterTerm

        var name: String { "\(site).\(index).\(part.rawValue)" }
    }

    private var places: [Place] {
        sites.flatMap { site in
            (terms[site] ?? []).enumerated().flatMap { index, term in
                TrainedPart.allCases.compactMap { part in
                    part.values(of: term).map { _ in Place(site: site, index: index, part: part, term: term) }
                }
            }
        }
    }
}
