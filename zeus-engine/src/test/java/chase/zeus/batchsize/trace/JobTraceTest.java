package chase.zeus.batchsize.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.TargetMetric;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobTraceTest {
  private static final String TRAIN =
      """
      dataset,network,batch_size,optimizer,target_metric,target_epoch
      d,n,16,o,0.5,4
      d,n,16,o,0.5,
      d,n,32,o,0.5,3
      d,n,64,o,0.5,
      """;
  private static final String POWER =
      """
      dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power
      d,n,16,o,100,12,90
      d,n,16,o,200,10,150
      d,n,32,o,200,8,160
      d,n,64,o,200,7,170
      """;

  private static TracedJob job(double target, int defaultBatchSize) {
    return new TracedJob("d", "n", "o", new TargetMetric(target, true), 10, defaultBatchSize);
  }

  private static JobTrace read(TracedJob job, String train, String power) {
    return JobTrace.read(job, "train.csv", train, "power.csv", power);
  }

  @Test
  void aRunWithoutAnEpochNeverReachedItsTarget() {
    JobTrace trace = read(job(0.5, 16), TRAIN, POWER);
    assertThat(trace.batchSizes()).containsExactly(16, 32, 64);
    assertThat(trace.size(16).epochs()).isEqualTo(List.of(Optional.of(4), Optional.empty()));
    assertThat(trace.maxPower().value()).isEqualTo(200);
  }

  static Stream<Arguments> badTraces() {
    return Stream.of(
        Arguments.of(
            "train.csv:3: target_epoch must be above 0: -4", "16,o,0.5,\n", "16,o,0.5,-4\n"),
        Arguments.of(
            "train.csv:2: target_epoch must be a whole number: 4.5", "0.5,4\n", "0.5,4.5\n"),
        Arguments.of("train.csv:2: target_metric is not a number: 'good'", "0.5,4\n", "good,4\n"),
        Arguments.of("train.csv:2: expected 6 columns, found 5", "d,n,16,o,0.5,4", "n,16,o,0.5,4"),
        Arguments.of("train.csv:1: the header has no column target_epoch", "target_epoch", "epoch"),
        Arguments.of("power.csv:2: average_power must be above 0: -90", "100,12,90", "100,12,-90"),
        Arguments.of(
            "power.csv:2: time_per_epoch is not a number: 'NaN'", "100,12,90", "100,NaN,90"));
  }

  @ParameterizedTest
  @MethodSource("badTraces")
  void aBadLineIsNamed(String message, String good, String bad) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(job(0.5, 16), TRAIN.replace(good, bad), POWER.replace(good, bad)))
        .withMessage(message);
  }

  @Test
  void aTargetThatIsNotOnRecordIsNamedBesideThoseThatAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(job(0.6, 16), TRAIN, POWER))
        .withMessageContaining("no target 0.6")
        .withMessageContaining("[0.5]");
  }

  @Test
  void aJobThatCannotBeReplayedIsRefused() {
    refused(job(0.5, 48), "the default batch size 48 is not one of [16, 32, 64]");
    refused(job(0.5, 64), "the default batch size 64 never reaches the target 0.5");
    TracedJob tooShort = new TracedJob("d", "n", "o", new TargetMetric(0.5, true), 2, 16);
    refused(tooShort, "no batch size on record reaches the target 0.5 within 2 epochs");
  }

  private static void refused(TracedJob job, String words) {
    JobTrace trace = read(job, TRAIN, POWER);
    EnergyTimeCost cost = new EnergyTimeCost(0.5, trace.maxPower());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TraceReplay(trace, cost, Optional.of(2.0)))
        .withMessageContaining(words);
  }
}
