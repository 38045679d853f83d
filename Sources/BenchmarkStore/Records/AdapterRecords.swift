import GRDB

/// A base model, known by the hash of its file.
public struct ModelRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "models"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Name.
    public var name: String
    /// GGUF's name of the architecture, such as `llama`.
    public var architecture: String
    /// Name of the file.
    public var fileName: String
    /// SHA-256 of the file's bytes, lower-case hex; unique.
    public var sha256: String
    /// Size of the file.
    public var bytes: Int
    /// Number of weights.
    public var parameters: Int
    /// The main quantisation of the file, such as `Q4_1`.
    public var fileType: String
    /// When, ISO 8601 in UTC.
    public var addedAt: Timestamp

    /// A model as its file describes itself.
    public init(
        id: Int64 = 0, name: String, architecture: String, fileName: String, sha256: String, bytes: Int,
        parameters: Int, fileType: String, addedAt: Timestamp = .now()
    ) {
        self.id = id
        self.name = name
        self.architecture = architecture
        self.fileName = fileName
        self.sha256 = sha256
        self.bytes = bytes
        self.parameters = parameters
        self.fileType = fileType
        self.addedAt = addedAt
    }
}

/// A trained adapter, or the learned part of a method, known by its model and recipe.
public struct AdapterRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "adapters"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its base model.
    public var modelID: Int64
    /// The build whose examples it saw.
    public var buildID: Int64
    /// SHA-256 over all that decides the weights; unique for the model, so that nothing is trained twice.
    public var recipeHash: String
    /// The task it was trained for, such as `translate/es`; a composition for learned methods.
    public var task: String
    /// What it is: `lora`, `learnable-calibration` and so on.
    public var kind: String
    /// Rank.
    public var rank: Int
    /// Alpha; the update is scaled by alpha / rank.
    public var alpha: Double
    /// Seed of the training.
    public var seed: Int64
    /// Where the weights lie.
    public var path: String
    /// SHA-256 of the weights file, lower-case hex.
    public var sha256: String
    /// The recipe as canonical JSON.
    public var recipe: String
    /// Number of trained weights.
    public var parameters: Int
    /// Size of the weights file.
    public var bytes: Int
    /// Examples seen.
    public var trainExamples: Int
    /// Tokens seen.
    public var trainTokens: Int
    /// Optimiser steps.
    public var steps: Int
    /// Wall-clock time of the training.
    public var seconds: Double
    /// Mean loss per answer token at the first step, in nats.
    public var firstLoss: Double
    /// Loss of the last step.
    public var lastLoss: Double
    /// Loss on the validation split; NULL when not measured.
    public var validationLoss: Double?
    /// When, ISO 8601 in UTC.
    public var createdAt: Timestamp

    /// A trained adapter.
    public init(
        id: Int64 = 0, modelID: Int64, buildID: Int64, recipeHash: String, task: String, kind: String, rank: Int,
        alpha: Double, seed: Int64, path: String, sha256: String, recipe: String, parameters: Int, bytes: Int,
        trainExamples: Int, trainTokens: Int, steps: Int, seconds: Double, firstLoss: Double, lastLoss: Double,
        validationLoss: Double? = nil, createdAt: Timestamp = .now()
    ) {
        self.id = id
        self.modelID = modelID
        self.buildID = buildID
        self.recipeHash = recipeHash
        self.task = task
        self.kind = kind
        self.rank = rank
        self.alpha = alpha
        self.seed = seed
        self.path = path
        self.sha256 = sha256
        self.recipe = recipe
        self.parameters = parameters
        self.bytes = bytes
        self.trainExamples = trainExamples
        self.trainTokens = trainTokens
        self.steps = steps
        self.seconds = seconds
        self.firstLoss = firstLoss
        self.lastLoss = lastLoss
        self.validationLoss = validationLoss
        self.createdAt = createdAt
    }
}

/// One optimiser step of a training.
public struct TrainingStepRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "training_steps"

    /// Adapter.
    public var adapterID: Int64
    /// From 0; unique in the training.
    public var step: Int
    /// Mean loss per answer token before the step's update, in nats.
    public var loss: Double
    /// Learning rate.
    public var learningRate: Double
    /// Norm over all parameters before clipping.
    public var gradientNorm: Double
    /// Tokens of the step's batch.
    public var tokens: Int
    /// Wall-clock time of the step.
    public var seconds: Double

    /// A step; the store fills in `adapterID`.
    public init(
        adapterID: Int64 = 0, step: Int, loss: Double, learningRate: Double, gradientNorm: Double, tokens: Int,
        seconds: Double
    ) {
        self.adapterID = adapterID
        self.step = step
        self.loss = loss
        self.learningRate = learningRate
        self.gradientNorm = gradientNorm
        self.tokens = tokens
        self.seconds = seconds
    }
}

/// The loss on the validation examples at one moment of a training.
public struct ValidationLossRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "validation_losses"

    /// Adapter.
    public var adapterID: Int64
    /// Epochs that were complete.
    public var epoch: Int
    /// Optimiser steps that were done; unique in the training.
    public var step: Int
    /// Mean loss per answer token, in nats.
    public var loss: Double

    /// A loss; the store fills in `adapterID`.
    public init(adapterID: Int64 = 0, epoch: Int, step: Int, loss: Double) {
        self.adapterID = adapterID
        self.epoch = epoch
        self.step = step
        self.loss = loss
    }
}
