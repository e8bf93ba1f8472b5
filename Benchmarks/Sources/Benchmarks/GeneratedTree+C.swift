extension GeneratedTree {
  /// The tree as nested `if`s in C: `leaf` gives a row's leaf, `leaves` those of many rows, one
  /// call each.
  var c: String {
    var text = """
      #include <stddef.h>
      #include <stdint.h>
      __attribute__((noinline)) int32_t leaf(const int64_t *x) {

      """
    Self.write(root, to: &text)
    text += """
      }
      void leaves(const int64_t *rows, size_t count, int32_t *out) {
        for (size_t row = 0; row < count; row++) out[row] = leaf(rows + row * \(Self.inputs.count));
      }

      """
    return text
  }

  private static func write(_ node: Node, to text: inout String) {
    switch node {
    case .leaf(let number): text += "return \(number);\n"
    case .numbers(let input, let cuts, let children):
      for (cut, child) in zip(cuts, children) {
        text += "if (x[\(input)] < \(cut)) {\n"
        write(child, to: &text)
        text += "}\n"
      }
      if let last = children.last { write(last, to: &text) }
    case .texts(let input, let groups, let children):
      for (group, child) in zip(groups, children).dropLast() {
        let tests = group.map { "x[\(input)] == \($0)" }
        text += "if (\(tests.joined(separator: " || "))) {\n"
        write(child, to: &text)
        text += "}\n"
      }
      if let last = children.last { write(last, to: &text) }
    }
  }

  /// A C program that reads a CSV file whose columns are the inputs in order, and prints what
  /// `leafproof eval` prints. It does no more than it must: no quotes, no checks, no refusals.
  var csvProgram: String {
    let outcomes = Self.outcomes.map { "\"\($0)\"" }.joined(separator: ", ")
    let reading = Self.inputs.indices.map { index in
      switch Self.inputs[index] {
      case .number(_, 0): "x[\(index)] = strtoll(f[\(index)], 0, 10);"
      case .number: "x[\(index)] = llround(strtod(f[\(index)], 0) * 100);"
      case .text(let count):
        """
        for (int i = 0; i < \(count); i++) if (!strcmp(f[\(index)], texts[i])) x[\(index)] = i;
        """
      }
    }.joined(separator: "\n    ")
    let texts = (0..<8).map { "\"value_\($0)\"" }.joined(separator: ", ")
    return c + """
      #include <math.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      static const char *outcomes[] = {\(outcomes)}, *texts[] = {\(texts)};
      int main(int argc, char **argv) {
        FILE *file = argc > 1 ? fopen(argv[1], "r") : 0;
        char *line = 0, *f[\(Self.inputs.count)];
        size_t size = 0;
        long row = 0;
        if (!file || getline(&line, &size, file) < 0) return 1;
        puts("row,outcome,leaf");
        while (getline(&line, &size, file) > 0) {
          int64_t x[\(Self.inputs.count)] = {0};
          char *next = line;
          for (int i = 0; i < \(Self.inputs.count); i++) {
            f[i] = next;
            next += strcspn(next, ",\\n");
            *next++ = 0;
          }
          \(reading)
          int32_t found = leaf(x);
          printf("%ld,%s,L%d\\n", ++row, outcomes[found % \(Self.outcomes.count)], found);
        }
        return 0;
      }

      """
  }
}
