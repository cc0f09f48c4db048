package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.Against;
import chase.daemon.api.ReportBody.BasisBody;
import chase.daemon.api.ReportBody.LineBody;
import chase.daemon.api.ReportBody.Used;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoResultTest {
  private static LineBody line(String job, Optional<Double> full, Optional<Double> blind) {
    return new LineBody(
        Optional.of(job),
        Optional.empty(),
        Optional.empty(),
        120,
        Optional.empty(),
        Optional.of(0.095),
        new Used(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        full.map(ratio -> Map.of("grams", new Against(1, 1, Optional.of(ratio)))),
        blind.map(ratio -> Map.of("grams", new Against(1, 1, Optional.of(ratio)))),
        List.of(),
        new BasisBody(List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
  }

  private static List<String> lines(LineBody total, LineBody... jobs) {
    return DemoResult.lines(
        new ReportBody(
            "label:demo",
            Optional.empty(),
            Instant.EPOCH,
            true,
            List.of(jobs),
            0,
            total,
            "method"));
  }

  @Test
  void theResultNamesBothComparisonsTheSlowdownAndThatItIsSimulated() {
    LineBody total = line("", Optional.of(0.212), Optional.of(0.061));
    assertThat(lines(total, line("bert", Optional.of(0.3), Optional.of(0.1))))
        .containsExactly(
            "SIMULATED result of both jobs, GPUs alone: 21.2 % less CO2 than at full power, 6.1 %"
                + " less than a plan as slow that ignores the grid, 9.5 % slower than at full"
                + " power",
            "  bert: 30.0 % less CO2 than at full power, 10.0 % less than a plan as slow that"
                + " ignores the grid, 9.5 % slower than at full power");
  }

  @Test
  void aSmallSavingIsCalledSmallAndALossALoss() {
    assertThat(lines(line("", Optional.of(0.16), Optional.of(0.006))).getFirst())
        .contains("0.6 % less than a plan as slow that ignores the grid (small)");
    assertThat(lines(line("", Optional.of(-0.02), Optional.of(-0.03))).getFirst())
        .contains("2.0 % more CO2 than at full power", "3.0 % more than a plan");
  }

  @Test
  void whatWasNotComparedIsNotMadeUp() {
    assertThat(lines(line("", Optional.empty(), Optional.empty())))
        .containsExactly(
            "SIMULATED result: none yet; the jobs can be compared after half a minute");
    assertThat(
            lines(
                line("", Optional.of(0.1), Optional.empty()),
                line("bert", Optional.empty(), Optional.empty())))
        .last()
        .isEqualTo("  bert: not measured long enough to be compared");
  }
}
