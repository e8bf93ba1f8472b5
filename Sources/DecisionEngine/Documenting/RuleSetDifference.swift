package import RuleAnalysis
package import RuleProgram

/// The semantic difference of two rule sets, ready to be written.
package struct RuleSetDifference: Sendable {
  /// Where a version came from.
  package struct Version: Sendable {
    /// The file's name, or what else names it.
    package let path: String
    /// `ID VERSION`, or nil for a compiled file.
    package let name: String?
    package let program: Program
    package let wording: Wording?

    /// A version from its parts.
    package init(path: String, name: String?, program: Program, wording: Wording?) {
      self.path = path
      self.name = name
      self.program = program
      self.wording = wording
    }
  }

  package let old: Version
  package let new: Version
  /// What changes in inputs, outcomes and outputs.
  package let interface: [InterfaceDifference]
  /// What changes for rows that both accept; nil when an input has another type, so that there is
  /// no such row.
  package let difference: Difference?
  /// The step of the version number that the change calls for.
  package let step: VersionStep
  /// How slots over expressions were written, by joint slot.
  private let slotTexts: [Int: String]

  /// Compares two versions.
  package init(_ old: Version, _ new: Version) {
    self.old = old
    self.new = new
    interface = InterfaceDifference.all(old.program, new.program)
    difference = try? Difference(old.program, new.program)
    step = VersionStep.needed(from: old.program, to: new.program, difference)
    slotTexts = Self.slotTexts(difference?.joint.sides ?? [], [old, new])
  }

  /// The texts of slots; where both versions write the same and mean different things, it is said
  /// whose is meant.
  private static func slotTexts(
    _ sides: [JointProgram.Side], _ versions: [Version]
  ) -> [Int: String] {
    let written = zip(sides, versions).map { side, version in
      zip(version.program.nodes, version.wording?.nodes ?? []).reduce(into: [Int: String]()) {
        $0[side.slots[$1.0.slot]] = $1.1.on
      }
    }
    guard written.count == 2 else { return [:] }
    let shared = Set(written[0].values).intersection(written[1].values)
    var texts: [Int: String] = [:]
    for (index, (name, others)) in [("old", written[1]), ("new", written[0])].enumerated() {
      for (slot, text) in written[index] {
        let isOwn = others[slot] == nil && shared.contains(text)
        texts[slot] = isOwn ? "\(text) (\(name))" : text
      }
    }
    return texts
  }

  /// What the comparison comes to.
  package var verdict: Verdict {
    guard let difference else { return .incomparable }
    if difference.changesOutcomes { return .outcomesChange }
    if !interface.isEmpty { return .interfaceChanges }
    return difference.isEquivalent ? .equivalent : .harmless
  }

  /// The answer in one word.
  package enum Verdict: String {
    /// Proven: every row gets the same leaf, outcome, outputs and reasons.
    case equivalent
    /// Proven: every row gets the same outcome; leaves, outputs or reasons change.
    case harmless = "same-outcomes"
    /// Rows that both accept get the same outcome, but inputs or outcomes are others.
    case interfaceChanges = "interface-changes"
    case outcomesChange = "outcomes-change"
    /// No row is accepted by both.
    case incomparable

    /// The answer in a sentence.
    package var text: String {
      switch self {
      case .equivalent: "equivalent: proven for every row"
      case .harmless: "the same outcome for every row, proven; what else changes is listed above"
      case .interfaceChanges:
        "the same outcome for every row that both accept, proven; the inputs or outcomes differ"
      case .outcomesChange: "outcomes change"
      case .incomparable: "an input has another type: no row is accepted by both"
      }
    }
  }

  /// Leaf IDs that both have and that take part in a change.
  package var movedLeaves: [String] {
    guard let difference else { return [] }
    let retired = Set(difference.retiredLeaves)
    let added = Set(difference.addedLeaves)
    let ids = difference.changes.filter { $0.aspects.contains(.leaf) }.flatMap { change in
      [old.program.leaves[change.oldLeaf].id, new.program.leaves[change.newLeaf].id]
    }
    return Set(ids).subtracting(retired).subtracting(added).sorted()
  }

  /// The conditions of a region: what is looked at, and its values.
  package func conditions(_ region: Region) -> [(subject: String, condition: String)] {
    guard let program = difference?.joint.program else { return [] }
    return program.conditions(of: region).map { slot, condition in
      (slotTexts[slot] ?? program.name(of: program.slots[slot]), condition)
    }
  }

  /// The answer of a leaf.
  package func answer(_ program: Program, _ leaf: Int) -> (
    leaf: String, outcome: String, reasons: [String]
  ) {
    (program.leaves[leaf].id, program.outcome(ofLeaf: leaf).name, program.reasonCodes(ofLeaf: leaf))
  }
}
