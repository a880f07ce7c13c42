/// What is being read: a place in one of the tables of declarations.
enum Subject: Hashable, Sendable {
  case type(Int)
  case parameter(Int)
  case container(Int)
}
