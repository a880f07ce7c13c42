/// What XTCE 1.1, 1.2 and 1.3 write in the elements that say something about telemetry.
///
/// Standard: OMG XTCE 1.2, SpaceSystem.xsd; the rest from that of 1.1 and from recorded databases.
struct Vocabulary: Sendable {
  /// What may stand in an element.
  struct Rule: Sendable {
    var attributes: Set<String>
    var children: Set<String>
    /// Whether other children are refused where they are read.
    var refusesOthers: Bool
  }

  /// By the name of the element. What is in others is nothing that is read.
  static let rules: [String: Rule] = {
    var rules: [String: Rule] = [:]
    for line in (systems + types + encodings + values + alarms + containers).split(separator: "\n") {
      let parts = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.split(separator: " ").map(String.init)
      }
      guard parts.count == 3 else { continue }
      let attributes = parts[1].flatMap { groups[$0] ?? [$0] }
      let children = parts[2].flatMap { groups[$0] ?? [$0] }
      for name in parts[0] {
        let refusesOthers = name.hasSuffix("!")
        rules[refusesOthers ? String(name.dropLast()) : name] = Rule(
          attributes: Set(attributes), children: Set(children), refusesOthers: refusesOthers)
      }
    }
    return rules
  }()

  /// Elements that may have any number of others in them.
  static let lists: Set<String> = [
    "UnitSet", "EnumerationList", "MemberList", "ByteOrderList", "ContextCalibratorList", "PolynomialCalibrator",
    "SplineCalibrator", "MathOperationCalibrator", "DiscreteLookupList", "ComparisonList", "ANDedConditions",
    "ORedConditions", "ContextAlarmList", "BinaryContextAlarmList", "AlarmMultiRanges", "EnumerationAlarmList",
    "StringAlarmList", "EntryList",
  ]

  // MARK: The tables: elements, with ! where others are refused by their readers | attributes | children

  /// What many elements have.
  private static let groups: [String: [String]] = [
    "@named": ["name", "shortDescription"],
    "@described": ["LongDescription", "ShortDescription", "AliasSet", "AncillaryDataSet"],
    "@reference": ["parameterRef", "instance", "useCalibratedValue"],
    "@range": ["minInclusive", "minExclusive", "maxInclusive", "maxExclusive"],
    "@number": ["FixedValue", "DynamicValue", "DiscreteLookupList"],
    "@criteria": ["Comparison", "ComparisonList", "BooleanExpression", "CustomAlgorithm", "InputAlgorithm"],
    "@encoding": ["IntegerDataEncoding", "FloatDataEncoding", "StringDataEncoding", "BinaryDataEncoding"],
    "@order": ["bitOrder", "byteOrder"],
    "@alarms": ["DefaultAlarm", "ContextAlarmList", "BinaryContextAlarmList"],
    "@entry": ["LocationInContainerInBits", "RepeatEntry", "IncludeCondition", "TimeAssociation", "AncillaryDataSet"],
    "@conditions": ["Condition", "ANDedConditions", "ORedConditions", "XORedConditions", "Comparison"],
  ]

  private static let systems = """
    SpaceSystem|@named operationalStatus systemType assetType\
    |@described Header TelemetryMetaData CommandMetaData ServiceSet SpaceSystem
    TelemetryMetaData||ParameterTypeSet ParameterSet ContainerSet MessageSet StreamSet AlgorithmSet
    CommandMetaData||ParameterTypeSet ParameterSet ContainerSet ArgumentTypeSet MetaCommandSet CommandContainerSet\
     StreamSet AlgorithmSet
    ParameterTypeSet||StringParameterType EnumeratedParameterType IntegerParameterType BinaryParameterType\
     FloatParameterType BooleanParameterType RelativeTimeParameterType AbsoluteTimeParameterType ArrayParameterType\
     AggregateParameterType
    ParameterSet||Parameter ParameterRef
    ContainerSet||SequenceContainer

    """

  private static let types = """
    Parameter|@named parameterTypeRef initialValue|@described ParameterProperties
    ParameterProperties|dataSource readOnly persistence|SystemName ValidityCondition PhysicalAddressSet TimeAssociation
    IntegerParameterType FloatParameterType\
    |@named baseType initialValue sizeInBits signed validRangeAppliesToCalibrated\
    |@described UnitSet @encoding ToString ValidRange ValidRangeSet @alarms
    EnumeratedParameterType|@named baseType initialValue signed|@described UnitSet @encoding EnumerationList @alarms
    BooleanParameterType|@named baseType initialValue oneStringValue zeroStringValue\
    |@described UnitSet @encoding @alarms
    StringParameterType|@named baseType initialValue restrictionPattern characterWidth\
    |@described UnitSet @encoding SizeRangeInCharacters @alarms
    BinaryParameterType|@named baseType initialValue|@described UnitSet @encoding @alarms
    AbsoluteTimeParameterType RelativeTimeParameterType|@named baseType initialValue\
    |@described UnitSet Encoding ReferenceTime @alarms
    AggregateParameterType|@named|@described MemberList UnitSet
    ArrayParameterType|@named arrayTypeRef numberOfDimensions|@described DimensionList UnitSet
    UnitSet||Unit
    Unit|power factor description form|
    EnumerationList||Enumeration
    Enumeration|label value maxValue shortDescription|
    MemberList||Member
    Member|@named typeRef initialValue|@described
    Encoding|units scale offset|@encoding
    ReferenceTime||OffsetFrom Epoch
    OffsetFrom|@reference|
    ValidRangeSet|validRangeAppliesToCalibrated|ValidRange
    ValidRange|@range validRangeAppliesToCalibrated rangeAppliesToCalibrated|

    """

  private static let encodings = """
    IntegerDataEncoding FloatDataEncoding|encoding sizeInBits @order changeThreshold\
    |ErrorDetectCorrect ByteOrderList DefaultCalibrator ContextCalibratorList
    StringDataEncoding|encoding @order|ErrorDetectCorrect ByteOrderList SizeInBits Variable
    BinaryDataEncoding|@order|ErrorDetectCorrect ByteOrderList SizeInBits FromBinaryTransformAlgorithm\
     ToBinaryTransformAlgorithm
    ByteOrderList||Byte
    Byte|byteSignificance|
    SizeInBits||Fixed TerminationChar LeadingSize @number
    Fixed||@number
    Variable|maxSizeInBits|@number LeadingSize TerminationChar
    LeadingSize|sizeInBitsOfSizeTag|
    DefaultCalibrator! Calibrator!|@named|PolynomialCalibrator SplineCalibrator MathOperationCalibrator AncillaryDataSet
    ContextCalibratorList||ContextCalibrator
    ContextCalibrator||ContextMatch Calibrator
    PolynomialCalibrator|@named|Term AncillaryDataSet
    Term|coefficient exponent|
    SplineCalibrator|@named order extrapolate|SplinePoint AncillaryDataSet
    SplinePoint|raw calibrated order|
    MathOperationCalibrator!|@named|ValueOperand ThisParameterOperand Operator ParameterInstanceRefOperand\
     AncillaryDataSet
    ParameterInstanceRefOperand|@reference|

    """

  private static let values = """
    FixedValue TerminationChar Epoch ValueOperand Operator ComparisonOperator Value||
    DynamicValue||ParameterInstanceRef LinearAdjustment
    ParameterInstanceRef ParameterInstance|@reference|
    LinearAdjustment|slope intercept|
    DiscreteLookupList|defaultValue|DiscreteLookup
    DiscreteLookup|value|@criteria
    DimensionList||Dimension
    Dimension||StartingIndex EndingIndex
    StartingIndex EndingIndex Count||@number
    ContextMatch IncludeCondition WatchAlarm WarningAlarm DistressAlarm CriticalAlarm SevereAlarm||@criteria
    RestrictionCriteria||@criteria NextContainer
    Comparison|@reference comparisonOperator value|
    ComparisonList!||Comparison
    BooleanExpression! ANDedConditions! ORedConditions! XORedConditions!||@conditions
    Condition||ParameterInstanceRef ComparisonOperator Value

    """

  private static let alarms = """
    DefaultAlarm ContextAlarm|@named minViolations minConformance defaultAlarmLevel disabled|AncillaryDataSet\
     AlarmConditions CustomAlarm StaticAlarmRanges ChangeAlarmRanges ChangePerSecondAlarmRanges AlarmMultiRanges\
     EnumerationAlarmList StringAlarmList ContextMatch
    ContextAlarmList BinaryContextAlarmList||ContextAlarm
    StaticAlarmRanges ChangeAlarmRanges ChangePerSecondAlarmRanges|@named rangeForm timeUnits changeType changeBasis\
     spanOfInterestInSamples spanOfInterestInSeconds|AncillaryDataSet WatchRange WarningRange DistressRange\
     CriticalRange SevereRange
    AlarmMultiRanges|@named|AncillaryDataSet Range
    WatchRange WarningRange DistressRange CriticalRange SevereRange|@range|
    Range|@range rangeForm level|
    EnumerationAlarmList||EnumerationAlarm
    EnumerationAlarm|alarmLevel enumerationLabel enumerationValue|
    StringAlarmList||StringAlarm
    StringAlarm|alarmLevel matchPattern|
    AlarmConditions||WatchAlarm WarningAlarm DistressAlarm CriticalAlarm SevereAlarm

    """

  private static let containers = """
    SequenceContainer|@named abstract idlePattern|@described DefaultRateInStream RateInStreamSet BinaryEncoding\
     EntryList BaseContainer
    BaseContainer|containerRef|RestrictionCriteria
    EntryList!||ParameterRefEntry ContainerRefEntry ArrayParameterRefEntry IndirectParameterRefEntry
    ParameterRefEntry|parameterRef shortDescription|@entry
    ContainerRefEntry|containerRef shortDescription|@entry
    ArrayParameterRefEntry|parameterRef lastEntryForThisArrayInstance shortDescription|@entry DimensionList
    IndirectParameterRefEntry|aliasNameSpace shortDescription|@entry ParameterInstance
    LocationInContainerInBits|referenceLocation|@number
    RepeatEntry||Count Offset
    Offset|offsetSizeInBits|@number
    """
}
