import CCSDSWire

/// Everything a decode plan consists of, in flat tables that refer to each other by place.
struct PlanTables: Sendable {
  // What to do.
  var operations: [Operation] = []
  var fields: [FixedField] = []
  var stretches: [FieldStretch] = []
  var plainFields: [PlainField] = []
  var finishes: [FieldFinish] = []
  var strings: [VariableField] = []
  var amounts: [Amount] = []
  /// First and last index of each dimension, as places in `amounts`.
  var dimensions: [DimensionBounds] = []
  var choices: [Choice] = []
  var decisions: [Decision] = []
  /// Places in `decisions`, for each key in turn.
  var decisionTargets: [Int32] = []
  /// Keys that are too far apart to count through, in ascending order; beside each its decision.
  var decisionKeys: [DecisionKey] = []
  var candidates: [Candidate] = []
  var indirections: [Indirection] = []

  // What to test.
  var criteria: [CriterionNode] = []
  /// Places in `criteria` of what belongs to one node.
  var criterionParts: [Int32] = []
  var lookups: [CompiledLookup] = []
  /// What a comparison says of each label.
  var labelVerdicts: [Bool] = []
  /// For labels of types that are compared with each other, the same number for the same text.
  var labelIdentities: [Int32] = []
  /// Literals of texts and octets, and terminators, one behind the other.
  var octets: [UInt8] = []

  // What numbers become.
  var conversions: [Conversion] = []
  var contexts: [CompiledContext] = []
  var calibrators: [CompiledCalibrator] = []
  var coefficients: [Double] = []
  var terms: [PolynomialTerm] = []
  var points: [SplinePoint] = []
  var mathSteps: [CompiledMathStep] = []
  var labelTables: [LabelTable] = []
  /// Places in the list of labels of a slot.
  var labelPlaces: [Int32] = []
  var labelIntervals: [LabelInterval] = []
  var times: [TimeScaling] = []
  var ranges: [ValidRange] = []
  var orders: [BitAndByteOrder] = []
  var leapSeconds = LeapSecondTable.builtIn

  // What is kept.
  var memories: [MemoryRule] = []
  var elementMemories: [ElementMemory] = []
  var counterCount = 0
  var textMemoryByteCount = 0
}
