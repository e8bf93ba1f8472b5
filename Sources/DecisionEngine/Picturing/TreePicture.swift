import RuleProgram

/// A decision tree as it is to be drawn: its words are chosen, what is folded is folded.
///
/// Pictures live beside explanations and not in a target of their own: a path's picture is one more
/// form of the ``Explanation``, made of its conditions, distances and redactions and of the page's words
/// for them, and needs nothing that the engine doesn't have.
package struct TreePicture: Sendable {
  /// What the picture shows, in a few words.
  package var title: String
  /// What the picture shows, for those who can't see it.
  package var text: String
  /// Where the tree starts.
  package var root: Part
  /// Whether it shows the way of a decision, which begins at the root.
  package var isPath = false
  /// What stands above the drawing; the title where it is a file of its own.
  package var heading: String?

  /// A part of the tree.
  package indirect enum Part: Sendable {
    /// A split, opened.
    case split(Split)
    /// A leaf.
    case leaf(Leaf)
    /// What is not opened.
    case folded(Fold)
  }

  /// A split and its branches, in the order of the source.
  package struct Split: Sendable {
    /// What is looked at.
    var subject: String
    /// The value that was met there.
    var value: String?
    /// More about that value.
    var note: String?
    /// Where the split stands in the source; nil where it stands for several.
    var place: Wording.Place?
    var branches: [Branch]
  }

  /// A branch.
  package struct Branch: Sendable {
    /// The values that lead here.
    var condition: String
    /// Its place among the split's branches; nil where it stands for several.
    var number: Int?
    /// Whether it lies on the way of the decision.
    var isTaken = false
    var target: Part
  }

  /// A leaf.
  package struct Leaf: Sendable {
    var id: String
    var outcome: String
    var isAdverse: Bool
  }

  /// A subtree, or several, of which only the size is shown.
  package struct Fold: Sendable {
    /// How many leaves it holds.
    var leaves: Int
    /// How many of them give each outcome, in words.
    var outcomes: String
  }
}

extension TreePicture.Part {
  /// How many rows it takes when it is drawn.
  var rows: Int {
    guard case .split(let split) = self else { return 1 }
    return split.branches.reduce(1) { $0 + $1.target.rows }
  }

  /// How many splits are opened one within the other.
  var depth: Int {
    guard case .split(let split) = self else { return 0 }
    return 1 + (split.branches.map(\.target.depth).max() ?? 0)
  }
}
