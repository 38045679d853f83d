/// Every composition method, by the name that profiles use.
public enum MethodRegister {
    /// The methods in the order in which leaderboards list them.
    public static let all: [any CompositionMethod.Type] = [
        ZeroShot.self, FewShot.self, MainLoRA.self, MultiStep.self, MultiStepReversed.self, JointExpert.self,
        LinearMerge.self, Concatenation.self, TIES.self, DARETIES.self, DARELinear.self, MagnitudePruning.self,
        SVDMerge.self,
        TIESSVD.self,
        DARETIESSVD.self,
        DARELinearSVD.self,
        MagnitudePruningSVD.self,
        TaskArithmetic.self,
        SLERP.self,
        MultiSLERP.self,
        KarcherMean.self,
        MergekitTIES.self,
        MergekitDARELinear.self,
        MergekitDARETIES.self,
        DELLA.self,
        DELLALinear.self,
        Breadcrumbs.self,
        BreadcrumbsTIES.self,
        KnOTS.self, TSVM.self, IsoC.self, IsoCTS.self, CoreSpace.self, Pico.self,
        LoraHub.self,
        LearnableCalibration.self, LearnableCalibrationPlus.self,
        ProjectionMerge.self,
        LoRASoups.self,
        AdaMerging.self,
    ]

    /// The names, in the same order.
    public static var names: [String] { all.map { $0.descriptor.name } }

    /// The method of a name.
    ///
    /// - Throws: `MergeError` with `unknownMethod`, whose message lists all names and the nearest one.
    public static func type(named name: String) throws(MergeError) -> any CompositionMethod.Type {
        guard let type = all.first(where: { $0.descriptor.name == name }) else {
            let near = NearestName.suggestion(for: name, among: names)
            throw MergeError(
                .unknownMethod,
                "there is no method '\(name)'\(near); the methods are \(names.joined(separator: ", "))")
        }
        return type
    }

    /// Makes a method with the given parameters and the defaults for the others.
    ///
    /// - Parameter adapters: how many adapters it will combine; weights are checked, and made by default, for so many.
    /// - Throws: `MergeError` with `unknownMethod`, `unknownParameter` or `badParameter`.
    public static func make(
        name: String, parameters: MethodParameters = [:], adapters: Int = 2
    ) throws -> any CompositionMethod {
        let type = try type(named: name)
        return try type.init(parameters: type.descriptor.fitted(parameters, adapters: adapters))
    }
}
