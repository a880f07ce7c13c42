/// Values by their places, few or all of them: one that is absent takes four bytes, however large others are.
struct PlacedValues<Value> {
  /// Places in `values`, or -1.
  private var rows: [Int32]
  /// In the order in which they came; one that was taken away is still there, and nothing leads to it.
  private var values: [Value] = []

  init(count: Int) { rows = Array(repeating: -1, count: count) }

  subscript(place: Int) -> Value? {
    get {
      let row = Int(rows[place])
      return row < 0 ? nil : values[row]
    }
    set {
      guard let newValue else {
        rows[place] = -1
        return
      }
      if rows[place] >= 0 {
        values[Int(rows[place])] = newValue
      } else {
        rows[place] = Int32(values.count)
        values.append(newValue)
      }
    }
  }

  /// Those that are there, by their places.
  var present: [Value] { rows.compactMap { $0 < 0 ? nil : values[Int($0)] } }
}
