import RuleProgram

/// The text of the `.h` file.
struct CHeader {
  let program: Program
  let names: CIdentifiers
  let options: CBackend.Options

  private var p: String { names.prefix }
  private var m: String { names.macro }

  /// The whole text.
  func text() -> String {
    var parts = [opening, constants, options.keysOnly ? keysOnlyNote : rowPart, keysPart, lookups]
    parts.append(
      """
      #ifdef __cplusplus
      }
      #endif

      #endif
      """)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var opening: String {
    """
    /* Rule set \(CText.comment(options.id)) \(CText.comment(options.version)) in C99, from its program
       sha256:\(program.digest).
       Emitted by \(CText.comment(options.generator)); do not edit. It allocates nothing, calls nothing, keeps no
       state: every function may be called from any thread. */
    #ifndef \(m)_H
    #define \(m)_H

    #include <stddef.h>
    #include <stdint.h>

    #ifdef __cplusplus
    extern "C" {
    #endif

    #define \(m)_ID \(CText.literal(options.id))
    #define \(m)_VERSION \(CText.literal(options.version))
    #define \(m)_PROGRAM_DIGEST "sha256:\(program.digest)"
    #define \(m)_GENERATOR \(CText.literal(options.generator))

    /* The answer instead of a leaf when a row can't be decided. */
    #define \(m)_REFUSED (-1)
    """
  }

  private var constants: String {
    var parts: [String] = []
    func add(_ what: String, _ constants: [String], _ notes: [String]) {
      guard !constants.isEmpty else { return }
      let items = zip(constants, notes).enumerated().map { index, item in
        "  \(item.0) = \(index)\(index + 1 < constants.count ? "," : "") /* \(CText.comment(item.1)) */"
      }
      parts.append("/* \(what) */\nenum {\n" + items.joined(separator: "\n") + "\n};")
    }
    add("Inputs", names.inputConstants, program.inputs.map(\.name))
    add("Slots: what splits look at", names.slotConstants, program.slots.map(describe))
    add(
      "Outcomes", names.outcomes,
      program.outcomes.map { $0.name + ($0.isAdverse ? ", adverse" : "") })
    add(
      "Outputs; their values are the evaluator's business, not this file's", names.outputs,
      program.outputs.map { "\($0.name), \($0.type.name)" })
    add("Reasons", names.reasons, program.reasons)
    add("Leaves", names.leaves, program.leaves.map(\.id))
    for (constants, what) in [
      (names.inputs, "INPUT"), (names.leaves, "LEAF"), (names.outcomes, "OUTCOME"),
      (names.reasons, "REASON"), (names.slotConstants, "SLOT"),
    ] {
      parts.append("#define \(m)_\(what)_COUNT \(constants.count)")
    }
    return parts.joined(separator: "\n")
  }

  private func describe(_ slot: Program.Slot) -> String {
    "\(program.name(of: slot)), \(slot.type.name): \(encoding(slot))"
  }

  /// How a slot's key is made, in words.
  private func encoding(_ slot: Program.Slot) -> String {
    let measure: String =
      switch slot.type {
      case .time: "seconds of the day, in UTC where there is an offset"
      case .dateTime: "seconds since 1970-01-01T00:00:00, in UTC where there is an offset"
      case .dayTimeDuration: "seconds"
      default: "the number"
      }
    switch slot.encoding {
    case .boolean: return "0 or 1"
    case .declared:
      guard case .input(let index) = slot.source else { return "the index" }
      let values = program.inputs[index].values.enumerated().map { "\($0) \($1)" }
      return "the index of the value: " + values.joined(separator: ", ")
    case .whole:
      return slot.type == .date ? "days since 1970-01-01" : "months"
    case .scaled(let digits):
      return "floor(x * 10^\(digits)) * 2, plus 1 if that cut something off, with x \(measure)"
    case .ranked(let constants):
      let list = constants.map { CText.comment($0.description) }.joined(separator: ", ")
      return
        "2 r for the constant number r (from 0), else 2 r - 1 with r constants below, of: \(list)"
    }
  }

  private var rowPart: String {
    let texts =
      """
      /* A text in UTF-8; missing when bytes is NULL. */
      typedef struct { const char *bytes; size_t length; } \(p)_text;

      /* The text that ends at the first zero byte. */
      static inline \(p)_text \(p)_text_of(const char *bytes) {
        \(p)_text text;
        text.bytes = bytes;
        text.length = 0;
        if (bytes) while (bytes[text.length]) text.length++;
        return text;
      }


      """
    let fields =
      program.inputs.isEmpty
      ? ["  char none; /* the rule set has no inputs */"]
      : zip(names.inputs, program.inputs).map { name, input in
        "  \(Self.fieldType(input, p)) \(name); /* \(note(input)) */"
      }
    return """
      /* One row. Numbers are doubles: each stands for the shortest decimal that reads back as it, so
         0.1 is exactly a tenth; missing as NaN (do not compile with -ffast-math). Booleans are 0 and 1;
         missing as -1. Dates are days since 1970-01-01. Durations in years and months are months.
         Times are nanoseconds since midnight, dates with time nanoseconds since 1970-01-01T00:00:00
         (1677-09-21 to 2262-04-11), durations in days and time nanoseconds. A time that needs an offset
         from UTC is given in UTC: its local time less its offset, which may be below 0 or beyond a day.
         A missing integer is \(m)_MISSING; INT64_MAX is no value, and neither are infinities. */
      #define \(m)_MISSING INT64_MIN
      \(hasTexts ? texts : "")typedef struct {
      \(fields.joined(separator: "\n"))
      } \(p)_inputs;

      /* The leaf of a row, or \(m)_REFUSED: an input is missing, of a wrong value or out of bounds. */
      int32_t \(p)_leaf_of(const \(p)_inputs *row);

      /* The first input for which a row is refused, or -1. */
      int32_t \(p)_refused_input(const \(p)_inputs *row);
      """
  }

  /// Whether a row has texts, or an expression compares constant ones.
  private var hasTexts: Bool {
    program.inputs.contains { $0.type == .string }
      || program.constants.contains { $0.type == .string }
  }

  private static func fieldType(_ input: Program.Input, _ prefix: String) -> String {
    switch input.type {
    case .number: "double"
    case .string: "\(prefix)_text"
    case .boolean: "int8_t"
    default: "int64_t"
    }
  }

  private func note(_ input: Program.Input) -> String {
    var note = input.type.name
    switch input.offset {
    case .forbidden: note += ", local"
    case .required: note += ", in UTC"
    case .any: break
    }
    if let minimum = input.minimum { note += ", from \(minimum)" }
    if let maximum = input.maximum { note += ", up to \(maximum)" }
    if !input.values.isEmpty { note += ", one of: " + input.values.joined(separator: ", ") }
    if input.allowsMissing { note += ", may be missing" }
    return CText.comment(note)
  }

  private var keysOnlyNote: String {
    """
    /* Emitted for keys only: the caller checks the inputs, computes the derived values and encodes
       each slot as said above. */
    """
  }

  private var keysPart: String {
    """
    /* The leaf of a row given as one key for each slot, INT64_MIN where the value is missing; the
       keys are made as said at the slots, and are not checked against the inputs' bounds.
       \(m)_REFUSED for a missing value that no branch takes, or a key that is no index. */
    int32_t \(p)_leaf(const int64_t *keys);

    /* The same for many rows: columns[slot][row]. */
    void \(p)_leaf_batch(const int64_t *const *columns, size_t rows, int32_t *leaves);
    """
  }

  private var lookups: String {
    """
    /* What a leaf means; NULL, -1 or 0 for a number that is no leaf (outcome, reason). */
    const char *\(p)_leaf_id(int32_t leaf);
    int32_t \(p)_leaf_outcome(int32_t leaf);
    int \(p)_leaf_is_adverse(int32_t leaf);
    const char *\(p)_outcome_name(int32_t outcome);
    /* The number of reasons of a leaf; *reasons becomes the first of them, the principal one. */
    int32_t \(p)_leaf_reasons(int32_t leaf, const int32_t **reasons);
    const char *\(p)_reason_code(int32_t reason);
    /* The constants above, for callers that can't read this file. */
    const char *\(p)_version(void);
    const char *\(p)_program_digest(void);
    """
  }
}
