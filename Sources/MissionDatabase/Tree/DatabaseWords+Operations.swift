/// Math operations, which XTCE writes for a stack machine, as people write them.
extension DatabaseWords {
  /// An operand, and how closely its outermost operator binds.
  private struct Term {
    var text: String
    var precedence: Int
  }

  /// Such as `0.5 x * 1.25 +` as `0.5 * x + 1.25`.
  ///
  /// A stack machine can do what no formula says, and where operands are copied they grow: what comes out too long, or
  /// does not come out, is told step by step.
  func infix(_ steps: [MathStep]) -> String {
    var stack: [Term] = []
    for step in steps {
      guard push(step, on: &stack), stack.allSatisfy({ $0.text.utf8.count <= Self.formulaByteCount }) else {
        return postfix(steps)
      }
    }
    return stack.count == 1 ? stack[0].text : postfix(steps)
  }

  private func postfix(_ steps: [MathStep]) -> String {
    "by a stack: "
      + steps.map { step in
        if case .operation(let operation) = step { operation.rawValue } else { operand(step) ?? "" }
      }.joined(separator: " ")
  }

  private func operand(_ step: MathStep) -> String? {
    switch step {
    case .value(let value): number(value)
    case .thisParameter: "x"
    case .parameter(let reference, let usesCalibrated): name(of: reference, usesCalibrated: usesCalibrated)
    case .operation: nil
    }
  }

  private func push(_ step: MathStep, on stack: inout [Term]) -> Bool {
    guard case .operation(let operation) = step else {
      let text = operand(step) ?? ""
      stack.append(Term(text: text, precedence: text.hasPrefix("-") ? Self.sum : Self.atom))
      return true
    }
    guard stack.count >= operation.stackEffect.taken, let last = stack.last else { return false }
    switch operation {
    case .swap: stack.swapAt(stack.count - 1, stack.count - 2)
    case .drop: stack.removeLast()
    case .duplicate: stack.append(last)
    case .over: stack.append(stack[stack.count - 2])
    default:
      stack.removeLast(operation.stackEffect.taken == 1 ? 1 : 0)
      guard operation.stackEffect.taken == 2 else {
        stack.append(Self.term(operation, last))
        return true
      }
      stack.removeLast()
      let first = stack.removeLast()
      stack.append(Self.term(operation, first, last))
    }
    return true
  }

  private static func term(_ operation: MathOperator, _ operand: Term) -> Term {
    switch operation {
    case .reciprocal: Term(text: "1 / \(enclosed(operand, above: product))", precedence: product)
    case .factorial: Term(text: "\(enclosed(operand, above: power))!", precedence: power)
    case .exponential: Term(text: "e ^ \(enclosed(operand, above: power))", precedence: power)
    case .not: Term(text: "!\(enclosed(operand, above: power))", precedence: power)
    default: Term(text: "\(operation.rawValue)(\(operand.text))", precedence: atom)
    }
  }

  private static func term(_ operation: MathOperator, _ left: Term, _ right: Term) -> Term {
    let precedence: Int
    switch operation {
    case .plus, .minus: precedence = sum
    case .times, .divided, .modulo: precedence = product
    case .power:
      return Term(text: "\(enclosed(left, above: power)) ^ \(enclosed(right, above: power))", precedence: power)
    // The operands are the other way round.
    case .reversePower:
      return Term(text: "\(enclosed(right, above: power)) ^ \(enclosed(left, above: power))", precedence: power)
    // The top of the stack is the ordinate, which comes first elsewhere.
    case .arcTangent2: return Term(text: "atan2(\(right.text), \(left.text))", precedence: atom)
    case .minimum, .maximum, .integerQuotient:
      return Term(text: "\(operation.rawValue)(\(left.text), \(right.text))", precedence: atom)
    default:
      return Term(
        text: "\(enclosed(left, above: product)) \(operation.rawValue) \(enclosed(right, above: product))",
        precedence: relation)
    }
    let isFlat = operation == .plus
    let text =
      "\(enclosed(left, above: precedence - 1)) \(operation.rawValue) "
      + enclosed(right, above: isFlat ? precedence - 1 : precedence)
    return Term(text: text, precedence: precedence)
  }

  private static func enclosed(_ term: Term, above precedence: Int) -> String {
    term.precedence > precedence ? term.text : "(\(term.text))"
  }

  private static var relation: Int { 0 }
  private static var sum: Int { 1 }
  private static var product: Int { 2 }
  private static var power: Int { 3 }
  private static var atom: Int { 4 }
  private static var formulaByteCount: Int { 240 }
}
