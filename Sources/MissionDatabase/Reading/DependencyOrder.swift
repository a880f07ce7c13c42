/// An order in which each of several things comes after all that it needs, as far as there is one.
struct DependencyOrder {
  /// Each thing once; those that need themselves, by way of others or not, come where they may.
  private(set) var order: [Int] = []
  /// Each circle that was found: one thing after the other that needs the next, and the last needs the first.
  private(set) var circles: [[Int]] = []

  /// - Parameter needs: For each thing those that it needs.
  init(_ needs: [[Int]]) {
    enum State { case untouched, open, done }
    var states = [State](repeating: .untouched, count: needs.count)
    var path: [(thing: Int, next: Int)] = []
    order.reserveCapacity(needs.count)
    for start in needs.indices where states[start] == .untouched {
      states[start] = .open
      path.append((start, 0))
      while let top = path.last {
        guard top.next < needs[top.thing].count else {
          states[top.thing] = .done
          order.append(top.thing)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let needed = needs[top.thing][top.next]
        switch states[needed] {
        case .untouched:
          states[needed] = .open
          path.append((needed, 0))
        case .open:
          let first = path.firstIndex { $0.thing == needed } ?? 0
          circles.append(path[first...].map(\.thing))
        case .done: break
        }
      }
    }
  }
}
