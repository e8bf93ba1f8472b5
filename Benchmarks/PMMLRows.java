import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jpmml.evaluator.Evaluator;
import org.jpmml.evaluator.EvaluatorUtil;
import org.jpmml.evaluator.InputField;
import org.jpmml.evaluator.LoadingModelEvaluatorBuilder;

/**
 * Evaluates a PMML model over the rows of a CSV file, one call a row.
 *
 * <p>Usage: PMMLRows MODEL.pmml ROWS.csv ROUNDS ROWCOUNT. Prints the processor seconds of each round
 * on one line, then the answer of each row on its own.
 */
class PMMLRows {
  public static void main(String[] arguments) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    Evaluator evaluator =
        new LoadingModelEvaluatorBuilder().load(new File(arguments[0])).build();
    evaluator.verify();
    String target = evaluator.getTargetFields().get(0).getName();
    List<String> lines = Files.readAllLines(Path.of(arguments[1]));
    String[] names = lines.get(0).split(",");
    List<Map<String, Object>> rows = new ArrayList<>();
    int count = Math.min(Integer.parseInt(arguments[3]), lines.size() - 1);
    for (String line : lines.subList(1, count + 1)) {
      String[] cells = line.split(",");
      Map<String, Object> row = new HashMap<>();
      for (int i = 0; i < names.length; i++) {
        row.put(names[i], i < 10 ? (Object) Double.valueOf(cells[i]) : cells[i]);
      }
      rows.add(row);
    }
    String[] answers = new String[rows.size()];
    StringBuilder times = new StringBuilder();
    int rounds = Integer.parseInt(arguments[2]);
    // The first rounds let the compiler do its work.
    for (int round = -5; round < rounds; round++) {
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < answers.length; i++) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (InputField field : evaluator.getInputFields()) {
          values.put(field.getName(), field.prepare(rows.get(i).get(field.getName())));
        }
        answers[i] = String.valueOf(EvaluatorUtil.decode(evaluator.evaluate(values).get(target)));
      }
      if (round >= 0) times.append((threads.getCurrentThreadCpuTime() - start) / 1e9).append(' ');
    }
    System.out.println(times);
    System.out.println(String.join("\n", answers));
  }
}
