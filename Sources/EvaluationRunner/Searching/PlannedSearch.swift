import AdapterMerging
import BenchmarkStore

/// A search as a run carries it out: whose parameters, what shares a choice, and what it looks at.
struct PlannedSearch: Sendable {
    /// The registered name of the method.
    let method: String
    /// The parameters that are fixed, as canonical JSON.
    let fixed: String
    let recipe: SearchRecipe
    let scope: SearchScope
    /// `train` or `validation`.
    let split: Split

    /// What there is to keep for one composition: nothing of its own where several share the choice.
    var cost: CompositionCost {
        scope == .setting ? recipe.cost : CompositionCost(extraParameters: 0, compositionBytes: 0, passes: 1)
    }

    /// The search of a method that is made of one, such as LoraHub: for each setting, on its training split.
    init?(_ method: any CompositionMethod) {
        guard case .searched(let recipe) = method.recipe else { return nil }
        self.init(
            method: type(of: method).descriptor.name, fixed: method.parameters.json, recipe: recipe, scope: .setting,
            split: .train)
    }

    /// The search that a profile asks for, on the validation split.
    init(_ search: ProfileSearch, method: any CompositionMethod, fixed: MethodParameters, recipe: SearchRecipe) {
        self.init(
            method: type(of: method).descriptor.name, fixed: fixed.json, recipe: recipe, scope: search.scope,
            split: .validation)
    }

    private init(method: String, fixed: String, recipe: SearchRecipe, scope: SearchScope, split: Split) {
        self.method = method
        self.fixed = fixed
        self.recipe = recipe
        self.scope = scope
        self.split = split
    }

    /// A method's parameters with what is searched in place of values, as canonical JSON.
    func parameters(of method: any CompositionMethod) throws -> String {
        let shown = method.parameters.written.filter { recipe.space.values[$0.key] == nil }
        let search = Description(search: self)
        return try CanonicalJSON.text(
            shown.mapValues(Entry.value).merging(["search": .search(search)]) { $1 })
    }

    private enum Entry: Encodable {
        case value(ParameterValue)
        case search(Description)

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .value(let value): try value.encode(to: encoder)
            case .search(let search): try search.encode(to: encoder)
            }
        }
    }

    private struct Description: Encodable {
        let budget: Int
        let examples: Int
        let per: SearchScope
        let space: SearchSpace

        init(search: PlannedSearch) {
            budget = search.recipe.budget
            examples = search.recipe.examples
            per = search.scope
            space = search.recipe.space
        }
    }
}
