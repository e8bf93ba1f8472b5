import RuleProgram

extension RegionAnalysis {
  /// Calls `body` for each leaf in pre-order with the region that its path allows, until it returns
  /// false. A leaf has one path, so its region is one set of keys for each slot.
  ///
  /// - Parameter within: where the walk starts, normally `whole`.
  public func forEachLeaf(
    within region: Region? = nil, _ body: (_ leaf: Int, _ region: Region) -> Bool
  ) {
    var region = region ?? whole
    _ = walk(program.root, &region, body)
  }

  private func walk(
    _ target: Program.Target, _ region: inout Region, _ body: (Int, Region) -> Bool
  ) -> Bool {
    switch target {
    case .leaf(let leaf): return body(leaf, region)
    case .node(let index):
      let node = program.nodes[index]
      let saved = region.keys[node.slot]
      defer { region.keys[node.slot] = saved }
      for (child, keys) in program.branches(of: node, within: saved) {
        region.keys[node.slot] = keys
        if !walk(child, &region, body) { return false }
      }
      return true
    }
  }
}
