package chase.daemon.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleGpusTest {
  private static VisibleGpus visible(String cuda) {
    return VisibleGpus.of(Optional.empty(), Optional.of(cuda));
  }

  @Test
  void anOptionGoesBeforeTheEnvironment() {
    assertThat(VisibleGpus.of(Optional.of("2, GPU-6e8a"), Optional.of("0")))
        .isEqualTo(new VisibleGpus.NamedGpus(List.of("2", "GPU-6e8a"), true));
  }

  @Test
  void withoutEitherTheyAreNotKnown() {
    assertThat(VisibleGpus.of(Optional.empty(), Optional.empty()))
        .isEqualTo(new VisibleGpus.UnknownGpus());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0,1 | 0;1", "3,-1,2 | 3", "GPU-6e8a0f6c | GPU-6e8a0f6c", "1,1,0 | 1;0"})
  void cudaSeesThoseBeforeTheFirstThatIsNone(String cuda, String names) {
    assertThat(visible(cuda))
        .isEqualTo(new VisibleGpus.NamedGpus(List.of(names.split(";")), false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | CUDA_VISIBLE_DEVICES hides every GPU",
        "-1 | CUDA_VISIBLE_DEVICES hides every GPU",
        "MIG-6e8a | CUDA_VISIBLE_DEVICES names a MIG device, which Chase only observes",
      })
  void hiddenGpusAreNoJobs(String cuda, String why) {
    assertThat(visible(cuda)).isEqualTo(new VisibleGpus.HiddenGpus(why));
  }

  @Test
  void anEmptyOptionIsAMistake() {
    assertThatThrownBy(() -> VisibleGpus.of(Optional.of(","), Optional.empty()))
        .hasMessage("--gpus names no GPU");
  }
}
