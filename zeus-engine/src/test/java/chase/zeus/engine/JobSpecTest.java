package chase.zeus.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSpecTest {
  private static final GpuId GPU = new GpuId("GPU-a");
  private static final Optional<Instant> DEADLINE =
      Optional.of(Instant.parse("2026-11-23T18:00:00Z"));

  private static JobSpec spec(
      String name,
      List<GpuId> gpus,
      Optional<Long> total,
      Optional<Instant> deadline,
      Optional<Watts> idle,
      Optional<Double> bound) {
    return new JobSpec(name, gpus, Optional.empty(), total, deadline, idle, bound);
  }

  private static JobSpec bounded(Optional<Double> bound, Optional<Instant> deadline) {
    return spec("a", List.of(GPU), Optional.of(9L), deadline, Optional.empty(), bound);
  }

  @Test
  void aBoundMakesTheJobsPolicyABudget() {
    assertThat(bounded(Optional.of(0.05), Optional.empty()).policy())
        .contains(PowerPolicy.budget(0.05));
  }

  @Test
  void aDeadlineAloneMakesItTheUsualBudget() {
    assertThat(bounded(Optional.empty(), DEADLINE).policy()).contains(PowerPolicy.budget(0.03));
    assertThat(bounded(Optional.empty(), Optional.empty()).policy()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, 3, Double.NaN, Double.POSITIVE_INFINITY})
  void anImpossibleBoundIsRefused(double bound) {
    assertThatThrownBy(() -> bounded(Optional.of(bound), Optional.empty()))
        .hasMessageContaining("a slowdown bound must lie in 0 to 1 (100 %): ");
  }

  @Test
  void aDeadlineNeedsATotalAndDeferringADeadline() {
    assertThatThrownBy(() ->
            spec("a", List.of(GPU), Optional.empty(), DEADLINE, Optional.empty(), Optional.empty()))
        .hasMessage("a deadline can only be kept when the total of steps is known");
    assertThatThrownBy(() ->
            spec(
                "a",
                List.of(GPU),
                Optional.of(9L),
                Optional.empty(),
                Optional.of(Watts.ZERO),
                Optional.empty()))
        .hasMessage("a deferrable job needs a deadline");
  }

  @Test
  void aJobNamesEachOfItsGpusOnce() {
    assertThatThrownBy(() -> plain("a", List.of(GPU, GPU))).hasMessage("GPU GPU-a is named twice");
    assertThatThrownBy(() -> plain("a", List.of())).hasMessage("a job needs at least one GPU");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\nb"})
  void aNameThatCannotBeReadIsRefused(String name) {
    assertThatThrownBy(() -> plain(name, List.of(GPU)))
        .hasMessage("a job's name has 1 to 100 printable characters");
  }

  @Test
  void anIdIsAWord() {
    assertThat(new JobId("a1.b_c-d")).hasToString("a1.b_c-d");
    assertThatThrownBy(() -> new JobId("a b")).isInstanceOf(IllegalArgumentException.class);
  }

  private static JobSpec plain(String name, List<GpuId> gpus) {
    return spec(name, gpus, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  void labelsAreKeptByKey() {
    assertThat(labelled(Map.of("team", "vision", "app.kubernetes-io_name", "", "1", "x")).labels())
        .containsExactlyEntriesOf(
            new TreeMap<>(Map.of("team", "vision", "app.kubernetes-io_name", "", "1", "x")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-team", "team.", "te am", "team/name", "t\u00e4am", "a\nb"})
  void aLabelThatCannotBeQueriedIsRefusedByName(String key) {
    assertThatThrownBy(() -> labelled(Map.of(key, "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label '" + key.replace('\n', '?') + "'");
  }

  @Test
  void tooManyLabelsAndTooLongOnesAreRefused() {
    Map<String, String> many = new TreeMap<>();
    IntStream.rangeClosed(1, 17).forEach(i -> many.put("l" + i, "x"));
    assertThatThrownBy(() -> labelled(many)).hasMessageContaining("at most 16 labels, not 17");
    assertThatThrownBy(() -> labelled(Map.of("k".repeat(64), "x"))).hasMessageContaining("1 to 63");
    assertThatThrownBy(() -> labelled(Map.of("team", "x".repeat(201))))
        .hasMessageContaining("label 'team': a value has at most 200");
    assertThatThrownBy(() -> labelled(Map.of("team", "a\nb"))).hasMessageContaining("label 'team'");
  }

  @Test
  void aKeyIsShortAndPrintable() {
    assertThat(keyed("7d9c").key()).contains("7d9c");
    for (String key : List.of("", " ", "a\nb", "k".repeat(101))) {
      assertThatThrownBy(() -> keyed(key)).hasMessageContaining("a registration's key");
    }
  }

  private static JobSpec labelled(Map<String, String> labels) {
    return spec(labels, Optional.empty());
  }

  private static JobSpec keyed(String key) {
    return spec(Map.of(), Optional.of(key));
  }

  private static JobSpec spec(Map<String, String> labels, Optional<String> key) {
    return new JobSpec(
        "a",
        List.of(GPU),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        labels,
        Optional.empty(),
        key);
  }
}
