package chase.daemon.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Two batch sizes: 16 needs 10 epochs, and 32, the owner's, needs 20 that cost the same each. */
class BatchSizeReplayCommandTest {
  private static final String TRAIN =
      """
      dataset,network,batch_size,optimizer,learning_rate,run,target_metric,target_epoch
      toys,net,16,sgd,0.1,1,0.9,10
      toys,net,16,sgd,0.1,2,0.9,10
      toys,net,32,sgd,0.1,1,0.9,20
      toys,net,64,sgd,0.1,1,0.9,
      """;
  private static final String POWER =
      """
      dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power
      toys,net,16,sgd,100,110,90
      toys,net,16,sgd,200,100,180
      toys,net,32,sgd,100,110,90
      toys,net,32,sgd,200,100,180
      toys,net,64,sgd,100,110,90
      toys,net,64,sgd,200,100,180
      """;
  private static final String JOB =
      "--dataset toys --network net --optimizer sgd --target 0.9 --higher-is-better"
          + " --max-epochs 40 --default 32";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path train;
  private final Path power;

  BatchSizeReplayCommandTest(@TempDir Path directory) {
    train = directory.resolve("train.csv");
    power = directory.resolve("power.csv");
  }

  @BeforeEach
  void write() throws IOException {
    Files.writeString(train, TRAIN);
    Files.writeString(power, POWER);
  }

  private int simulate(String options) {
    List<String> args = new ArrayList<>(List.of("batch-size"));
    args.addAll(List.of("--train", train.toString(), "--power", power.toString()));
    args.addAll(List.of(options.split(" ", -1)));
    return new CommandLine(new SimulateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args.toArray(String[]::new));
  }

  private JsonNode json(String options) throws IOException {
    assertThat(simulate(options + " --format json")).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void bothPoliciesFindTheBatchSizeAndTheLimitThatCostLeast() throws IOException {
    JsonNode rows = json(JOB + " --seeds 2 --recurrences 20");
    assertThat(rows).hasSize(4);
    for (JsonNode row : rows) {
      assertThat(row.get("policy").asText()).isIn("zeus", "chase");
      assertThat(row.get("seed").asInt()).isBetween(1, 2);
      assertThat(row.get("energy_joules_last5").asDouble()).isEqualTo(10 * 110 * 90.0);
      assertThat(row.get("seconds_last5").asDouble()).isEqualTo(10 * 110.0);
      assertThat(row.get("energy_saving").asDouble())
          .isCloseTo(1 - 10 * 110 * 90 / (20 * 100 * 180.0), within(1e-4));
      assertThat(row.get("time_saving").asDouble())
          .isCloseTo(1 - 10 * 110 / (20 * 100.0), within(1e-4));
      assertThat(row.get("cumulative_energy_saving").asDouble())
          .isPositive()
          .isLessThan(row.get("energy_saving").asDouble());
      assertThat(row.get("regret").asDouble()).isBetween(1.0, 20.0);
    }
  }

  @Test
  void aSeedIsTheSameAgain() throws IOException {
    JsonNode once = json(JOB + " --seeds 3 --policy chase");
    out.getBuffer().setLength(0);
    assertThat(json(JOB + " --seeds 3 --policy chase")).isEqualTo(once);
  }

  @Test
  void theTableNamesItsFilesItsBasisAndTheOptimum() {
    assertThat(simulate(JOB + " --seeds 2")).isZero();
    assertThat(out.toString())
        .contains("Simulated from train.csv and power.csv", "seeds 1 to 2", "eta 0.5,\nbeta 2")
        .contains("batch size 32 at 200 W at full power", "the optimum, batch size 16 at 100 W");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --workload bert            | 'bert' is not one of deepspeech2, bert-qa
          --workload neumf           | train.csv
          --dataset toys             | without --workload, --network is needed
          --workload neumf --dataset x | give one or the others
          """)
  void aJobThatIsNotOnRecordIsRefused(String options, String message) {
    assertThat(simulate(options)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --eta 1.5                  | --eta
          --eta NaN                  | --eta
          --beta 0                   | --beta must be above 0
          --beta soon                | --beta: 'soon' is neither a number nor none
          --recurrences 0            | --recurrences must lie in 1 to
          --seeds 0                  | --seeds must lie in 1 to
          --policy best              | 'best' is not one of
          --format html              | 'html' is not one of table, wide, json
          --default 48               | the default batch size 48 is not one of [16, 32, 64]
          --default 64               | the default batch size 64 never reaches the target
          --target 0.99              | 0.99
          --max-epochs 5             | no batch size on record reaches the target
          --max-epochs 0             | must be >= 1: 0
          --train nowhere.csv        | nowhere.csv: no such file
          --train /                  | /
          """)
  void whatCannotBeReplayedIsRefused(String options, String message) {
    String option = options.split(" ", -1)[0];
    String job = JOB.replaceAll(option + " [^ ]+", "").trim().replaceAll(" +", " ") + " " + options;
    if (option.equals("--train")) {
      List<String> args = new ArrayList<>(List.of("batch-size", "--power", power.toString()));
      args.addAll(List.of(job.split(" ", -1)));
      int code =
          new CommandLine(new SimulateCommand())
              .setErr(new PrintWriter(err))
              .execute(args.toArray(String[]::new));
      assertThat(code).isEqualTo(2);
    } else {
      assertThat(simulate(job)).isEqualTo(2);
    }
    assertThat(err.toString()).contains(message).doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          toys,net,16,sgd,0.1,1,0.9,10   | toys,net,16,sgd,0.1,1,0.9,ten  | train.csv:2
          toys,net,16,sgd,0.1,1,0.9,10   | toys,net,16,sgd,0.1,1,0.9,-3   | train.csv:2
          dataset,network                | dataset,net                    | train.csv
          toys,net,16,sgd,0.1,1,0.9,10   | toys,net                       | train.csv:2
          """)
  void aBadTrainingTraceNamesItsLine(String good, String bad, String message) throws IOException {
    Files.writeString(train, TRAIN.replaceFirst(good, bad));
    assertThat(simulate(JOB)).isEqualTo(2);
    assertThat(err.toString()).contains(message).doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sgd,100,110,90 | sgd,100,0,90    | power.csv:2
          sgd,100,110,90 | sgd,100,NaN,90  | power.csv:2
          sgd,100,110,90 | sgd,-5,110,90   | power.csv:2
          """)
  void aBadPowerTraceNamesItsLine(String good, String bad, String message) throws IOException {
    Files.writeString(power, POWER.replaceFirst(good, bad));
    assertThat(simulate(JOB)).isEqualTo(2);
    assertThat(err.toString()).contains(message).doesNotContain("Exception");
  }
}
