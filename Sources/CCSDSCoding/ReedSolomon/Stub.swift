package struct ReedSolomonDecoder: ~Copyable {
  package init(_ parameters: ReedSolomonParameters) {}
  package mutating func decode(_ slab: inout MutableRawSpan, stride: Int, range: Range<Int>, corrections: inout [CodewordCorrections]) {}
}
